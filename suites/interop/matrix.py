#!/usr/bin/env python3
"""Runs DLMS clients against DLMS servers, each in a process of its own on loopback, and prints who understands whom.

Every client takes the same options and prints the same JSON object (see peers/python/common.py), so one table of
expectations judges them all. A cell is ok, WRONG, peer (a fault of the peer that known_faults.py names) or - (not run).
"""
import argparse
import contextlib
import datetime
import json
import pathlib
import subprocess
import sys
import tempfile
import time

import our_meter
import peer_meter
from known_faults import NOT_ASKED, NOT_RUN, known_fault, matching

HERE = pathlib.Path(__file__).resolve().parent
WHAT = ["associate", "clock", "energy", "voltage", "profile", "by range", "by entry", "list", "set", "set blocks", "release"]
AUTHENTICATIONS = {"none": 16, "lls": 32, "hls_gmac": 1}

class Process:
    """A peer as a separate process; ended through its standard input, by its own pid if that does not help."""

    def __init__(self, name, arguments, errors):
        self.name = name
        self.errors = open(errors, "wb")
        self.process = subprocess.Popen(
            arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors, start_new_session=True)
        line = self.process.stdout.readline().decode().split()
        if len(line) < 2 or line[0] != "READY":
            raise RuntimeError(f"{name} did not start, see {errors}")
        self.ready = line[1:]

    def end(self):
        self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.errors.close()


def run_client(arguments, deadline):
    """The JSON object a client prints; {"error": ...} when it does not."""
    try:
        done = subprocess.run(arguments, stdin=subprocess.DEVNULL, capture_output=True, timeout=deadline)
    except subprocess.TimeoutExpired:
        return {"error": f"no result within {deadline} s"}
    lines = done.stdout.decode(errors="replace").strip().splitlines()
    try:
        return json.loads(lines[-1])
    except (IndexError, ValueError):
        return {"error": (done.stderr.decode(errors="replace").strip().splitlines() or ["no output"])[-1]}


class Matrix:
    def __init__(self):
        self.cells = []

    def add(self, server, client, framing, authentication, verdicts, error=None):
        for what in WHAT:
            if what not in verdicts:
                continue
            reason = verdicts[what]
            if reason and error and reason in ("not associated", "not read", "not released"):
                reason = error
            fault = known_fault((server, client, framing, authentication, what), reason) if reason else None
            state = "ok" if reason is None else "peer" if fault else "WRONG"
            self.cells.append({
                "server": server, "client": client, "framing": framing, "authentication": authentication, "what": what,
                "state": state, "reason": (fault if state == "peer" else reason) or ""})

    def skip(self, server, client, framing, authentication, reason):
        self.cells.append({
            "server": server, "client": client, "framing": framing, "authentication": authentication, "what": "*",
            "state": "-", "reason": reason})

    def show(self):
        columns = f"{'server':<16}{'client':<16}{'framing':<9}{'auth.':<10}"
        print(columns + "".join(f"{what:<11}" for what in WHAT))
        seen, reasons = [], []
        for cell in self.cells:
            key = tuple(cell[k] for k in ("server", "client", "framing", "authentication"))
            if key not in seen:
                seen.append(key)
        for key in seen:
            mine = {c["what"]: c for c in self.cells
                    if tuple(c[k] for k in ("server", "client", "framing", "authentication")) == key}
            text = f"{key[0]:<16}{key[1]:<16}{key[2]:<9}{key[3]:<10}"
            for what in WHAT:
                cell = mine.get(what) or mine.get("*")
                note = ""
                if cell is None:
                    cell = {"state": ".", "reason": matching(NOT_ASKED, key + (what,))}
                if cell["reason"]:
                    if cell["reason"] not in reasons:
                        reasons.append(cell["reason"])
                    note = f" [{reasons.index(cell['reason']) + 1}]"
                text += f"{cell['state'] + note:<11}"
            print(text.rstrip())
        for i, reason in enumerate(reasons):
            print(f"[{i + 1}] {reason}")

    def wrong(self):
        return [c for c in self.cells if c["state"] == "WRONG"]


def secrets(folder):
    """The secret files of the peer meter; the options that name them."""
    files = {"password": "Interop1", "encryption-key": bytes(range(16)).hex(),
             "authentication-key": bytes(range(0xD0, 0xE0)).hex()}
    arguments = []
    for name, text in files.items():
        path = folder / f"{name}.secret"
        path.write_text(text)
        path.chmod(0o600)
        arguments += [f"--{name}", str(path)]
    return arguments


