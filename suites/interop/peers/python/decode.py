#!/usr/bin/env python3
"""decode.py dlms-cosem|gurux FILE SECONDS: decodes a profile buffer again and again, prints MB/s of its octets."""
import json
import sys
import time


def dlms_cosem(octets):
    from dlms_cosem import time as dlms_time, utils

    for row in utils.parse_as_dlms_data(octets):
        dlms_time.datetime_from_bytes(bytes(row[0]))


def gurux(octets):
    from gurux_dlms import GXByteBuffer, GXDLMSClient
    from gurux_dlms.enums import DataType

    for row in GXDLMSClient.getValue(GXByteBuffer(octets), True):
        GXDLMSClient.changeType(bytearray(row[0]), DataType.DATETIME)


def main(which, path, seconds):
    decode = {"dlms-cosem": dlms_cosem, "gurux": gurux}[which]
    with open(path, "rb") as file:
        octets = file.read()
    decode(octets)
    start, passes = time.perf_counter(), 0
    while time.perf_counter() - start < float(seconds):
        decode(octets)
        passes += 1
    print(json.dumps({"mb_per_second": round(passes * len(octets) / (time.perf_counter() - start) / 1e6, 3)}))


if __name__ == "__main__":
    main(*sys.argv[1:4])
