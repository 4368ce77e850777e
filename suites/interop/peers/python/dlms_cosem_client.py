#!/usr/bin/env python3
"""A DLMS client made of the PyPI package dlms-cosem: reads a meter and prints what it read as one JSON object.

The library is under the Business Source Licence and runs only here, in a process of its own. It ciphers with general-glo,
knows no selection by entry and sends an SNRM without parameters.
"""
import datetime
import sys

import common
from dlms_cosem import cosem, enumerations, utils
from dlms_cosem import time as dlms_time
from dlms_cosem.client import DlmsClient
from dlms_cosem.cosem.capture_object import CaptureObject
from dlms_cosem.cosem.selective_access import RangeDescriptor
from dlms_cosem.io import HdlcTransport, TcpTransport
from dlms_cosem.security import (
    HighLevelSecurityGmacAuthentication,
    LowLevelSecurityAuthentication,
    NoSecurityAuthentication,
)


class Io:
    """The library's input-output interface over our link."""

    def __init__(self, options):
        self.options = options
        self.buffer = bytearray()

    def connect(self):
        self.link = common.open_link(self.options.link, self.options.timeout)

    def disconnect(self):
        pass

    def send(self, data):
        self.link.write(bytes(data))

    def recv(self, amount=1):
        while len(self.buffer) < amount:
            self.buffer += self.link.read()
        out = bytes(self.buffer[:amount])
        del self.buffer[:amount]
        return out
    
    def recv_until(self, end):
        while end not in self.buffer:
            self.buffer += self.link.read()
        return self.recv(self.buffer.index(end) + len(end))


def attribute(interface, name, index):
    return cosem.CosemAttribute(
        interface=enumerations.CosemInterface(interface), instance=cosem.Obis(*map(int, name.split("."))), attribute=index)


def rows(value):
    return [[common.stamp(dlms_time.datetime_from_bytes(bytes(stamp))[0]), energy] for stamp, energy in value]


def run(options, out):
    if options.framing == "wrapper":
        transport = TcpTransport(options.client, options.server, Io(options), timeout=int(options.timeout))
    else:
        transport = HdlcTransport(
            options.client, options.server, Io(options), server_physical_address=options.physical,
            timeout=int(options.timeout))
    ciphered = options.auth == "hls_gmac"
    client = DlmsClient(
        transport=transport,
        authentication={
            "none": NoSecurityAuthentication,
            "lls": lambda: LowLevelSecurityAuthentication(secret=common.secret(options.password)),
            "hls_gmac": HighLevelSecurityGmacAuthentication,
        }[options.auth](),
        encryption_key=common.secret(options.encryption_key) if ciphered else None,
        authentication_key=common.secret(options.authentication_key) if ciphered else None,
        client_system_title=bytes.fromhex(options.system_title) if ciphered else None,
        client_initial_invocation_counter=options.invocation_counter,
        meter_initial_invocation_counter=-1,  # the first counter of a meter may be 0
        block_transfer=True,
        max_pdu_size=options.max_pdu,
    )
    client.connect()
    client.associate()
    out["associated"] = True

    def get(interface, name, index, access=None):
        return utils.parse_as_dlms_data(client.get(attribute(interface, name, index), access))

    for what in options.read:
        name = what.partition(":")[2]
        if what == "clock":
            out["clock"] = common.stamp(dlms_time.datetime_from_bytes(bytes(get(8, "0.0.1.0.0.255", 2)))[0])
        elif what.startswith("data:"):
            out[what] = bytes(get(1, name, 2)).decode("ascii", "replace")
        elif what.startswith("register:"):
            scaler, unit = get(3, name, 3)
            out[what] = {"raw": get(3, name, 2), "scaler": scaler, "unit": unit}
        elif what.startswith("profile:"):
            columns = get(7, name, 3)
            out[what] = {"columns": [".".join(str(n) for n in bytes(column[1])) for column in columns]}
            out[what]["rows"] = rows(get(7, name, 2))
            if options.range:
                start, end = (
                    datetime.datetime.fromisoformat(t).replace(tzinfo=datetime.timezone.utc) for t in options.range)
                clock = CaptureObject(cosem_attribute=attribute(8, "0.0.1.0.0.255", 2), data_index=0)
                out[what]["by_range"] = rows(get(7, name, 2, RangeDescriptor(clock, start, end)))
            if options.entries:
                out[what]["not_supported"] = ["by entry"]
    if options.repeat:
        energy = attribute(3, "1.0.1.8.0.255", 2)
        out["gets_per_second"] = common.rate(options.repeat, lambda: client.get(energy))
    client.release_association()
    out["released"] = True
    client.disconnect()


if __name__ == "__main__":
    sys.exit(common.main(run))
