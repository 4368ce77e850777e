"""What is known to be wrong with the peers, and which combinations are therefore not run."""

# (server, client, framing, authentication, what): why the cell cannot be ok. "*" matches anything. Each was established with
# both ends of the exchange foreign to Meterproof, or on the octets alone, so the fault is not ours.
KNOWN_FAULTS = [
    (("gurux-java", "dlms-cosem", "*", "*", "release"),
     "Gurux for Java 4.0.47 writes an RLRE whose length octet is 4 too small; dlms-cosem refuses it"),
    (("*", "dlms-cosem", "*", "*", "by entry"), "dlms-cosem 25.1.0 has no selection by entry"),
    (("*", "dlms-cosem", "hdlc", "*", "*"),
     "dlms-cosem 25.1.0 takes an octet 7E inside a frame, here in its FCS, for the closing flag and waits for ever"),
    (("jdlms", "dlms-cosem", "wrapper", "*", "*"),
     "dlms-cosem 25.1.0 refuses an AARE that carries the protocol-version, which jDLMS writes"),
    (("gurux-java", "meterproof", "*", "*", "set blocks"),
     "Gurux for Java 4.0.47 appends three octets to its SET-Response with data block"),
    (("gurux-java", "jdlms", "hdlc", "hls_gmac", "*"),
     "jDLMS 1.8.0 as HDLC client: exception while it splits an APDU into two frames"),
    (("jdlms", "meterproof", "hdlc", "*", "*"),
     "jDLMS 1.8.0 as HDLC server leaves N(R) at 0, so nothing sent to it is ever acknowledged"),
    (("meterproof", "jdlms", "*", "hls_gmac", "*"),
     "jDLMS 1.8.0 uses one invocation counter twice, for its HLS token and for the APDU around it; the healthy meter refuses"),
    (("meterproof", "dlms-cosem", "wrapper", "hls_gmac", "*"),
     "dlms-cosem 25.1.0 uses one invocation counter twice, for its HLS token and for the APDU around it; the healthy meter "
     "refuses"),
    (("jdlms", "jdlms", "hdlc", "*", "*"),
     "jDLMS 1.8.0 as HDLC server: exception while it splits an answer into frames"),
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
