#!/usr/bin/env python3
"""A DLMS client made of the PyPI package gurux-dlms: reads a meter and prints what it read as one JSON object.

The library is GPLv2 and runs only here, in a process of its own. Secrets come from files, never from the command line.
"""
import datetime
import sys

import common
from gurux_dlms import GXByteBuffer, GXDLMSException, GXReplyData
from gurux_dlms.ecdsa import GXPrivateKey, GXPublicKey
from gurux_dlms.enums import Authentication, Conformance, DataType, InterfaceType, Security
from gurux_dlms.GXDLMSClient import GXDLMSClient
from gurux_dlms.objects import GXDLMSClock, GXDLMSData, GXDLMSProfileGeneric, GXDLMSRegister
from gurux_dlms.objects.enums import SecuritySuite
from gurux_dlms.secure import GXDLMSSecureClient


AUTHENTICATIONS = {
    "none": Authentication.NONE, "lls": Authentication.LOW, "hls_md5": Authentication.HIGH_MD5,
    "hls_sha1": Authentication.HIGH_SHA1, "hls_gmac": Authentication.HIGH_GMAC,
    "hls_sha256": Authentication.HIGH_SHA256, "hls_ecdsa": Authentication.HIGH_ECDSA,
}


def curve_pair(folder, use, bits):
    """The own private key with the meter's public one, as the library wants a pair."""
    private = open(f"{folder}/client_{use}_{bits}").read().split()[0]
    public = open(f"{folder}/server_{use}_{bits}").read().split()[1]
    return (GXPublicKey.fromRawBytes(bytes.fromhex(public)),
            GXPrivateKey.fromRawBytes(bytes.fromhex(private)))


class Session:
    def __init__(self, options):
        self.options = options
        wrapper = options.framing == "wrapper"
        self.client = GXDLMSSecureClient(
            not options.sn,
            options.client,
            options.server if wrapper else GXDLMSClient.getServerAddress(options.server, options.physical),
            AUTHENTICATIONS[options.auth],
            common.secret(options.password).decode() if options.password else None,
            InterfaceType.WRAPPER if wrapper else InterfaceType.HDLC,
        )
        # jDLMS refuses an SNRM without parameters, so these differ from the default 128.
        self.client.hdlcSettings.maxInfoTX = self.client.hdlcSettings.maxInfoRX = options.max_info
        if options.server_size:
            self.client.serverAddressSize = options.server_size
        if options.gbt:
            self.client.proposedConformance |= Conformance.GENERAL_BLOCK_TRANSFER
            self.client.setGbtWindowSize(options.gbt)
        self.cipher()
        self.client.maxReceivePDUSize = options.max_pdu
        self.link = common.open_link(options.link, options.timeout)

    def cipher(self):
        """Keys, and the form of protection: general-protection in the conformance means general-glo or general-ded."""
        options, cipher = self.options, self.client.ciphering
        cipher.systemTitle = bytes.fromhex(options.system_title)
        if options.keys:
            bits = 384 if options.suite == 2 else 256
            cipher.signingKeyPair = curve_pair(options.keys, "sign", bits)
            cipher.keyAgreementKeyPair = curve_pair(options.keys, "agree", bits)
        if options.form == "plain":
            return
        cipher.securitySuite = SecuritySuite(options.suite)
        cipher.security = Security.AUTHENTICATION_ENCRYPTION
        cipher.blockCipherKey = common.secret(options.encryption_key)
        cipher.authenticationKey = common.secret(options.authentication_key)
        cipher.invocationCounter = options.invocation_counter
        if options.form.startswith("general"):
            self.client.proposedConformance |= Conformance.GENERAL_PROTECTION
        else:
            self.client.proposedConformance &= ~Conformance.GENERAL_PROTECTION
        if options.form.endswith("ded"):
            cipher.dedicatedKey = bytes([0x5D]) * len(cipher.blockCipherKey)

    def frame(self, data, reply):
        """Sends one frame and collects bytes until the library has a whole answer to it."""
        if not data:
            return
        self.link.write(bytes(data))
        received = GXByteBuffer()
        while True:
            received.set(self.link.read())
            if self.client.getData(received, reply, None):
                break
        if reply.error:
            raise GXDLMSException(reply.error)

    def request(self, frames, reply=None):
        reply = reply if reply is not None else GXReplyData()
        if isinstance(frames, (list, tuple)) and frames and isinstance(frames[0], (list, tuple)):
            frames = frames[0]
        for data in frames if isinstance(frames, (list, tuple)) else [frames]:
            reply.clear()
            self.frame(data, reply)
            while reply.isMoreData():
                self.frame(None if reply.isStreaming() else self.client.receiverReady(reply), reply)
        return reply

    def associate(self):
        snrm = self.client.snrmRequest()
        if snrm:
            self.client.parseUAResponse(self.request(snrm).data)
        self.client.parseAareResponse(self.request(self.client.aarqRequest()).data)
        if self.client.authentication > Authentication.LOW:
            self.client.parseApplicationAssociationResponse(
                self.request(self.client.getApplicationAssociationRequest()).data
            )

        if self.options.sn:
            self.client.parseObjects(self.request(self.client.getObjectsRequest()).data, True)

    def item(self, named):
        """With short names the object of the meter's list, which knows its base name."""
        if not self.options.sn:
            return named
        found = self.client.objects.findByLN(named.objectType, named.logicalName)
        if found is None:
            raise LookupError(f"no short name of {named.logicalName}")
        named.shortName = found.shortName
        return named

    def read(self, item, attribute):
        reply = self.request(self.client.read(item, attribute))
        return self.client.updateValue(item, attribute, reply.value)

    def release(self):
        # A wrapper client ends with RLRQ; an HDLC one with RLRQ and DISC.
        self.request(self.client.releaseRequest())
        if self.options.framing == "hdlc":
            self.request(self.client.disconnectRequest(True))


