#!/usr/bin/env python3
"""MB/s at which each peer decodes a profile buffer, dates and numbers included, as one JSON object.

Needs what scripts/interop --fetch-only has built. Pinned to one processor, warmed up, one peer after the other.
"""
import argparse
import json
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--peers", required=True)
    p.add_argument("--profile", required=True, help="octets of the buffer")
    p.add_argument("--seconds", type=float, default=2)
    options = p.parse_args()
    peers = pathlib.Path(options.peers)
    java = ["taskset", "-c", "0", "java", "-Duser.timezone=UTC", "-cp"]
    python = ["taskset", "-c", "0", str(peers / "python/bin/python"), str(HERE / "peers/python/decode.py")]
    programs = {
        "jdlms": java + [f"{peers}/jdlms/classes:{peers}/jdlms/lib/*", "JdlmsDecode"],
        "gurux-java": java + [f"{peers}/gurux/classes:{peers}/gurux/lib/*", "GuruxDecode"],
        "gurux-python": python + ["gurux"],
        "dlms-cosem": python + ["dlms-cosem"],
    }
    out = {}
    for name, program in programs.items():
        try:
            run = subprocess.run(program + [options.profile, str(options.seconds)], capture_output=True, text=True, timeout=120)
            out[name] = json.loads(run.stdout.strip().splitlines()[-1])["mb_per_second"]
        except (OSError, subprocess.TimeoutExpired, ValueError, IndexError, KeyError) as error:
            print(f"decode_rates: {name}: {error!r}", file=sys.stderr)
    print(json.dumps(out))
    return 0


if __name__ == "__main__":
    sys.exit(main())
