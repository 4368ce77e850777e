"""The cells of the matrix: what was seen, what a peer's known fault explains, and the table that shows it."""
import threading

from known_faults import NOT_ASKED, known_fault, matching

WHAT = ["associate", "clock", "energy", "voltage", "profile", "by range", "by entry", "list", "set", "set blocks", "action",
        "action blocks", "access", "key transfer", "release"]
KEY = ("server", "client", "framing", "setting")
EMPTY = ("not associated", "not read", "not released")


def width(what):
    return max(11, len(what) + 2)


class Table:
    def __init__(self):
        self.cells = []
        self.lock = threading.Lock()

    def add(self, key, verdicts, error=None):
        """verdicts: {what: None or the reason why not}; error: what the client said when it gave up."""
        for what, reason in verdicts.items():
            if reason and error and reason in EMPTY:
                reason = error
            fault = known_fault(key + (what,), reason) if reason else None
            state = "ok" if reason is None else "peer" if fault else "WRONG"
            self._append(key, what, state, (fault if state == "peer" else reason) or "")

    def skip(self, key, reason):
        self._append(key, "*", "-", reason)

    def _append(self, key, what, state, reason):
        with self.lock:
            self.cells.append({**dict(zip(KEY, key)), "what": what, "state": state, "reason": reason})

    def show(self, order):
        """order: the rank of each server, client, framing and setting, so that concurrent runs print alike."""
        rows, not_run = {}, {}
        rank = lambda part: order.index(part) if part in order else len(order)
        for cell in self.cells:
            key = tuple(cell[k] for k in KEY)
            if cell["what"] == "*":
                not_run.setdefault((cell["reason"],) + key[:2], {}).setdefault(key[2], []).append(key[3])
            else:
                rows.setdefault(key, {})[cell["what"]] = cell
        print(f"{'server':<12}{'client':<14}{'framing':<9}{'setting':<19}"
              + "".join(f"{what:<{width(what)}}" for what in WHAT))
        reasons = []
        for key in sorted(rows, key=lambda k: [rank(part) for part in k]):
            text = f"{key[0]:<12}{key[1]:<14}{key[2]:<9}{key[3]:<19}"
            for what in WHAT:
                cell = rows[key].get(what) or {
                    "state": ".", "reason": matching(NOT_ASKED, key + (what,)) or "no reason is given"}
                note = ""
                if cell["reason"]:
                    if cell["reason"] not in reasons:
                        reasons.append(cell["reason"])
                    note = f" [{reasons.index(cell['reason']) + 1}]"
                text += f"{cell['state'] + note:<{width(what)}}"
            print(text.rstrip())
        for i, reason in enumerate(reasons):
            print(f"[{i + 1}] {reason}")
        print("not run (server x client, framing: settings):")
        for reason, server, client in sorted(not_run, key=lambda k: (rank(k[1]), rank(k[2]), k[0])):
            where = not_run[reason, server, client]
            same = len({tuple(sorted(names)) for names in where.values()}) == 1 and len(where) == 2
            for framing, names in [("both", next(iter(where.values())))] if same else where.items():
                print(f"- {server} x {client}, {framing}: {', '.join(sorted(set(names), key=rank))}: {reason}")
        states = [cell["state"] for cell in self.cells]
        print(", ".join(f"{states.count(state)} {name}" for state, name in (
            ("ok", "ok"), ("WRONG", "WRONG"), ("peer", "explained by a fault of a peer"), ("-", "rows not run"))))

    def wrong(self, party=None):
        """Wrong cells; of exchanges that the party takes part in, where one is named."""
        return [c for c in self.cells if c["state"] == "WRONG" and party in (None, c["server"], c["client"])]
