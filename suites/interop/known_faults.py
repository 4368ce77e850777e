"""What is known to be wrong with the peers, and which combinations are therefore not run."""

# (server, client, framing, authentication, what), what the failure must say ("": anything), why the cell cannot be ok. "*"
# matches anything. Each was established with both ends of the exchange foreign to Meterproof, or on the octets alone, so the
# fault is not ours; a failure in other words than the ones given here stays WRONG.
KNOWN_FAULTS = [
    (("*", "dlms-cosem", "*", "*", "by entry"), "", "dlms-cosem 25.1.0 has no selection by entry"),
    (("gurux-java", "dlms-cosem", "*", "*", "release"), "does not correspond to length byte",
     "Gurux for Java 4.0.47 writes an RLRE whose length octet is 4 too small; dlms-cosem refuses it"),
    (("*", "dlms-cosem", "hdlc", "*", "*"), "TimeoutError",
     "dlms-cosem 25.1.0 takes an octet 7E inside a frame, here in its FCS, for the closing flag and waits for ever"),
    (("jdlms", "dlms-cosem", "wrapper", "*", "*"), "protocol version that is not 0",
     "dlms-cosem 25.1.0 refuses an AARE that carries the protocol-version, which jDLMS writes"),
    (("gurux-java", "meterproof", "*", "*", "set blocks"), "octets after the end of the value",
     "Gurux for Java 4.0.47 appends three octets to its SET-Response with data block"),
    (("gurux-java", "jdlms", "hdlc", "hls_gmac", "*"), "BufferUnderflowException",
     "jDLMS 1.8.0 as HDLC client: exception while it splits an APDU into two frames"),
    (("jdlms", "jdlms", "hdlc", "*", "*"), "EOFException",
     "jDLMS 1.8.0 as HDLC server: exception while it splits an answer into frames"),
    (("jdlms", "meterproof", "hdlc", "*", "*"), "no answer in time",
     "jDLMS 1.8.0 as HDLC server leaves N(R) at 0, so nothing sent to it is ever acknowledged"),
    (("jdlms", "meterproof", "hdlc", "hls_gmac", "*"), "octets after the end of the value",
     "jDLMS 1.8.0 as HDLC server leaves N(R) at 0 and takes the AARQ that is therefore sent again for a request"),
    (("meterproof", "jdlms", "*", "hls_gmac", "*"), "HLS authentication step 4",
     "jDLMS 1.8.0 uses one invocation counter twice, for its HLS token and for the APDU around it; the healthy meter refuses"),
    (("meterproof", "dlms-cosem", "*", "hls_gmac", "*"), "HLSError",
     "dlms-cosem 25.1.0 uses one invocation counter twice, for its HLS token and for the APDU around it; the healthy meter "
     "refuses"),
]
# Combinations that are not run: each would only wait for its time-out.
NOT_RUN = [
    (("jdlms", "gurux-python", "hdlc", "*"), "jDLMS 1.8.0 as HDLC server leaves N(R) at 0; gurux-dlms insists on it"),
    (("jdlms", "dlms-cosem", "hdlc", "*"), "jDLMS 1.8.0 as HDLC server fails on an SNRM without parameters, which dlms-cosem sends"),
]
# Why a client was not asked for something.
NOT_ASKED = [
    (("meterproof", "*", "*", "*", "voltage"), "not asked of the simulated meter"),
    (("meterproof", "*", "*", "*", "list"), "not asked of the simulated meter"),
    (("meterproof", "*", "*", "*", "set"), "not asked of the simulated meter"),
    (("meterproof", "*", "*", "*", "set blocks"), "not asked of the simulated meter"),
    (("meterproof", "*", "*", "none", "*"), "the simulated meter shows its public client only name and clock"),
    (("*", "*", "*", "*", "*"), "asked of the harness's own client only"),
]


def matching(table, cell):
    for pattern, reason in table:
        if all(p in ("*", c) for p, c in zip(pattern, cell)):
            return reason
    return None


def known_fault(cell, observed):
    return matching([(pattern, reason) for pattern, words, reason in KNOWN_FAULTS if words in observed], cell)
