// What can go wrong with a DLMS/COSEM peer, as values. Each kind of refusal that the protocol knows
// has its own error category, so that a procedure can tell "the meter refused this, and why" from
// "the meter answered nonsense":
//
//   CosemError             octets that do not parse, broken protection, unexpected answers
//   DataAccessResult       result of GET and SET (IEC 62056-5-3)
//   ActionResult           result of ACTION
//   association_category   value = result * 1000 + source * 100 + diagnostic, see acse.hpp
//   exception_category     value = state-error * 256 + service-error, see apdu.hpp
//   service_error_category value = service * 65536 + kind * 256 + value: confirmedServiceError
#pragma once

#include <cstdint>

#include "harness/result.hpp"

namespace meterproof::cosem {

using harness::Error;
using harness::Result;

enum class CosemError {
  truncated = 1,                   // the octets end too early
  trailing_octets,                 // the value ends before the octets do
  bad_tag,                         // a tag or choice that does not exist here
  bad_length,                      // a length that contradicts itself or the type
  bad_value,                       // a value outside its range
  too_deep,                        // more nesting than allowed
  too_large,                       // more elements or octets than allowed
  not_supported,                   // known to the standard, not to us
  bad_authentication_tag,          // GCM or GMAC does not verify
  invocation_counter_not_greater,  // replayed or reused counter
  not_ciphered,                    // a plain APDU came where a ciphered one is due
  unexpected_apdu,                 // a well-formed APDU that does not belong here
  wrong_invoke_id,                 // the answer belongs to another request
  wrong_block,                     // a block out of sequence
  not_associated,                  // the client has no association
  refused,                         // refused without a reason that the protocol can say
  peer_not_authentic,              // the server did not prove that it knows the key (HLS pass 4)
  type_mismatch,                   // an attribute has another type than its class says
  missing_secret,  // the association needs a key or password that the bench file does not give
  message_lost,    // the transport delivered an empty message
  invocation_counter_exhausted,  // ours: 2^32 - 1 was used; new keys are needed
  wrong_security_suite,          // protected under another suite than the association's
  compression_not_supported,     // security control bit 7 (V.44)
  policy_not_met,                // protected less than the security policy demands
  bad_signature,                 // ECDSA does not verify
  bad_public_key,                // not a point of the suite's curve
  bad_certificate,               // malformed, or not issued by whom it should be
  certificate_not_valid_now,     // before notBefore or after notAfter
  wrong_key_usage,               // a certificate for another use
  wrong_system_title,            // of another system than the one expected
  not_negotiated,     // ours: the association was opened without this service (conformance)
  wrong_transaction,  // a general-ciphering or general-signing answer to another request
};
const boost::system::error_category& cosem_category();
inline Error make_error_code(CosemError error) {
  return {static_cast<int>(error), cosem_category()};
}

enum class DataAccessResult : std::uint8_t {
  success = 0,
  hardware_fault = 1,
  temporary_failure = 2,
  read_write_denied = 3,
  object_undefined = 4,
  object_class_inconsistent = 9,
  object_unavailable = 11,
  type_unmatched = 12,
  scope_of_access_violated = 13,
  data_block_unavailable = 14,
  long_get_aborted = 15,
  no_long_get_in_progress = 16,
  long_set_aborted = 17,
  no_long_set_in_progress = 18,
  data_block_number_invalid = 19,
  other_reason = 250,
};
const boost::system::error_category& data_access_category();
inline Error make_error_code(DataAccessResult result) {
  return {static_cast<int>(result), data_access_category()};
}

enum class ActionResult : std::uint8_t {
  success = 0,
  hardware_fault = 1,
  temporary_failure = 2,
  read_write_denied = 3,
  object_undefined = 4,
  object_class_inconsistent = 9,
  object_unavailable = 11,
  type_unmatched = 12,
  scope_of_access_violated = 13,
  data_block_unavailable = 14,
  long_action_aborted = 15,
  no_long_action_in_progress = 16,
  other_reason = 250,
};
const boost::system::error_category& action_category();
inline Error make_error_code(ActionResult result) {
  return {static_cast<int>(result), action_category()};
}

const boost::system::error_category& association_category();
const boost::system::error_category& exception_category();
const boost::system::error_category& service_error_category();

// The peer answered, in the protocol's own words, that it will not: any category above but
// CosemError, and CosemError::refused.
bool is_refusal(const Error& error);

}  // namespace meterproof::cosem

template <>
struct boost::system::is_error_code_enum<meterproof::cosem::CosemError> : std::true_type {};
template <>
struct boost::system::is_error_code_enum<meterproof::cosem::DataAccessResult> : std::true_type {};
template <>
struct boost::system::is_error_code_enum<meterproof::cosem::ActionResult> : std::true_type {};
