"""What is known to be wrong with the peers, and which combinations are therefore not run."""
import fnmatch

# (server, client, framing, setting, what) as shell patterns, what the failure must say ("": anything), why the cell cannot
# be ok. Each was established with both ends of the exchange foreign to Meterproof, or on the octets alone, so the fault is
# not ours; a failure in other words than the ones given here stays WRONG. docs/interop.md has the clauses.
BARE_VALUE = "Gurux 4.0.47 and 1.0.203 take the octets of a Read in blocks for the value alone; they are the list of results"
KNOWN_FAULTS = [
    # Gurux for Java as server.
    (("gurux-java", "dlms-cosem", "*", "*", "release"), "does not correspond to length byte",
     "Gurux for Java 4.0.47 writes an RLRE whose length octet is 4 too small; dlms-cosem refuses it"),
    (("gurux-java", "meterproof", "*", "*", "set blocks"), "octets after the end of the value",
     "Gurux for Java 4.0.47 appends three octets to its SET-Response with data block"),
    (("gurux-java", "gurux-java", "*", "*", "set blocks"), "IllegalArgumentException: getUInt32",
     "Gurux for Java 4.0.47 does not understand its own SET-Response with data block"),
    (("gurux-java", "gurux-python", "*", "*", "set blocks"), "ValueError: position",
     "gurux-dlms 1.0.203 does not understand Gurux for Java's SET-Response with data block"),
    (("gurux-java", "meterproof", "*", "*", "action blocks"), "the octets end too early",
     "Gurux for Java 4.0.47 refuses the second block of an ACTION, in an answer that lacks its last octet"),
    (("gurux-java", "gurux-java", "*", "*", "action blocks"), "inconsistent Class or object",
     "Gurux for Java 4.0.47 refuses the second block of an ACTION, in an answer that lacks its last octet"),
    (("gurux-java", "gurux-*", "*", "SN *", "set blocks"), "inconsistent Class or object",
     "Gurux for Java 4.0.47 has no block transfer of a write with short names"),
    (("gurux-java", "gurux-java", "*", "SN *", "action blocks"), "read back something else",
     "Gurux for Java 4.0.47 has no block transfer of a method with short names"),
    (("gurux-java", "gurux-java", "*", "GBT *", "*blocks"), "Invalid Command",
     "Gurux for Java 4.0.47 does not understand its own general-block-transfer in the direction to the meter"),
    (("gurux-java", "gurux-python", "*", "GBT *", "set blocks"), "Invalid Command",
     "Gurux for Java 4.0.47 does not understand Gurux' general-block-transfer in the direction to the meter"),
    (("gurux-java", "*", "*", "gen-sign s1", "*"), "Ciphering failed",
     "Gurux for Java 4.0.47 refuses now and then a signature of its own, about one in fifty"),
    (("gurux-java", "gurux-java", "*", "gen-sign s1", "*"), "closed the connection",
     "Gurux for Java 4.0.47 refuses now and then a signature of its own, about one in fifty"),
    (("gurux-java", "meterproof", "*", "gen-sign s1", "*"), "the transaction id of another request",
     "Gurux for Java 4.0.47 as server answers a signed request without its transaction id; our client refuses"),
    # Gurux for Java as client of the simulated meter.
    (("meterproof", "gurux-java", "*", "*", "*"), "Invalid encoding for signature",
     "Gurux for Java 4.0.47 fails at a signature whose r or s begins with a zero octet, about one in a hundred"),
    (("meterproof", "gurux-java", "*", "gen-sign s1", "*"), "Ciphering failed",
     "Gurux for Java 4.0.47 sends now and then a signature that it refuses itself, about one in fifty"),
    (("gurux-java", "*", "*", "ECDSA*", "*"), "Read-Write denied",
     "Gurux for Java 4.0.47 signs with 64 octets on P-384 too, and refuses itself"),
    (("gurux-java", "meterproof", "*", "ECDSA glo s2", "*"), "read-write-denied",
     "Gurux for Java 4.0.47 signs with 64 octets on P-384 too, and refuses 96"),
    (("meterproof", "gurux-java", "*", "ECDSA glo s2", "*"), "Read-Write denied",
     "Gurux for Java 4.0.47 signs with 64 octets on P-384 too; the simulated meter refuses"),
    (("gurux-java", "meterproof", "*", "SN *", "* blocks"), "the service was not negotiated",
     "Gurux for Java 4.0.47 offers no block transfer of writes and methods with short names"),
    (("gurux-java", "meterproof", "*", "GBT *", "* blocks"), "a tag that does not exist here",
     "Gurux for Java 4.0.47 does not understand general-block-transfer in the direction to the meter"),
    (("gurux-java", "meterproof", "*", "GBT *", "* blocks"), "closed by peer",
     "Gurux for Java 4.0.47 does not understand general-block-transfer in the direction to the meter"),
    (("gurux-java", "meterproof", "*", "GBT w*", "*"), "no answer in time",
     "Gurux for Java 4.0.47 sends one block of a window above 1, waits, and then repeats an error without end"),
    (("gurux-java", "meterproof", "hdlc", "GBT w*", "*"), "acknowledged what was never sent",
     "Gurux for Java 4.0.47 sends one block of a window above 1, waits, and then repeats an error without end"),
    (("gurux-java", "meterproof", "*", "ECDSA*", "*"), "object-class-inconsistent",
     "Gurux for Java 4.0.47 refuses now and then a signature, its own too, about one in fifty"),
    # Gurux as client, where a value of short names comes in blocks.
    (("meterproof", "gurux-java", "*", "SN *", "profile"), "not read", BARE_VALUE),
    (("meterproof", "gurux-java", "*", "SN *", "by range"), "rows, not 0", BARE_VALUE),
    (("meterproof", "gurux-java", "*", "SN *", "by entry"), "rows, not the first 5", BARE_VALUE),
    (("meterproof", "gurux-python", "*", "SN *", "*"), "ServiceError Read exception", BARE_VALUE),
    # gurux-dlms for Python.
    (("gurux-java", "gurux-python", "*", "GBT *", "*"), "no attribute 'blockNumber'",
     "gurux-dlms 1.0.203 fails at its first general-block-transfer: AttributeError"),
    (("gurux-java", "gurux-python", "wrapper", "SN *", "*"), "no attribute 'setTotalCount'",
     "gurux-dlms 1.0.203 fails at a read in blocks with short names: AttributeError"),
    (("gurux-java", "gurux-python", "hdlc", "SN *", "*"), "Invalid Command",
     "gurux-dlms 1.0.203 fails at a read in blocks with short names"),
    # jDLMS as client.
    (("*", "jdlms", "*", "*", "set blocks"), "Receiving fragments not yet implemented",
     "jDLMS 1.8.0 as client cannot send a SET in blocks"),
    (("*", "jdlms", "*", "*", "action blocks"), "this is not yet implemented",
     "jDLMS 1.8.0 as client cannot send an ACTION in blocks"),
    (("*", "jdlms", "hdlc", "*", "*"), "BufferUnderflowException",
     "jDLMS 1.8.0 as HDLC client: exception while it splits an APDU into two frames"),
    (("meterproof", "jdlms", "*", "GMAC*", "*"), "HLS authentication step 4",
     "jDLMS 1.8.0 uses one invocation counter twice, for its HLS token and for the APDU around it; the healthy meter refuses"),
    # jDLMS as server.
    (("jdlms", "jdlms", "hdlc", "*", "*"), "EOFException",
     "jDLMS 1.8.0 as HDLC server: exception while it splits an answer into frames"),
    (("jdlms", "jdlms", "hdlc", "*", "*"), "RESPONSE_TIMEOUT",
     "jDLMS 1.8.0 as HDLC server: exception while it splits an answer into frames"),
    (("jdlms", "meterproof", "hdlc", "*", "*"), "no answer in time",
     "jDLMS 1.8.0 as HDLC server leaves N(R) at 0, so nothing sent to it is ever acknowledged"),
    (("jdlms", "meterproof", "hdlc", "GMAC*", "*"), "octets after the end of the value",
     "jDLMS 1.8.0 as HDLC server leaves N(R) at 0 and takes the AARQ that is therefore sent again for a request"),
    (("jdlms", "meterproof", "hdlc", "GMAC*", "*"), "closed by peer",
     "jDLMS 1.8.0 as HDLC server leaves N(R) at 0 and takes the AARQ that is therefore sent again for a request"),
    (("jdlms", "gurux-java", "wrapper", "LLS", "*"), "application context name is not supported",
     "jDLMS 1.8.0 answers an unciphered LLS association with the ciphered context name; Gurux for Java refuses it"),
    (("jdlms", "gurux-*", "wrapper", "GMAC *ded*", "*"), "closed the connection",
     "jDLMS 1.8.0 as server closes the connection at an InitiateRequest with a dedicated key"),
    (("jdlms", "meterproof", "*", "GMAC *ded*", "*"), "closed by peer",
     "jDLMS 1.8.0 as server closes the connection at an InitiateRequest with a dedicated key"),
    (("jdlms", "dlms-cosem", "wrapper", "*", "*"), "protocol version that is not 0",
     "dlms-cosem 25.1.0 refuses an AARE that carries the protocol-version, which jDLMS writes"),
    # dlms-cosem.
    (("*", "dlms-cosem", "*", "*", "by entry"), "", "dlms-cosem 25.1.0 has no selection by entry"),
    (("*", "dlms-cosem", "hdlc", "*", "*"), "TimeoutError",
     "dlms-cosem 25.1.0 takes an octet 7E inside a frame, here in its FCS, for the closing flag and waits for ever"),
    (("meterproof", "dlms-cosem", "*", "GMAC*", "*"), "HLSError",
     "dlms-cosem 25.1.0 uses one invocation counter twice, for its HLS token and for the APDU around it; the healthy meter "
     "refuses"),
]
NO_KEY_AGREEMENT = "Gurux 4.0.47 sends general-glo-ciphering when it is asked for key agreement, so nobody here speaks it"
# Combinations that are not run: the peer says itself that it lacks them, or they would only wait for their time-out.
NOT_RUN = [
    (("*", "gurux-*", "*", "gen-cip*"), NO_KEY_AGREEMENT),
    (("gurux-java", "meterproof", "*", "gen-cip*"),
     "Gurux for Java 4.0.47 as server wants other octets signed than the ephemeral key of general-ciphering, and closes"),
    (("*", "jdlms", "*", "HLS*"), "jDLMS 1.8.0 knows of the HLS mechanisms only GMAC"),
    (("jdlms", "*", "*", "HLS*"), "jDLMS 1.8.0 knows of the HLS mechanisms only GMAC"),
    (("*", "jdlms", "*", "* s[12]"), "jDLMS 1.8.0 knows only suite 0"),
    (("jdlms", "*", "*", "* s[12]"), "jDLMS 1.8.0 knows only suite 0"),
    (("*", "jdlms", "*", "GBT*"), "jDLMS 1.8.0 has no general-block-transfer"),
    (("jdlms", "*", "*", "GBT*"), "jDLMS 1.8.0 has no general-block-transfer"),
    (("*", "jdlms", "*", "GMAC gen*"), "jDLMS 1.8.0 cannot be asked for general ciphering"),
    (("*", "jdlms", "*", "GMAC ded*"), "jDLMS 1.8.0 cannot be asked for a dedicated key"),
    (("*", "jdlms", "*", "SN*"), "jDLMS 1.8.0 maps names itself and is not given a map here"),
    (("jdlms", "*", "*", "SN*"), "the peer meter on jDLMS has logical names only"),
    (("jdlms", "meterproof", "*", "GMAC gen*"), "jDLMS 1.8.0 as server closes the connection at general ciphering"),
    (("jdlms", "gurux-*", "hdlc", "*"), "jDLMS 1.8.0 as HDLC server leaves N(R) at 0; Gurux insists on it"),
    (("jdlms", "dlms-cosem", "hdlc", "*"), "jDLMS 1.8.0 as HDLC server fails on an SNRM without parameters, which dlms-cosem sends"),
    (("*", "dlms-cosem", "*", "HLS*"), "dlms-cosem 25.1.0 ciphers the context of every HLS mechanism"),
    (("*", "jdlms", "*", "* RLRQ"), "jDLMS 1.8.0 cannot be asked for a ciphered release"),
    (("*", "dlms-cosem", "*", "* RLRQ"), "dlms-cosem 25.1.0 knows only general-glo-ciphering"),
    (("*", "gurux-python", "*", "* RLRQ"), "the glue around gurux-dlms has no ciphered release"),
    (("*", "meterproof", "*", "* RLRQ"), "meterproof-interop has no option for a ciphered release yet"),
    (("*", "dlms-cosem", "*", "GMAC*s[12]"), "dlms-cosem 25.1.0 is not told of another suite than 0 here"),
    (("*", "dlms-cosem", "*", "GMAC glo*"), "dlms-cosem 25.1.0 knows only general-glo-ciphering"),
    (("*", "dlms-cosem", "*", "GMAC *ded*"), "dlms-cosem 25.1.0 knows only general-glo-ciphering"),
    (("*", "dlms-cosem", "*", "ECDSA*"), "dlms-cosem 25.1.0 has no ECDSA"),
    (("*", "dlms-cosem", "*", "gen-*"), "dlms-cosem 25.1.0 has no key agreement and no signatures"),
    (("*", "dlms-cosem", "*", "GBT*"), "dlms-cosem 25.1.0 has no general-block-transfer"),
    (("*", "dlms-cosem", "*", "SN*"), "dlms-cosem 25.1.0 has no short names"),
    (("*", "gurux-python", "*", "ECDSA*"), "gurux-dlms 1.0.203 fails at ECDSA with one of three exceptions of its own"),
    (("*", "gurux-python", "*", "gen-sign*"), "gurux-dlms 1.0.203 fails at ECDSA with one of three exceptions of its own"),
    (("gurux-java", "gurux-java", "*", "GBT w*"), "Gurux for Java 4.0.47 recurses without end in windows above 1 against itself"),
]
# Rows against the simulated meter that are asked again, up to ten times, when something in them fails.
INTERMITTENT = [
    (("meterproof", "gurux-java", "*", "gen-sign*"), "Gurux for Java 4.0.47 sends now and then a signature that it refuses itself"),
    (("meterproof", "gurux-java", "*", "ECDSA glo s1"), "Gurux for Java 4.0.47 sends now and then a signature that it refuses itself"),
]
# Why a client was not asked for something.
NOT_ASKED = [
    (("*", "gurux-java", "*", "*", "key transfer"), "asked with GMAC glo in suites 0, 1 and 2, of Gurux only"),
    (("*", "*", "*", "*", "key transfer"), "asked by Gurux for Java only"),
    (("meterproof", "*", "*", "none", "*"), "the simulated meter shows its public client only name and clock"),
    (("meterproof", "*", "*", "LLS", "set"), "a reader with a password may not write to the simulated meter"),
    (("meterproof", "dlms-cosem", "*", "*", "*"), "the glue around dlms-cosem only reads"),
    (("meterproof", "*", "*", "*", "*"), "not asked of the simulated meter"),
    (("*", "dlms-cosem", "*", "*", "*"), "the glue around dlms-cosem only reads"),
    (("*", "gurux-python", "*", "*", "*"), "the glue around gurux-dlms reads and writes only"),
    (("*", "jdlms", "*", "*", "access"), "jDLMS 1.8.0 has no ACCESS"),
    (("jdlms", "*", "*", "*", "access"), "jDLMS 1.8.0 has no ACCESS"),
    (("*", "*", "*", "SN *", "access"), "ACCESS is a service of logical names"),
    (("*", "*", "*", "* glo *", "access"), "ACCESS has no service-specific ciphering"),
    (("*", "*", "*", "* ded *", "access"), "ACCESS has no service-specific ciphering"),
    (("*", "*", "*", "gen-sign*", "access"), "Gurux for Java 4.0.47 signs no ACCESS"),
    (("*", "*", "hdlc", "*", "*"), "over HDLC only with the settings none and GMAC glo s0"),
    (("*", "*", "*", "*", "*"), "not asked, because there is no association"),
]


def matching(table, cell):
    """The reason of the first entry whose shell patterns match."""
    for pattern, reason in table:
        if all(fnmatch.fnmatchcase(c, p) for p, c in zip(pattern, cell)):
            return reason
    return None


def known_fault(cell, observed):
    return matching([(pattern, reason) for pattern, words, reason in KNOWN_FAULTS if words in observed], cell)
