"""How a client talks to a meter: one row of the matrix for each of these, and the options that say it to every client."""
import collections

from peer_keys import CURVE_KEYS

# sap: of the peer meter's client; form: how APDUs are protected ("plain": not at all); suite: of the keys.
Setting = collections.namedtuple("Setting", "sap auth form suite more", defaults=("plain", 0, ()))

SETTINGS = {
    "none": Setting(16, "none"),
    "LLS": Setting(32, "lls"),
    "HLS MD5": Setting(40, "hls_md5"),
    "HLS SHA-1": Setting(41, "hls_sha1"),
    "HLS SHA-256": Setting(42, "hls_sha256"),
    "GMAC glo s0": Setting(1, "hls_gmac", "glo", 0),
    "GMAC ded s0": Setting(1, "hls_gmac", "ded", 0),
    "GMAC glo s0 RLRQ": Setting(1, "hls_gmac", "glo", 0, ("--protected-release",)),
    "GMAC gen-glo s0": Setting(1, "hls_gmac", "general-glo", 0),
    "GMAC gen-ded s0": Setting(1, "hls_gmac", "general-ded", 0),
    "GMAC glo s1": Setting(44, "hls_gmac", "glo", 1),
    "GMAC glo s2": Setting(45, "hls_gmac", "glo", 2),
    "GMAC gen-glo s2": Setting(45, "hls_gmac", "general-glo", 2),
    "ECDSA glo s1": Setting(46, "hls_ecdsa", "glo", 1),
    "ECDSA glo s2": Setting(47, "hls_ecdsa", "glo", 2),
    "gen-cip 1pass s1": Setting(46, "hls_ecdsa", "general-ciphering-one-pass", 1),
    "gen-cip static s1": Setting(46, "hls_ecdsa", "general-ciphering-static", 1),
    "gen-cip 1pass s2": Setting(47, "hls_ecdsa", "general-ciphering-one-pass", 2),
    "gen-sign s1": Setting(46, "hls_ecdsa", "general-signing", 1),
    "GBT none": Setting(16, "none", more=("--gbt", "1")),
    "GBT window 3": Setting(16, "none", more=("--gbt", "3")),
    "GBT GMAC s0": Setting(1, "hls_gmac", "general-glo", 0, ("--gbt", "1")),
    "SN none": Setting(16, "none", more=("--sn",)),
    "SN LLS": Setting(32, "lls", more=("--sn",)),
}
PASSWORDS = {"lls": "Interop1", "hls_md5": "InteropMd5Secret", "hls_sha1": "InteropSha1Secrt",
             "hls_sha256": "InteropSha256Sec"}


def key(first, octets):
    return bytes(range(first, first + octets)).hex()


class Secrets:
    """The secret files of the peer meter in a folder of their own, and the options that name them."""

    def __init__(self, folder):
        self.folder = folder
        for name, text in PASSWORDS.items():
            self.write(name, text)
        for octets in (16, 32):
            self.write(f"encryption-key-{octets}", key(0x00, octets))
            self.write(f"authentication-key-{octets}", key(0xD0, octets))
            self.write(f"master-key-{octets}", key(0x40, octets))
            self.write(f"new-key-{octets}", key(0x80, octets))
        self.curves = folder / "curves"
        self.curves.mkdir()
        for name, (private, public) in CURVE_KEYS.items():
            self.write(f"curves/{name}", f"{private}\n{public}\n")

    def write(self, name, text):
        path = self.folder / name
        path.write_text(text)
        path.chmod(0o600)

    def options(self, setting):
        octets = 32 if setting.suite == 2 else 16
        out = ["--client", str(setting.sap), "--auth", setting.auth]
        if setting.auth in PASSWORDS:
            out += ["--password", str(self.folder / setting.auth)]
        if setting.form != "plain":
            out += ["--form", setting.form, "--suite", str(setting.suite)]
            for name in ("encryption-key", "authentication-key"):
                out += [f"--{name}", str(self.folder / f"{name}-{octets}")]
        if setting.suite:
            out += ["--keys", str(self.curves)]
        return out + list(setting.more)

    def new_key(self, setting):
        """The options that ask for a transfer of a new global unicast encryption key."""
        octets = 32 if setting.suite == 2 else 16
        return ["--new-key", str(self.folder / f"new-key-{octets}"), "--master-key", str(self.folder / f"master-key-{octets}"),
                "--security-setup", f"0.0.43.0.{setting.sap}.255", "--read", "clock"]
