"""The other direction: clients that nobody here wrote read the simulated meter of Meterproof's virtual bench.

The world runs as a process of its own; its bench.toml says where the meter is and where its secrets are. The source is
switched on over SCPI first, because a meter without voltage answers nobody.
"""
import contextlib
import datetime
import json
import os
import pathlib
import select
import socket
import tempfile
import threading
import time
import tomllib
import tty

from foreign_servers import WRITES
from peer_keys import CURVE_KEYS
from known_faults import INTERMITTENT, NOT_RUN, matching
from peer_meter import because, done
from processes import Process
from push import exchange
from settings import SETTINGS

HERE = pathlib.Path(__file__).resolve().parent
# The clients of suites/interop/types/interop.toml.
CLIENTS = {16: "public", 32: "reader", 1: "management", 44: "suite1", 45: "suite2", 40: "md5", 41: "sha1", 42: "sha256",
           46: "ecdsa1", 47: "ecdsa2", 49: "agrees1", 50: "agrees2"}
# The peer meter has key agreement keys for its ECDSA clients; here they belong to clients of their own.
FORMS = {(46, "general-ciphering-one-pass"): 49, (46, "general-ciphering-static"): 49, (47, "general-ciphering-one-pass"): 50}
PERIOD = datetime.timedelta(seconds=900)


def endpoint(url):
    host, _, port = url.removeprefix("tcp://").split("?")[0].rpartition(":")
    return host, int(port)


def energise(source_url):
    """230 V and 5 A on three phases; returns when the source says that it has settled."""
    with socket.create_connection(endpoint(source_url), 5) as scpi:
        commands = [f"SOUR:{what}{phase} {value}" for what, value in (("VOLT", 230), ("CURR", 5), ("PHAS", 0))
                    for phase in (1, 2, 3)]
        scpi.sendall("".join(c + "\n" for c in commands + ["OUTP ON", "*OPC?", "SYST:ERR?"]).encode())
        answers = scpi.makefile()
        settled, error = answers.readline().strip(), answers.readline().strip()
        if settled != "1" or not error.startswith(("0", "+0")):
            raise RuntimeError(f"the source of the virtual bench answered {settled!r}, {error!r}")


@contextlib.contextmanager
def relay_to_pty(path):
    """A loopback TCP port in front of a pseudo-terminal, for clients that speak HDLC over TCP only."""
    listener = socket.create_server(("127.0.0.1", 0))
    line = os.open(path, os.O_RDWR | os.O_NOCTTY)
    tty.setraw(line)
    done = threading.Event()

    def pump():
        connection = None
        while not done.is_set():
            ready, _, _ = select.select([listener, line] + ([connection] if connection else []), [], [], 0.1)
            if listener in ready:
                connection, _ = listener.accept()
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if line in ready:
                data = os.read(line, 4096)
                if connection:
                    connection.sendall(data)
            if connection and connection in ready:
                data = connection.recv(4096)
                if data:
                    os.write(line, data)
                else:
                    connection.close()
                    connection = None

    thread = threading.Thread(target=pump, daemon=True)
    thread.start()
    try:
        yield f"tcp://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        done.set()
        thread.join()
        listener.close()
        os.close(line)


class Meter:
    """Where the first meter of a bench file is and how its clients get in."""

    def __init__(self, bench_file):
        path = pathlib.Path(bench_file)
        bench = tomllib.loads(path.read_text())
        position = bench["position"][0]
        self.source = bench["source"]["link"]
        self.links = {i["framing"]: i["link"] for i in position["interface"]}
        self.clients = {c["name"]: c for c in position.get("client", [])}
        self.folder = path.parent

    def options(self, setting):
        """The options of suites/interop/settings.py with the secrets of this unit."""
        sap = FORMS.get((setting.sap, setting.form), setting.sap)
        out = ["--client", str(sap), "--auth", setting.auth]
        client = self.clients.get(CLIENTS[sap], {})
        for key in ("password", "encryption_key", "authentication_key"):
            if key in client:
                out += ["--" + key.replace("_", "-"), str(self.folder / client[key]["file"])]
        if "system_title" in client:
            out += ["--system-title", client["system_title"]]
        if setting.form != "plain":
            out += ["--form", setting.form, "--suite", str(setting.suite)]
        if "signing_key" in client:
            out += ["--keys", str(self.curve_keys(client, setting.suite))]
        return out + list(setting.more)

    def curve_keys(self, client, suite):
        """A folder as of settings.Secrets with the keys of this unit; where it has none for key agreement, those of the peer
        meter, which serve nobody here."""
        folder = self.folder / f"curves_{client['name']}"
        if not folder.exists():
            folder.mkdir()
            bits = 384 if suite == 2 else 256
            keys = {f"{who}_agree": CURVE_KEYS[f"{who}_agree_{bits}"] for who in ("client", "server")}
            for use, name in (("sign", "signing"), ("agree", "agreement")):
                if f"{name}_key" in client:
                    own = (self.folder / client[f"{name}_key"]["file"]).read_text().strip()
                    keys[f"client_{use}"] = (own, "")
                    keys[f"server_{use}"] = ("", client[f"meter_{name}_public_key"])
            for name, (private, public) in keys.items():
                (folder / f"{name}_{bits}").write_text(f"{private}\n{public}\n")
        return folder


