"""What the Python peers share: arguments, links, secrets from files, one JSON object on standard output."""
import argparse
import json
import socket
import sys
import threading
import time
import traceback


def secret(path):
    """The octets of a secret file: 32 or 64 hex digits are a key, anything else is text."""
    with open(path, "rb") as file:
        raw = file.read().strip()
    try:
        key = bytes.fromhex(raw.decode("ascii"))
        if len(key) in (16, 32):
            return key
    except ValueError:
        pass
    return raw


class TcpLink:
    def __init__(self, host, port, timeout):
        self.socket = socket.create_connection((host, port), timeout)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def write(self, data):
        self.socket.sendall(data)

    def read(self):
        data = self.socket.recv(65536)
        if not data:
            raise ConnectionError("the meter closed the connection")
        return data


class PtyLink:
    def __init__(self, path, timeout):
        import serial

        self.port = serial.Serial(path, 9600, timeout=timeout)

    def write(self, data):
        self.port.write(data)
        self.port.flush()

    def read(self):
        data = self.port.read(1)
        if not data:
            raise TimeoutError("the meter is silent")
        return data + self.port.read(self.port.in_waiting)


def open_link(url, timeout):
    scheme, _, rest = url.partition("://")
    rest = rest.split("?")[0]
    if scheme == "tcp":
        host, _, port = rest.rpartition(":")
        return TcpLink(host, int(port), timeout)
    if scheme == "pty":
        return PtyLink(rest, timeout)
    raise SystemExit(f"unknown link {url}")


def stamp(value):
    return value.replace(tzinfo=None).isoformat(timespec="seconds") if hasattr(value, "isoformat") else str(value)


def rate(count, request):
    for _ in range(min(count, 200)):
        request()
    start = time.perf_counter()
    for _ in range(count):
        request()
    return round(count / (time.perf_counter() - start), 1)


def parser():
    p = argparse.ArgumentParser(description="reads a DLMS meter with a client that Meterproof did not write")
    p.add_argument("--link", required=True, help="tcp://127.0.0.1:4059 or pty:///dev/pts/3")
    p.add_argument("--framing", choices=["wrapper", "hdlc"], required=True)
    p.add_argument("--auth", default="none")
    p.add_argument("--form", default="plain", help="plain, glo, ded, general-glo, general-ded, general-signing ...")
    p.add_argument("--suite", type=int, default=0)
    p.add_argument("--keys", help="folder of the curve keys")
    p.add_argument("--gbt", type=int, default=0, help="propose general-block-transfer with this window")
    p.add_argument("--sn", action="store_true", help="short names")
    p.add_argument("--client", type=int, default=16)
    p.add_argument("--server", type=int, default=1)
    p.add_argument("--physical", type=int, default=17)
    p.add_argument("--server-size", type=int, default=0, help="octets of the HDLC server address, 0: the shortest")
    p.add_argument("--password", help="file")
    p.add_argument("--encryption-key", help="file")
    p.add_argument("--authentication-key", help="file")
    p.add_argument("--system-title", default="4D50524330303031")
    p.add_argument("--invocation-counter", type=int, default=1)
    p.add_argument("--max-pdu", type=int, default=1024)
    p.add_argument("--max-info", type=int, default=126, help="HDLC information field, octets")
    p.add_argument("--timeout", type=float, default=10)
    p.add_argument("--read", action="append", default=[],
                   help="clock, data:LN, register:LN or profile:LN; may be given again")
    p.add_argument("--entries", type=lambda s: [int(n) for n in s.split(",")], help="FIRST,COUNT")
    p.add_argument("--range", type=lambda s: s.split(","), help="FROM,TO in ISO 8601")
    p.add_argument("--list", action="store_true", help="read 1-0:1.8.0 and its scaler_unit in one request")
    p.add_argument("--write", action="store_true", help="write, read back and restore a text")
    p.add_argument("--write-octets", type=int, default=0, help="the same with a text of so many octets")
    p.add_argument("--text", default="0.0.96.1.5.255", help="logical name of the text")
    p.add_argument("--repeat", type=int, default=0, help="read 1-0:1.8.0 so often and print the rate")
    return p


def answer(run, arguments):
    """What run(options, out) has read before a failure, and the reason of the failure."""
    out = {}
    try:
        run(parser().parse_args(arguments), out)
    except Exception as failure:  # the reason belongs in the matrix, whatever it is
        out["error"] = f"{type(failure).__name__}: {failure}"
        traceback.print_exc()
    return out


def main(run):
    """One job from the command line; without arguments many: "id TAB option TAB value ..." in, "id TAB JSON" out."""
    results = sys.stdout
    sys.stdout = sys.stderr  # the libraries print remarks of their own
    if len(sys.argv) > 1:
        out = answer(run, sys.argv[1:])
        print(json.dumps(out), file=results)
        return 1 if "error" in out else 0

    def job(name, arguments):
        line = f"{name}\t{json.dumps(answer(run, arguments))}\n"
        with lock:
            results.write(line)
            results.flush()

    lock = threading.Lock()
    print("READY", file=results, flush=True)
    for line in sys.stdin:
        name, *arguments = line.rstrip("\n").split("\t")
        threading.Thread(target=job, args=(name, arguments), daemon=True).start()
    return 0
