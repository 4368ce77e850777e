"""What peer_meter.md promises, and the judgement of what a client read from it."""
import datetime

FIRST_ROW = datetime.datetime(2025, 6, 1)


def row(i):
    return [(FIRST_ROW + datetime.timedelta(minutes=15 * i)).isoformat(), 100000 + 25 * i]


def scale_of(reading):
    return 10.0 ** reading["scaler"] if "scaler" in reading else reading["scale"]


def register_is(reading, raw, scale, unit):
    if reading is None:
        return "not read"
    same = reading["raw"] == raw and abs(scale_of(reading) - scale) < 1e-12 and reading["unit"] == unit
    return None if same else f"read {reading}"


def rows_are(rows, first, last):
    if rows is None:
        return "not read"
    expected = [row(i) for i in range(first, last + 1)]
    if rows == expected:
        return None
    for i, (got, want) in enumerate(zip(rows, expected)):
        if got != want:
            return f"{len(rows)} rows, row {i + 1} is {got}, not {want}"
    return f"{len(rows)} rows, not {len(expected)}"


def judge(out, entries, writes):
    """What peer_meter.md promises, as {what: None or the reason}."""
    profile = out.get("profile:1.0.99.1.0.255") or {}
    verdicts = {
        "associate": None if out.get("associated") else "not associated",
        "clock": None if out.get("clock") == "2025-06-15T12:34:56" else f"read {out['clock']}" if "clock" in out else "not read",
        "energy": register_is(out.get("register:1.0.1.8.0.255"), 123456789, 0.1, 30),
        "voltage": register_is(out.get("register:1.0.32.7.0.255"), 2301, 0.1, 35),
        "profile": rows_are(profile.get("rows"), 0, 959),
        "by range": rows_are(profile.get("by_range"), 192, 287),
        "by entry": rows_are(profile.get("by_entry"), entries[0] - 1, entries[0] + entries[1] - 2),
        "release": None if out.get("released") else "not released",
    }
    if writes:
        verdicts["list"] = register_is(out.get("list"), 123456789, 0.1, 30)
        verdicts["set"] = done(out, "set")
    return because(out, verdicts, {
        "by range": ("by_range",), "by entry": ("by_entry",), "profile": ("rows", "profile:1.0.99.1.0.255"),
        "energy": ("register:1.0.1.8.0.255",), "voltage": ("register:1.0.32.7.0.255",)})


def done(out, key):
    return None if out.get(key) is True else "not read" if key not in out else "read back something else"


def because(out, verdicts, keys):
    """A client that goes on after a failed step says why it failed."""
    failed = out.get("failed", {})
    for what, reason in verdicts.items():
        for key in keys.get(what, ()) + (what,):
            if reason == "not read" and key in failed:
                verdicts[what] = failed[key]
    return verdicts


def judge_extra(extra, out):
    """What a session did that was opened for one thing only."""
    if extra == "set blocks":
        verdicts = {"set blocks": done(out, "set_blocks")}
    elif extra == "action":
        verdicts = {"action": done(out, "action"), "action blocks": done(out, "action_blocks")}
    elif extra == "key transfer":
        verdicts = {"key transfer": done(out, "key_transfer")}
    else:
        verdicts = {"access": register_is(out.get("access"), 123456789, 0.1, 30)}
    return because(out, verdicts, {"set blocks": ("set_blocks",), "action blocks": ("action_blocks",),
                                    "key transfer": ("key_transfer",)})
