// ACSE: opening and releasing an application association (IEC 62056-5-3, ISO 15954 in BER).
//
// Codec of AARQ, AARE, RLRQ and RLRE, both ways. Lenient in reading where meters in the field are
// odd (extra fields, wrong RLRE lengths); what was odd stands in `oddities`, so that a conformance
// procedure can still judge it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "devices/cosem/bytes.hpp"
#include "devices/cosem/errors.hpp"

namespace meterproof::cosem {

// Last arc of the application context name 2.16.756.5.8.1.x
namespace context {
inline constexpr std::uint8_t k_ln = 1, k_sn = 2, k_ln_ciphered = 3, k_sn_ciphered = 4;
}
// Last arc of the mechanism name 2.16.756.5.8.2.x
namespace mechanism {
inline constexpr std::uint8_t k_none = 0, k_lls = 1, k_hls = 2, k_hls_md5 = 3, k_hls_sha1 = 4,
                              k_hls_gmac = 5, k_hls_sha256 = 6, k_hls_ecdsa = 7;
}
namespace association_result {
inline constexpr std::uint8_t k_accepted = 0, k_rejected_permanent = 1, k_rejected_transient = 2;
}
// acse-service-user diagnostics (source 1)
namespace diagnostic {
inline constexpr std::uint8_t k_null = 0, k_no_reason = 1, k_context_not_supported = 2,
                              k_calling_title_not_recognized = 3, k_mechanism_not_recognised = 11,
                              k_mechanism_required = 12, k_authentication_failure = 13,
                              k_authentication_required = 14;
}

struct Aarq {
  std::optional<std::uint8_t> application_context = context::k_ln;  // nothing: a foreign OID
  Bytes calling_ap_title;                             // client system title; empty: absent
  std::optional<std::uint8_t> mechanism;              // nothing: absent, no authentication
  bool sender_acse_requirements = false;              // the authentication functional unit
  std::optional<Bytes> calling_authentication_value;  // password or CtoS
  std::optional<Bytes> calling_ae_qualifier;
  std::optional<std::uint8_t> calling_ae_invocation_id;  // user id
  Bytes user_information;                                // InitiateRequest, plain or ciphered
  std::vector<std::string> oddities;                     // what decoding found odd; not encoded
  bool operator==(const Aarq&) const = default;
};

struct Aare {
  std::optional<std::uint8_t> application_context = context::k_ln;
  std::uint8_t result = association_result::k_accepted;
  std::uint8_t diagnostic_source = 1;  // 1 acse-service-user, 2 acse-service-provider
  std::uint8_t diagnostic = diagnostic::k_null;
  Bytes responding_ap_title;  // server system title; empty: absent
  bool responder_acse_requirements = false;
  std::optional<std::uint8_t> mechanism;
  std::optional<Bytes> responding_authentication_value;  // StoC
  Bytes user_information;  // InitiateResponse or confirmedServiceError, plain or ciphered
  std::vector<std::string> oddities;
  bool operator==(const Aare&) const = default;
};

struct Rlrq {
  std::optional<std::uint8_t> reason = std::uint8_t{0};  // 0 normal, 1 urgent, 30 user defined
  Bytes user_information;
  std::vector<std::string> oddities;
  bool operator==(const Rlrq&) const = default;
};

struct Rlre {
  std::optional<std::uint8_t> reason = std::uint8_t{0};  // 0 normal, 1 not finished, 30 user
  Bytes user_information;
  std::vector<std::string> oddities;
  bool operator==(const Rlre&) const = default;
};

using AcseApdu = std::variant<Aarq, Aare, Rlrq, Rlre>;

Bytes encode_acse(const AcseApdu& apdu);
Result<AcseApdu> decode_acse(BytesView octets);

// The refusal that an AARE states, as error of association_category(); no error when it accepts
// (also when it asks for HLS: diagnostic authentication-required with result accepted).
Error to_error(const Aare& aare);

}  // namespace meterproof::cosem
