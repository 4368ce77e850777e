"""Clients, ours and the peers', against the peers' servers: one thread for each server and framing."""
import threading

import peer_meter
from known_faults import NOT_RUN, matching
from settings import SETTINGS

# What a client can be asked for beyond reading; each in a session of its own, because a server may lose the session over it.
EXTRAS = {
    "gurux-java": ("set blocks", "action", "access", "key transfer"),
    "gurux-python": ("set blocks",),
    "jdlms": ("set blocks", "action"),
    "dlms-cosem": (),
    "meterproof": ("set blocks", "action", "access"),
}
EXTRA_OPTIONS = {
    "set blocks": ["--write-octets", "3000"],
    "action": ["--image", "0.0.44.0.0.255"],
    "access": ["--access"],
}
# Beyond reading, over HDLC only these: the frames below are the same for all.
EXTRAS_OVER_HDLC = ("none", "GMAC glo s0")
KEY_TRANSFERS = ("GMAC glo s0", "GMAC glo s1", "GMAC glo s2")
WRITES = ("gurux-java", "gurux-python", "jdlms", "meterproof")
# Gurux' server takes to_entry of the entry descriptor for a count, so only a selection from entry 1 on means the same to
# both of its readings.
ENTRIES = {"gurux-java": (1, 10), "jdlms": (11, 10)}


class Readings:
    def __init__(self, table, options, secrets, clients):
        self.table, self.options, self.secrets, self.clients = table, options, secrets, clients
        self.counter = 1000
        self.lock = threading.Lock()

    def next_counter(self):
        with self.lock:
            self.counter += 1000
            return self.counter

    def row(self, server, port, client, framing, name):
        key = (server, client, framing, name)
        reason = matching(NOT_RUN, key)
        if reason:
            self.table.skip(key, reason)
            return
        setting, entries = SETTINGS[name], ENTRIES[server]

        def ask(more):
            return self.clients[client].run(
                ["--link", f"tcp://127.0.0.1:{port}", "--framing", framing, "--invocation-counter",
                 str(self.next_counter()), "--timeout", "5"] + self.secrets.options(setting) + more, self.options.timeout)

        asked = ["--read", "clock", "--read", "register:1.0.1.8.0.255", "--read", "register:1.0.32.7.0.255", "--read",
                 "profile:1.0.99.1.0.255", "--entries", f"{entries[0]},{entries[1]}", "--range",
                 "2025-06-03T00:00:00,2025-06-03T23:45:00"]
        if client in WRITES:
            asked += ["--list", "--write"]
        out = ask(asked)
        self.table.add(key, peer_meter.judge(out, entries, client in WRITES), out.get("error"))
        if not out.get("associated"):
            return
        for extra in EXTRAS[client]:
            if extra == "access" and (server == "jdlms" or setting.form in ("glo", "ded", "general-signing")
                                      or "--sn" in setting.more):
                continue
            if extra == "key transfer" and (server == "jdlms" or name not in KEY_TRANSFERS):
                continue
            if framing == "wrapper" or name in EXTRAS_OVER_HDLC:
                out = ask(self.secrets.new_key(setting) if extra == "key transfer" else EXTRA_OPTIONS[extra])
                self.table.add(key, peer_meter.judge_extra(extra, out), out.get("error"))

    def all(self, server, ports, framing):
        """One row after the other, since invocation counters must rise."""
        for client in self.clients:
            for name, setting in SETTINGS.items():
                mode = ("sn-" if "--sn" in setting.more else "gbt-" if "--gbt" in setting.more else "") + framing
                self.row(server, ports.get(mode), client, framing, name)
