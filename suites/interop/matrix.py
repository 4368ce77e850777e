#!/usr/bin/env python3
"""Runs DLMS clients against DLMS servers, each in a process of its own on loopback, and prints who understands whom.

Every client takes the same options and prints the same JSON object (see peers/python/common.py), so one table of
expectations judges them all. A cell is ok, WRONG, peer (a fault of the peer that known_faults.py names) or - (not run).
"""
import argparse
import contextlib
import json
import pathlib
import sys
import tempfile
import threading

import push
import simulated_meter
from foreign_servers import Readings
from processes import JobServer, Process, Program
from settings import SETTINGS, Secrets
from table import Table

HERE = pathlib.Path(__file__).resolve().parent
ORDER = ["gurux-java", "jdlms", "meterproof", "gurux-python", "dlms-cosem", "wrapper", "hdlc", *SETTINGS]


def start_clients(options, peers, stack):
    """The clients by name. The peers serve many jobs each."""
    commands = {
        "gurux-java": options.java + ["-cp", f"{peers}/gurux/classes:{peers}/gurux/lib/*", "GuruxClient"],
        "jdlms": options.java + ["-cp", f"{peers}/jdlms/classes:{peers}/jdlms/lib/*", "JdlmsClient"],
        "gurux-python": [f"{peers}/python/bin/python", str(HERE / "peers/python/gurux_client.py")],
        "dlms-cosem": [f"{peers}/python/bin/python", str(HERE / "peers/python/dlms_cosem_client.py")],
    }
    clients = {}
    if options.harness:
        clients["meterproof"] = Program([options.harness])
    for name, command in commands.items():
        if not options.only or options.only == name:
            clients[name] = JobServer(name, command, peers / f"{name}.client.log")
            stack.callback(clients[name].end)
    if options.only and options.only != "meterproof":
        clients.pop("meterproof", None)
    return clients


def start_servers(options, peers, secrets, stack):
    commands = {
        "gurux-java": options.java + ["-cp", f"{peers}/gurux/classes:{peers}/gurux/lib/*", "GuruxServer",
                                      str(secrets.curves)],
        "jdlms": options.java + ["-cp", f"{peers}/jdlms/classes:{peers}/jdlms/lib/*", "JdlmsServer", "wrapper", "hdlc"],
    }
    servers = {}
    for name, command in commands.items():
        servers[name] = Process(name, command, peers / f"{name}.server.log")
        stack.callback(servers[name].end)
    return servers


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--peers", required=True, help="folder in which scripts/interop has built the peers")
    p.add_argument("--harness", help="the program meterproof-interop; without it the peers are run against each other only")
    p.add_argument("--simulator", help="the program meterproof-world; without it nobody reads the simulated meter")
    p.add_argument("--report", help="write the cells here, as JSON")
    p.add_argument("--only", help="only this client")
    p.add_argument("--timeout", type=float, default=30, help="seconds for one client")
    options = p.parse_args()
    options.java = ["java", "-Xshare:auto", "-XX:TieredStopAtLevel=1", "-Duser.timezone=UTC"]
    peers = pathlib.Path(options.peers)
    table = Table()
    failures, meter_pushes = [], []

    def guarded(run, *arguments):
        try:
            run(*arguments)
        except Exception as failure:  # a thread must not take its reason with it
            failures.append(f"{run.__name__}: {type(failure).__name__}: {failure}")

    with contextlib.ExitStack() as stack:
        secrets = Secrets(pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="meterproof-interop-"))))
        servers = start_servers(options, peers, secrets, stack)
        clients = start_clients(options, peers, stack)
        readings = Readings(table, options, secrets, clients)
        threads = []
        for name, server in servers.items():
            for framing in ("wrapper", "hdlc"):
                threads.append(threading.Thread(target=guarded, args=(readings.all, name, server.ports(), framing)))
        if options.simulator and "meterproof" in clients:
            threads.append(threading.Thread(target=guarded, args=(simulated_meter.read, table, meter_pushes, options, clients)))
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        pushes = push.all_pushes(clients, secrets, options.timeout, meter_pushes)
    table.show(ORDER)
    push.show(pushes)
    for failure in failures:
        print(f"INTEROP FAILED: {failure}")
    if options.report:
        pathlib.Path(options.report).write_text(json.dumps({"cells": table.cells, "pushes": pushes}, indent=1) + "\n")
    # What two peers do not understand of each other, some of it now and then only, is shown; it judges nobody here.
    return 1 if table.wrong("meterproof" if "meterproof" in clients else None) or failures or any(c["state"] == "WRONG" for c in pushes) else 0


if __name__ == "__main__":
    sys.exit(main())
