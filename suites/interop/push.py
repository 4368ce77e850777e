"""Data-notification: a sender pushes three fields to a listener, and the listener says what it received."""
import socket
import threading
import time

from known_faults import matching
from settings import SETTINGS

# What is pushed and how; the text is long enough to need more than one block where blocks are negotiated.
PUSHES = {
    "plain": (SETTINGS["none"], 8),
    "glo s0": (SETTINGS["GMAC gen-glo s0"], 8),
    "glo s2": (SETTINGS["GMAC gen-glo s2"], 8),
    "plain 900 octets": (SETTINGS["none"], 900),
}
NOT_PUSHED = [
    (("gurux-java", "*", "hdlc", "* 900 octets"), "Gurux for Java 4.0.47 splits no notification into frames of 128 octets"),
    (("meterproof", "*", "hdlc", "*"), "the simulated meter pushes over TCP and UDP in the wrapper"),
    (("meterproof", "*", "*", "plain"), "the simulated meter pushes to who may ask for it: ciphered clients of this type"),
    (("meterproof", "*", "*", "plain *"), "the simulated meter pushes a name and a register, short as they are"),
]


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def judge(sent, received, text_octets, ciphered):
    if "error" in received:
        return received["error"]
    # Judged on the sender's octets: ciphered is what does not show the name.
    if ("4d5052494e5445524f50" in "".join(sent.get("octets", [])).lower()) == ciphered:
        return "sent in the clear" if ciphered else "sent, but not the name in the clear"
    expected = {"name": "MPRINTEROP000001", "energy": 123456789, "text_octets": text_octets}
    for key, value in expected.items():
        if received.get(key) != value:
            return f"{key} is {received.get(key)!r}, not {value!r}"
    return sent.get("error")


def exchange(receiver, options, send, timeout):
    """What the sender says and what the receiver says it received; send(port) pushes to the receiver's port."""
    port, answers = free_port(), {}

    def listen():
        answers["received"] = receiver.run(["--listen", str(port)] + options, timeout)

    listener = threading.Thread(target=listen)
    listener.start()
    sent = send(port)
    listener.join()
    return sent, answers["received"]


def one(sender, receiver, framing, name, secrets, timeout):
    """None or the reason why what was pushed did not arrive."""
    setting, text_octets = PUSHES[name]
    keys = ["--framing", framing, "--timeout", "10"] + secrets.options(setting)

    def send(port):
        deadline = time.monotonic() + 5
        sent = {"error": "Connection refused"}
        while "Connection refused" in sent.get("error", "") and time.monotonic() < deadline:  # until the listener listens
            sent = sender.run(["--push", f"tcp://127.0.0.1:{port}", "--text-octets", str(text_octets), "--invocation-counter",
                               "77"] + keys, timeout)
        return sent

    sent, received = exchange(receiver, keys, send, timeout)
    return judge(sent, received, text_octets, setting.form != "plain")


def all_pushes(clients, secrets, timeout, seen):
    """Cells of (sender, receiver, framing, what) with their state and reason; seen: those that there are already."""
    cells = list(seen)
    there = {(c["sender"], c["receiver"], c["framing"], c["what"]) for c in seen}
    parties = [name for name in ("gurux-java", "meterproof") if name in clients]
    for sender in parties:
        for receiver in parties:
            if sender == receiver == "meterproof":
                continue
            for framing in ("wrapper", "hdlc"):
                for name in PUSHES:
                    if (sender, receiver, framing, name) in there:
                        continue
                    reason = matching(NOT_PUSHED, (sender, receiver, framing, name))
                    state = "-"
                    if not reason:
                        reason = one(clients[sender], clients[receiver], framing, name, secrets, timeout)
                        state = "WRONG" if reason else "ok"
                    cells.append({"sender": sender, "receiver": receiver, "framing": framing, "what": name, "state": state,
                                  "reason": reason or ""})
    return cells


def show(cells):
    print("data-notification:")
    print(f"{'sender':<12}{'receiver':<12}{'framing':<9}{'pushed':<18}")
    for cell in cells:
        print(f"{cell['sender']:<12}{cell['receiver']:<12}{cell['framing']:<9}{cell['what']:<18}{cell['state']:<6}"
              f"{cell['reason']}".rstrip())