def readings(authentication):
    """The public client may read the name and the clock; the others everything."""
    wanted = ["--read", "data:0.0.42.0.0.255", "--read", "clock"]
    if authentication != "none":
        wanted += ["--read", "register:1.0.1.8.0.255", "--read", "register:1.0.32.7.0.255", "--read", "profile:1.0.99.1.0.255", "--entries", "1,5"]
    return wanted


def when(text):
    return datetime.datetime.fromisoformat(text)


def check_clock(out, before):
    if "clock" not in out:
        return "not read"
    # Bench time runs at wall time here, so a later reading is later by what the run took.
    ahead = (when(out["clock"]) - when(before["clock"])).total_seconds()
    return None if -1 <= ahead <= 300 else f"read {out['clock']}, {before['clock']} just before"


def check_voltage(reading):
    """The source gives 230 V; the meter may be wrong by a percent."""
    if reading is None:
        return "not read"
    scale = 10.0 ** reading["scaler"] if "scaler" in reading else reading["scale"]
    return None if reading["unit"] == 35 and abs(reading["raw"] * scale - 230) < 2.3 else f"read {reading}"


def check_energy(out, before, after, key="register:1.0.1.8.0.255"):
    reading = out.get(key)
    if reading is None:
        return "not read"
    own = before["register:1.0.1.8.0.255"]
    scale = 10.0 ** reading["scaler"] if "scaler" in reading else reading["scale"]
    same_kind = abs(scale - 10.0 ** own["scaler"]) < 1e-12 and reading["unit"] == own["unit"] == 30
    between = own["raw"] <= reading["raw"] <= after["register:1.0.1.8.0.255"]["raw"]
    return None if same_kind and between else f"read {reading}, {own} just before"


def check_rows(rows):
    if rows is None:
        return "not read"
    if len(rows) < 2:
        return f"{len(rows)} rows"
    for earlier, later in zip(rows, rows[1:]):
        if when(later[0]) - when(earlier[0]) != PERIOD or later[1] < earlier[1]:
            return f"row {later} after {earlier}"
    return None


def judge(out, before, after, authentication, writer):
    """What a client read, against what the harness's client read before and after it and against itself."""
    verdicts = {
        "associate": None if out.get("associated") else "not associated",
        "clock": check_clock(out, before),
        "release": None if out.get("released") else "not released",
    }
    if authentication != "none":
        profile = out.get("profile:1.0.99.1.0.255") or {}
        rows = profile.get("rows")
        verdicts["energy"] = check_energy(out, before, after)
        verdicts["voltage"] = check_voltage(out.get("register:1.0.32.7.0.255"))
        if writer:
            verdicts["list"] = check_energy(out, before, after, "list")
            if may_write(authentication):
                verdicts["set"] = done(out, "set")
        verdicts["profile"] = check_rows(rows)
        entries, ranged = profile.get("by_entry"), profile.get("by_range")
        verdicts["by entry"] = "not read" if entries is None else None if rows and entries == rows[:5] else (
            f"{len(entries)} rows, not the first 5")
        if "range" in out:
            start, end = out["range"]
            inside = [r for r in rows or [] if when(start) <= when(r[0]) <= when(end)]
            verdicts["by range"] = "not read" if ranged is None else None if inside and ranged == inside else (
                f"{len(ranged)} rows, not {len(inside)}")
    name = out.get("data:0.0.42.0.0.255")
    if name != before["data:0.0.42.0.0.255"] and "clock" in out:
        verdicts["associate"] = "not read" if name is None else f"another meter: {name!r}"
    return because(out, verdicts, {})


def may_write(authentication):
    """A reader with a password may not."""
    return authentication == "hls_gmac"