def rows(profile):
    return [[common.stamp(row[0].value if hasattr(row[0], "value") else row[0]), int(row[1])] for row in profile.buffer]


def written(session, name, text):
    """Writes, reads back and restores the text."""
    data = session.item(GXDLMSData(name))
    data.setDataType(2, DataType.OCTET_STRING)

    def write(value):
        data.value = bytearray(value)
        session.request(session.client.write(data, 2))

    write(text)
    same = bytes(session.request(session.client.read(data, 2)).value) == text
    write(b"interop")
    return same


def run(options, out):
    session = Session(options)
    session.associate()
    out["associated"] = True
    for name in options.read:
        if name == "clock":
            clock = session.item(GXDLMSClock("0.0.1.0.0.255"))
            session.read(clock, 2)
            out["clock"] = common.stamp(clock.time.value)
        elif name.startswith("data:"):
            data = session.item(GXDLMSData(name[5:]))
            value = session.read(data, 2)
            out[name] = bytes(value).decode("ascii", "replace") if isinstance(value, (bytes, bytearray)) else value
        elif name.startswith("register:"):
            register = session.item(GXDLMSRegister(name[9:]))
            session.read(register, 3)
            raw = session.request(session.client.read(register, 2)).value
            out[name] = {"raw": int(raw), "scale": register.scaler, "unit": int(register.unit)}
        elif name.startswith("profile:"):
            profile = session.item(GXDLMSProfileGeneric(name[8:]))
            session.read(profile, 3)
            out[name] = {"columns": [o.logicalName for o, _ in profile.captureObjects]}
            session.read(profile, 2)
            out[name]["rows"] = rows(profile)
            if options.entries:
                first, count = options.entries
                reply = session.request(session.client.readRowsByEntry(profile, first, count))
                session.client.updateValue(profile, 2, reply.value)
                out[name]["by_entry"] = rows(profile)
            if options.range:
                start, end = (
                    datetime.datetime.fromisoformat(t).replace(tzinfo=datetime.timezone.utc) for t in options.range
                )
                reply = session.request(session.client.readRowsByRange(profile, start, end))
                session.client.updateValue(profile, 2, reply.value)
                out[name]["by_range"] = rows(profile)
    if options.list:
        register = session.item(GXDLMSRegister("1.0.1.8.0.255"))
        reply = session.request(session.client.readList([(register, 3), (register, 2)]))
        session.client.updateValue(register, 3, reply.value[0])
        out["list"] = {"raw": int(reply.value[1]), "scale": register.scaler, "unit": int(register.unit)}
    if options.write:
        out["set"] = written(session, options.text, b"written by gurux")
    if options.write_octets:
        out["set_blocks"] = written(session, options.text, bytes(97 + i % 26 for i in range(options.write_octets)))
    if options.repeat:
        register = GXDLMSRegister("1.0.1.8.0.255")
        out["gets_per_second"] = common.rate(
            options.repeat, lambda: session.request(session.client.read(register, 2)))
    session.release()
    out["released"] = True


if __name__ == "__main__":
    sys.exit(common.main(run))
