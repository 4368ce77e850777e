// The entries of the security catalogue that have procedures: title, objective, severity and
// clauses. A proposal from the project's own research; "clause_source_confidence" says which clause
// lists were read in a source and which are from memory and must be verified before a customer sees
// them cited.
#include "suites/security/catalogue_entry.hpp"

namespace meterproof::suites {

const std::string_view k_security_catalogue_json = R"json(
{
 "source": "Meterproof security research notes (proposal; see clause_source_confidence)",
 "clause_source_confidence": {
  "checked_in_a_source_read_in_this_work": [
   "etsi_en_303_645 (V3.1.3 list and status table; V2.1.1 texts via IETF draft)",
   "etsi_ts_103_701 group/IXIT names (public self-assessment)",
   "iec_62443_4_2 CR/EDR ids and titles",
   "enisa_gp_tm ids",
   "owasp_iot_2018 ids",
   "gbcs use-case and alert codes (SmartDCC gbcs-parser 3d104aa)",
   "cra Annex I Part I (2) b,c,g,h,i,j and Annex IV SMGW",
   "conformance_test_id (GXDLMSDirector 4d4dbfd)",
   "welmec P2,P4,P5,P7,S1 (secondary)"
  ],
  "from_memory_verify_before_citing_to_a_customer": [
   "cwe/capec numbers",
   "welmec P3,P6,D,L,I, T",
   "oiml_d31 2008 numbers (2019 edition renumbers 5.x to 6.x)",
   "mid annex I numbers",
   "en_18031 mechanism numbers",
   "nistir_7628 ids",
   "BSI PP SFR names",
   "RFC numbers",
   "cpa_topic = topic only: CPA mitigation numbers not obtained"
  ]
 },
 "tests": [
  {
   "id": "SEC_AUTH_001",
   "title": "LLS online guessing is throttled",
   "objective": "Wrong low-level-security passwords must become slow or blocked, not free.",
   "severity": "high",
   "destructive": "disruptive",
   "clauses": {
    "etsi_en_303_645": [
     "5.1-5"
    ],
    "etsi_ts_103_701": [
     "5.1-5-2 unit B"
    ],
    "iec_62443_4_2": [
     "CR 1.11"
    ],
    "cwe": [
     "CWE-307"
    ],
    "capec": [
     "CAPEC-49",
     "CAPEC-112"
    ],
    "enisa_gp_tm": [
     "GP-TM-25"
    ],
    "owasp_iot_2018": [
     "I1"
    ],
    "cra_2024_2847_annex_I_part_I_2": [
     "d"
    ],
    "en_18031": [
     "AUM-6"
    ],
    "nistir_7628": [
     "SG.AC-8"
    ],
    "welmec_7_2": [
     "P6"
    ],
    "gbcs": [
     "0x8F3E",
     "0x8F53"
    ],
    "etsi_en_303_645_v2_1_1": [
     "5.1-5"
    ]
   }
  },
  {
   "id": "SEC_AUTH_004",
   "title": "No user/secret oracle in answers or timing",
   "objective": "Answer and time must not tell which part of the credential was wrong.",
   "severity": "medium",
   "destructive": "none",
   "clauses": {
    "etsi_en_303_645": [
     "5.6-2"
    ],
    "iec_62443_4_2": [
     "CR 1.10"
    ],
    "cwe": [
     "CWE-204",
     "CWE-208"
    ],
    "capec": [
     "CAPEC-54"
    ],
    "enisa_gp_tm": [
     "GP-TM-26",
     "GP-TM-53"
    ],
    "nistir_7628": [
     "SG.IA-6"
    ],
    "etsi_en_303_645_v2_1_1": [
     "5.6-2"
    ]
   }
  },
  {
   "id": "SEC_AUTH_005",
   "title": "No default, published or trivial DLMS secrets",
   "objective": "Secrets printed in books and libraries must not open the meter.",
   "severity": "critical",
   "destructive": "none",
   "clauses": {
    "etsi_en_303_645": [
     "5.1-1",
     "5.1-2",
     "5.4-3",
     "5.4-4",
     "5.1-2A"
    ],
    "etsi_ts_103_701": [
     "5.1-1-2",
     "5.4-3-2"
    ],
    "iec_62443_4_2": [
     "CR 1.5",
     "CR 1.7",
     "CR 1.14"
    ],
    "cwe": [
     "CWE-1392",
     "CWE-321",
     "CWE-798"
    ],
    "capec": [
     "CAPEC-70"
    ],
    "enisa_gp_tm": [
     "GP-TM-09",
     "GP-TM-22"
    ],
    "owasp_iot_2018": [
     "I1",
     "I9"
    ],
    "cra_2024_2847_annex_I_part_I_2": [
     "b",
     "d"
    ],
    "en_18031": [
     "AUM-5",
     "CCK-1"
    ],
    "etsi_en_303_645_v2_1_1": [
     "5.1-1",
     "5.1-2",
     "5.4-3",
     "5.4-4",
     "(new in V3)"
    ]
   }
  },
  {
   "id": "SEC_AUTH_007",
   "title": "HLS challenge is long and random enough",
   "objective": "StoC must be 8..64 octets, fresh, unpredictable.",
   "severity": "high",
   "destructive": "none",
   "clauses": {
    "etsi_en_303_645": [
     "5.1-3",
     "5.5-1"
    ],
    "etsi_ts_103_701": [
     "5.1-3-2"
    ],
    "iec_62443_4_2": [
     "CR 1.14",
     "CR 4.3"
    ],
    "cwe": [
     "CWE-330",
     "CWE-331",
     "CWE-338"
    ],
    "capec": [
     "CAPEC-112"
    ],
    "enisa_gp_tm": [
     "GP-TM-34"
    ],
    "en_18031": [
     "CRY-1"
    ],
    "dlms_ua": [
     "HLS pass 2"
    ],
    "etsi_en_303_645_v2_1_1": [
     "5.1-3",
     "5.5-1"
    ]
   }
  },
  {
   "id": "SEC_AUTH_009",
   "title": "Recorded HLS pass-3 message cannot be replayed",
   "objective": "A passive recording of a legitimate login must be useless.",
   "severity": "critical",
   "destructive": "none",
   "clauses": {
    "etsi_en_303_645": [
     "5.1-3",
     "5.5-5"
    ],
    "iec_62443_4_2": [
     "CR 1.2",
     "CR 3.1",
     "CR 3.8"
    ],
    "cwe": [
     "CWE-294"
    ],
    "capec": [
     "CAPEC-60"
    ],
    "enisa_gp_tm": [
     "GP-TM-21"
    ],
    "en_18031": [
     "SCM-4",
     "AUM-3"
    ],
    "gbcs": [
     "0x8F53"
    ],
    "etsi_en_303_645_v2_1_1": [
     "5.1-3",
     "5.5-5"
    ]
   }
  },
  {
   "id": "SEC_AUTH_011",
   "title": "No rights before the association is complete",
   "objective": "After HLS pass 2 only the reply method is allowed.",
   "severity": "critical",
   "destructive": "none",
   "clauses": {
    "etsi_en_303_645": [
     "5.5-4",
     "5.5-5"
    ],
    "iec_62443_4_2": [
     "CR 2.1"
    ],
    "cwe": [
     "CWE-304",
     "CWE-306"
    ],
    "capec": [
     "CAPEC-220"
    ],
    "en_18031": [
     "ACM-2"
    ],
    "conformance_test_id": [
     "T_APPL_IDLE_N1"
    ],
    "etsi_en_303_645_v2_1_1": [
     "5.5-4",
     "5.5-5"
    ]
   }
  },
  {
   "id": "SEC_DLMS_001",
   "title": "Unciphered request refused where protection is required",
   "objective": "Security policy must be enforced on every service.",
   "severity": "critical",
   "destructive": "none",
   "clauses": {
    "etsi_en_303_645": [
     "5.5-1",
     "5.5-5",
     "5.8-1"
    ],
    "etsi_ts_103_701": [
     "5.5-1-2"
    ],
    "iec_62443_4_2": [
     "CR 3.1",
     "CR 4.1"
    ],
    "cwe": [
     "CWE-311",
     "CWE-319",
     "CWE-757"
    ],
    "capec": [
     "CAPEC-620"
    ],
    "enisa_gp_tm": [
     "GP-TM-39"
    ],
    "owasp_iot_2018": [
     "I7"
    ],
    "cra_2024_2847_annex_I_part_I_2": [
     "e",
     "f"
    ],
    "en_18031": [
     "SCM-1"
    ],
    "gbcs": [
     "0x8F1E"
    ],
    "etsi_en_303_645_v2_1_1": [
     "5.5-1",
     "5.5-5",
     "5.8-1"
    ]
   }
  },
  {
   "id": "SEC_DLMS_003",
   "title": "Authentication tag is fully verified",
   "objective": "No truncated, zero or partly checked tag.",
   "severity": "critical",
   "destructive": "none",
   "clauses": {
    "etsi_en_303_645": [
     "5.5-1"
    ],
    "iec_62443_4_2": [
     "CR 3.1"
    ],
    "cwe": [
     "CWE-354",
     "CWE-347"
    ],
    "capec": [
     "CAPEC-475"
    ],
    "cra_2024_2847_annex_I_part_I_2": [
     "f"
    ],
    "en_18031": [
     "SCM-2"
    ],
    "dlms_ua": [
     "GCM tag 12 octets"
    ],
    "etsi_en_303_645_v2_1_1": [
     "5.5-1"
    ]
   }
  },
  {
   "id": "SEC_DLMS_004",
   "title": "Invocation counter: replay and reorder refused",
   "objective": "Same or lower IC under the same key must never be executed.",
   "severity": "critical",
   "destructive": "none",
   "clauses": {
    "etsi_en_303_645": [
     "5.5-1"
    ],
    "iec_62443_4_2": [
     "CR 3.1",
     "CR 3.8"
    ],
    "cwe": [
     "CWE-294"
    ],
    "capec": [
     "CAPEC-60"
    ],
    "nistir_7628": [
     "SG.SC-20"
    ],
    "gbcs": [
     "0x8F1E",
     "0x8F60"
    ],
    "en_18031": [
     "SCM-4"
    ],
    "cra_2024_2847_annex_I_part_I_2": [
     "f"
    ],
    "etsi_en_303_645_v2_1_1": [
     "5.5-1"
    ]
   }
  },
  {
   "id": "SEC_DLMS_016",
   "title": "Meter answers are protected as required",
   "objective": "Responses, pushes and errors carry the required protection.",
   "severity": "high",
   "destructive": "none",
   "clauses": {
    "etsi_en_303_645": [
     "5.5-1",
     "5.8-1",
     "5.8-2"
    ],
    "iec_62443_4_2": [
     "CR 4.1"
    ],
    "cwe": [
     "CWE-319"
    ],
    "capec": [
     "CAPEC-158"
    ],
    "owasp_iot_2018": [
     "I7"
    ],
    "cra_2024_2847_annex_I_part_I_2": [
     "e"
    ],
    "en_18031": [
     "SCM-3"
    ],
    "etsi_en_303_645_v2_1_1": [
     "5.5-1",
     "5.8-1",
     "5.8-2"
    ]
   }
  },
  {
   "id": "SEC_ACL_002",
   "title": "Public client discloses only the minimum",
   "objective": "Unauthenticated association limited to identity/clock as declared.",
   "severity": "high",
   "destructive": "none",
   "clauses": {
    "etsi_en_303_645": [
     "5.5-4",
     "5.6-2"
    ],
    "etsi_ts_103_701": [
     "5.6-2-2"
    ],
    "iec_62443_4_2": [
     "CR 2.1",
     "CR 4.1"
    ],
    "cwe": [
     "CWE-306",
     "CWE-200"
    ],
    "capec": [
     "CAPEC-54"
    ],
    "enisa_gp_tm": [
     "GP-TM-27"
    ],
    "cra_2024_2847_annex_I_part_I_2": [
     "d",
     "e"
    ],
    "en_18031": [
     "ACM-2"
    ],
    "etsi_en_303_645_v2_1_1": [
     "5.5-4",
     "5.6-2"
    ]
   }
  },
  {
   "id": "SEC_ACL_003",
   "title": "Supply disconnect/reconnect cannot be triggered without authority",
   "objective": "Unauthenticated or low-rights control of the relay is the worst case.",
   "severity": "critical",
   "destructive": "state-changing",
   "clauses": {
    "etsi_en_303_645": [
     "5.5-5"
    ],
    "iec_62443_4_2": [
     "CR 2.1",
     "CR 1.2"
    ],
    "cwe": [
     "CWE-306",
     "CWE-862"
    ],
    "capec": [
     "CAPEC-1"
    ],
    "cra_2024_2847_annex_I_part_I_2": [
     "d"
    ],
    "other": [
     "NESCOR AMI mass-disconnect class"
    ],
    "nistir_7628": [
     "SG.AC-14"
    ],
    "gbcs": [
     "0x8F30",
     "ECS43",
     "GCS32"
    ],
    "cpa_topic": [
     "critical command authorisation"
    ],
    "etsi_en_303_645_v2_1_1": [
     "5.5-5"
    ]
   }
  },
  {
   "id": "SEC_APDU_001",
   "title": "Length fields that lie do no harm",
   "objective": "Octet strings, bit strings, arrays and APDU lengths vs real octets.",
   "severity": "critical",
   "destructive": "disruptive",
   "clauses": {
    "etsi_en_303_645": [
     "5.13-1B"
    ],
    "etsi_ts_103_701": [
     "5.13-1"
    ],
    "iec_62443_4_2": [
     "CR 3.5",
     "CR 3.7"
    ],
    "cwe": [
     "CWE-130",
     "CWE-125",
     "CWE-787"
    ],
    "capec": [
     "CAPEC-100",
     "CAPEC-28"
    ],
    "enisa_gp_tm": [
     "GP-TM-42",
     "GP-TM-54"
    ],
    "cra_2024_2847_annex_I_part_I_2": [
     "k"
    ],
    "en_18031": [
     "GEC-6"
    ],
    "conformance_test_id": [
     "T_APPL_DATA_LN_N1",
     "T_APPL_DATA_LN_N3",
     "T_HDLC_FRAME_N4"
    ],
    "nistir_7628": [
     "SG.SI-8"
    ],
    "cpa_topic": [
     "protocol robustness",
     "sanitise input"
    ],
    "etsi_en_303_645_v2_1_1": [
     "5.13-1"
    ]
   }
  },
  {
   "id": "SEC_HDLC_001",
   "title": "Malformed HDLC frames are dropped",
   "objective": "FCS/HCS/length/flag/format errors.",
   "severity": "medium",
   "destructive": "disruptive",
   "clauses": {
    "etsi_en_303_645": [
     "5.13-1B"
    ],
    "iec_62443_4_2": [
     "CR 3.5"
    ],
    "cwe": [
     "CWE-354",
     "CWE-130"
    ],
    "capec": [
     "CAPEC-28"
    ],
    "conformance_test_id": [
     "T_HDLC_FRAME_N1",
     "T_HDLC_FRAME_N2",
     "T_HDLC_FRAME_N3",
     "T_HDLC_FRAME_N4",
     "T_HDLC_FRAME_N5",
     "T_HDLC_FRAME_N7",
     "T_HDLC_FRAME_N8"
    ],
    "enisa_gp_tm": [
     "GP-TM-54"
    ],
    "etsi_en_303_645_v2_1_1": [
     "5.13-1"
    ]
   }
  },
  {
   "id": "SEC_BOT_001",
   "title": "Legitimate head-end is served while a botnet floods the meter",
   "objective": "The core claim of the origin document: tell a legitimate user from a bot.",
   "severity": "critical",
   "destructive": "disruptive",
   "clauses": {
    "etsi_en_303_645": [
     "5.9-1",
     "5.1-5"
    ],
    "iec_62443_4_2": [
     "CR 7.1",
     "CR 2.7",
     "CR 6.2"
    ],
    "cwe": [
     "CWE-400",
     "CWE-410",
     "CWE-307"
    ],
    "capec": [
     "CAPEC-125",
     "CAPEC-227",
     "CAPEC-49"
    ],
    "enisa_gp_tm": [
     "GP-TM-15",
     "GP-TM-17",
     "GP-TM-46",
     "GP-TM-51"
    ],
    "owasp_iot_2018": [
     "I2"
    ],
    "cra_2024_2847_annex_I_part_I_2": [
     "h"
    ],
    "en_18031": [
     "RLM-1",
     "NMM-1",
     "TCM-1"
    ],
    "nistir_7628": [
     "SG.SC-5"
    ],
    "cpa_topic": [
     "denial of service"
    ],
    "etsi_en_303_645_v2_1_1": [
     "5.9-1",
     "5.1-5"
    ]
   }
  },
  {
   "id": "SEC_RES_001",
   "title": "Metering accuracy unaffected during attack",
   "objective": "Communication load must not influence the measurement.",
   "severity": "critical",
   "destructive": "disruptive",
   "clauses": {
    "etsi_en_303_645": [
     "5.9-2"
    ],
    "iec_62443_4_2": [
     "CCSC 1",
     "CR 7.1"
    ],
    "cwe": [
     "CWE-400"
    ],
    "capec": [
     "CAPEC-125"
    ],
    "enisa_gp_tm": [
     "GP-TM-17"
    ],
    "mid_2014_32_eu_annex_I": [
     "8.1",
     "7.6"
    ],
    "welmec_7_2": [
     "P4",
     "S1",
     "I3"
    ],
    "oiml_d31_2008": [
     "5.2.1"
    ],
    "cra_2024_2847_annex_I_part_I_2": [
     "h"
    ],
    "other": [
     "EDSA downward essential service jitter",
     "IEC 62052-11"
    ],
    "etsi_en_303_645_v2_1_1": [
     "5.9-2"
    ]
   }
  }
 ]
}
)json";

}  // namespace meterproof::suites