class Readings:
    """Foreign clients, one after the other, between two readings of the harness's own client."""

    def __init__(self, table, options, clients, meter):
        self.table, self.options, self.clients, self.meter = table, options, clients, meter
        self.counter = 0

    def ask(self, client, link, framing, setting, more):
        self.counter += 100000
        return self.clients[client].run(
            ["--link", link, "--framing", framing, "--invocation-counter", str(self.counter), "--timeout", "5"]
            + self.meter.options(setting) + more, self.options.timeout)

    def own(self):
        """The harness's own reading, repeated while the meter boots."""
        deadline = time.monotonic() + 20
        while True:
            out = self.ask("meterproof", self.meter.links["wrapper"], "wrapper", SETTINGS["LLS"],
                           readings("none") + ["--read", "register:1.0.1.8.0.255"])
            if "error" not in out:
                return out
            if time.monotonic() > deadline:
                raise RuntimeError(f"the harness's own client cannot read the simulated meter: {out['error']}")

    def row(self, client, framing, name):
        setting = SETTINGS[name]
        key = ("meterproof", client, framing, name)
        reason = matching(NOT_RUN, key)
        if reason:
            self.table.skip(key, reason)
            return
        # A signature that the peer spoils now and then costs its exchange; what is wrong every time stays wrong.
        for attempt in range(10 if matching(INTERMITTENT, key) else 1):
            verdicts, error = self.attempt(client, framing, setting)
            if not any(verdicts.values()):
                break
        self.table.add(key, verdicts, error)

    def attempt(self, client, framing, setting):
        """What one session of the client came to: the verdicts and what the client said when it gave up."""
        before = self.own()
        stop = when(before["clock"])
        start = (stop - datetime.timedelta(hours=12)).isoformat()
        asked = readings(setting.auth)
        if setting.auth != "none":
            asked += ["--range", f"{start},{stop.isoformat()}"]
        writer = client in WRITES
        if writer and setting.auth != "none":
            asked += ["--list"] + (["--write", "--text", "0.0.96.50.0.255"] if may_write(setting.auth) else [])
        with contextlib.ExitStack() as stack:
            link = self.meter.links[framing]
            if framing == "hdlc" and client in ("jdlms", "gurux-java"):
                link = stack.enter_context(relay_to_pty(link.removeprefix("pty://").split("?")[0]))
            out = self.ask(client, link, framing, setting, asked)
        if setting.auth != "none":
            out["range"] = [start, stop.isoformat()]
        return judge(out, before, self.own(), setting.auth, writer), out.get("error")

    def push(self, receiver, name):
        """A cell of push.show(): the meter, told to by our client, pushes to a foreign listener."""
        setting = SETTINGS[f"GMAC gen-{name}"]
        before = self.own()

        def send(port):
            deadline = time.monotonic() + 10
            while True:  # a push that nobody takes is lost, so first the listener must be there
                with contextlib.closing(socket.socket()) as probe:
                    listening = not free_to_bind(probe, port)
                if listening:
                    return self.ask("meterproof", self.meter.links["wrapper"], "wrapper", setting,
                                    ["--push-to", f"127.0.0.1:{port}"])
                if time.monotonic() > deadline:
                    return {"error": "nobody listens"}
                time.sleep(0.05)

        sent, received = exchange(self.clients[receiver], ["--framing", "wrapper", "--timeout", "10"]
                                  + self.meter.options(setting), send, self.options.timeout)
        energy = self.own()["register:1.0.1.8.0.255"]["raw"]
        reason = sent.get("error") or received.get("error")
        if not reason and not received.get("ciphered"):
            reason = "not ciphered"
        if not reason and received.get("name") != before["data:0.0.42.0.0.255"]:
            reason = f"name is {received.get('name')!r}"
        if not reason and not before["register:1.0.1.8.0.255"]["raw"] <= received.get("energy", -1) <= energy:
            reason = f"energy is {received.get('energy')!r}"
        return {"sender": "meterproof", "receiver": receiver, "framing": "wrapper", "what": name,
                "state": "WRONG" if reason else "ok", "reason": reason or ""}


def free_to_bind(probe, port):
    try:
        probe.bind(("127.0.0.1", port))
        return True
    except OSError:
        return False


def read(table, pushes, options, clients):
    """Foreign clients against the simulated meter, which nobody else wrote."""
    with tempfile.TemporaryDirectory(prefix="meterproof-interop-") as folder:
        config = pathlib.Path(folder) / "config.json"
        config.write_text(json.dumps({"positions": [{"name": "p01", "type": "interop"}]}))
        process = Process("meterproof-world", [options.simulator, folder, "--config", str(config), "--types",
                                               str(HERE / "types"), "--exit-with-parent"],
                          pathlib.Path(folder) / "world.log")
        try:
            meter = Meter(process.ready[0])
            energise(meter.source)
            rows = Readings(table, options, clients, meter)
            for framing in ("wrapper", "hdlc"):
                for client in clients:
                    for name in SETTINGS:
                        rows.row(client, framing, name)
            if "gurux-java" in clients:
                pushes += [rows.push("gurux-java", name) for name in ("glo s0", "glo s2")]
        finally:
            process.end()
