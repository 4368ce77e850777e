#!/usr/bin/env python3
"""GET per second of every client against every server over the wrapper on loopback, both ends pinned to one processor.

Needs what scripts/interop has built. Across processors the wake-up cost of a virtual machine would hide the software.
"""
import argparse
import pathlib
import sys
import tempfile

from processes import Process, run_client
from settings import SETTINGS, Secrets

HERE = pathlib.Path(__file__).resolve().parent

GETS = {"meterproof": 20000, "jdlms": 20000, "gurux-python": 2000, "dlms-cosem": 2000}


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--peers", required=True)
    p.add_argument("--harness", required=True)
    p.add_argument("--runs", type=int, default=3, help="the median counts")
    options = p.parse_args()
    peers = pathlib.Path(options.peers)
    pinned = ["taskset", "-c", "0"]
    java = pinned + ["java", "-Duser.timezone=UTC"]
    python = pinned + [str(peers / "python" / "bin" / "python")]
    servers = {"jdlms": ("jdlms", "JdlmsServer"), "gurux-java": ("gurux", "GuruxServer")}
    clients = {
        "meterproof": pinned + [options.harness],
        "jdlms": java + ["-cp", f"{peers}/jdlms/classes:{peers}/jdlms/lib/*", "JdlmsClient"],
        "gurux-python": python + [str(HERE / "peers/python/gurux_client.py")],
        "dlms-cosem": python + [str(HERE / "peers/python/dlms_cosem_client.py")],
    }
    print(f"{'server':<12}{'client':<14}{'setting':<12}{'GET/s':>10}  meterproof is")
    with tempfile.TemporaryDirectory(prefix="meterproof-rates-") as folder:
        secrets = Secrets(pathlib.Path(folder))
        counter = 0
        for server, (place, name) in servers.items():
            process = Process(
                server, java + ["-cp", f"{peers}/{place}/classes:{peers}/{place}/lib/*", name] + ([str(secrets.curves)] if server == "gurux-java" else []) + ["wrapper"],
                pathlib.Path(folder) / "server.log")
            try:
                for authentication in ("none", "GMAC glo s0"):
                    own = None
                    for client, program in clients.items():
                        if (server, client) == ("jdlms", "dlms-cosem"):
                            continue  # they do not associate, see known_faults.py
                        rates, error = [], None
                        for _ in range(options.runs):
                            counter += 100000
                            out = run_client(program + [
                                "--link", f"tcp://127.0.0.1:{process.ports()['wrapper']}", "--framing", "wrapper", "--invocation-counter", str(counter), "--repeat",
                                str(GETS[client])] + secrets.options(SETTINGS[authentication]), 120)
                            if "gets_per_second" in out:
                                rates.append(out["gets_per_second"])
                            else:
                                error = out.get("error", "no rate")
                        if not rates:
                            print(f"{server:<12}{client:<14}{authentication:<12}{'-':>10}  {error}")
                            continue
                        rate = sorted(rates)[len(rates) // 2]
                        own = rate if client == "meterproof" else own
                        ratio = "" if client == "meterproof" or not own else f"{own / rate:.2f} x this peer"
                        print(f"{server:<12}{client:<14}{authentication:<12}{rate:>10.0f}  {ratio}", flush=True)
            finally:
                process.end()
    return 0


if __name__ == "__main__":
    sys.exit(main())