def read_peer_servers(matrix, options, peers, servers, clients, selections):
    with tempfile.TemporaryDirectory(prefix="meterproof-interop-") as folder:
        keys = secrets(pathlib.Path(folder))
        counter = 1000
        for server, command in servers.items():
            entries = selections[server]
            for framing in ("wrapper", "hdlc"):
                process = Process(server, command(framing), peers / f"{server}.{framing}.log")
                try:
                    for client, program in clients.items():
                        for authentication, sap in AUTHENTICATIONS.items():
                            reason = matching(NOT_RUN, (server, client, framing, authentication))
                            if reason:
                                matrix.skip(server, client, framing, authentication, reason)
                                continue
                            counter += 1000
                            more = ["--list", "--write", "0.0.96.1.5.255", "--write-octets", "3000"]
                            out = run_client(program + [
                                "--link", f"tcp://127.0.0.1:{process.ready[0]}", "--framing", framing, "--auth",
                                authentication, "--client", str(sap), "--invocation-counter", str(counter), "--read",
                                "clock", "--read", "register:1.0.1.8.0.255", "--read", "register:1.0.32.7.0.255", "--read",
                                "profile:1.0.99.1.0.255", "--entries", f"{entries[0]},{entries[1]}", "--range",
                                "2025-06-03T00:00:00,2025-06-03T23:45:00"] + keys + (more if client == "meterproof" else []),
                                options.timeout)
                            out["asked_more"] = client == "meterproof"
                            matrix.add(server, client, framing, authentication, peer_meter.judge(out, entries), out.get("error"))
                finally:
                    process.end()

def read_simulated_meter(matrix, options, clients):
    """Foreign clients against the simulated meter, which nobody else wrote."""
    with tempfile.TemporaryDirectory(prefix="meterproof-interop-") as folder:
        types = HERE.parent.parent / "devices" / "types"
        process = Process("meterproof-world", [options.simulator, folder, "--types", str(types), "--exit-with-parent"],
                          pathlib.Path(folder) / "world.log")
        try:
            meter = our_meter.Meter(process.ready[0])
            our_meter.energise(meter.source)
            counter = 0

            def ask(client, link, framing, authentication, more):
                nonlocal counter
                counter += 100000
                return run_client(clients[client] + ["--link", link, "--framing", framing, "--auth", authentication,
                                                     "--invocation-counter", str(counter)]
                                  + meter.access[authentication] + more, options.timeout)

            def own():
                """The harness's own reading, repeated while the meter boots."""
                deadline = time.monotonic() + 20
                while True:
                    out = ask("meterproof", meter.links["wrapper"], "wrapper", "lls",
                              our_meter.readings("none") + ["--read", "register:1.0.1.8.0.255"])
                    if "error" not in out or time.monotonic() > deadline:
                        return out

            for framing in ("wrapper", "hdlc"):
                for client in clients:
                    for authentication in AUTHENTICATIONS:
                        before = own()
                        if "error" in before:
                            raise RuntimeError(f"the harness's own client cannot read the simulated meter: {before['error']}")
                        stop = our_meter.when(before["clock"])
                        start = (stop - datetime.timedelta(hours=12)).isoformat()
                        asked = our_meter.readings(authentication)
                        if authentication != "none":
                            asked += ["--range", f"{start},{stop.isoformat()}"]
                        with contextlib.ExitStack() as stack:
                            link = meter.links[framing]
                            if framing == "hdlc" and client == "jdlms":
                                link = stack.enter_context(our_meter.relay_to_pty(link.removeprefix("pty://").split("?")[0]))
                            out = ask(client, link, framing, authentication, asked)
                        if authentication != "none":
                            out["range"] = [start, stop.isoformat()]
                        matrix.add("meterproof", client, framing, authentication,
                                   our_meter.judge(out, before, own(), authentication), out.get("error"))
        finally:
            process.end()


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--peers", required=True, help="folder in which scripts/interop has built the peers")
    p.add_argument("--harness", help="the program meterproof-interop; without it the peers are run against each other only")
    p.add_argument("--simulator", help="the program meterproof-world; without it nobody reads the simulated meter")
    p.add_argument("--report", help="write the cells here, as JSON")
    p.add_argument("--only", help="only this client")
    p.add_argument("--timeout", type=float, default=60, help="seconds for one client")
    options = p.parse_args()
    peers = pathlib.Path(options.peers)
    java = ["java", "-Xshare:auto", "-XX:TieredStopAtLevel=1", "-Duser.timezone=UTC"]

    servers = {
        "gurux-java": lambda framing: java + ["-cp", f"{peers}/gurux/classes:{peers}/gurux/lib/*", "GuruxServer", framing, "0"],
        "jdlms": lambda framing: java + ["-cp", f"{peers}/jdlms/classes:{peers}/jdlms/lib/*", "JdlmsServer", framing, "0"],
    }
    python = str(peers / "python" / "bin" / "python")
    clients = {
        "gurux-python": [python, str(HERE / "peers/python/gurux_client.py")],
        "dlms-cosem": [python, str(HERE / "peers/python/dlms_cosem_client.py")],
        "jdlms": java + ["-cp", f"{peers}/jdlms/classes:{peers}/jdlms/lib/*", "JdlmsClient"],
    }
    if options.harness:
        clients["meterproof"] = [options.harness]
    if options.only:
        clients = {options.only: clients[options.only]}

    # Gurux' server takes to_entry of the entry descriptor for a count, so only a selection from entry 1 on means the same to
    # both of its readings.
    selections = {"gurux-java": (1, 10), "jdlms": (11, 10)}
    matrix = Matrix()
    read_peer_servers(matrix, options, peers, servers, clients, selections)
    if options.simulator:
        read_simulated_meter(matrix, options, clients)
    matrix.show()
    if options.report:
        pathlib.Path(options.report).write_text(json.dumps(matrix.cells, indent=1) + "\n")
    return 1 if matrix.wrong() else 0


if __name__ == "__main__":
    sys.exit(main())
