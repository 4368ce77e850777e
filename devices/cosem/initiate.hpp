// xDLMS InitiateRequest and InitiateResponse: what travels in the user-information of AARQ and AARE
// and negotiates DLMS version, conformance and the longest APDU (IEC 62056-5-3).
#pragma once

#include <cstdint>
#include <optional>

#include "devices/cosem/bytes.hpp"
#include "devices/cosem/errors.hpp"

namespace meterproof::cosem {

// Conformance block: 24 bits, bit 0 of the standard is 0x800000.
namespace conformance {
inline constexpr std::uint32_t k_general_protection = 0x400000, k_general_block_transfer = 0x200000,
                               k_read = 0x100000, k_write = 0x080000,
                               k_unconfirmed_write = 0x040000, k_attribute_0_with_set = 0x008000,
                               k_priority_management = 0x004000, k_attribute_0_with_get = 0x002000,
                               k_block_transfer_with_get = 0x001000,
                               k_block_transfer_with_set = 0x000800,
                               k_block_transfer_with_action = 0x000400,
                               k_multiple_references = 0x000200, k_information_report = 0x000100,
                               k_data_notification = 0x000080, k_access = 0x000040,
                               k_parameterized_access = 0x000020, k_get = 0x000010,
                               k_set = 0x000008, k_selective_access = 0x000004,
                               k_event_notification = 0x000002, k_action = 0x000001;
// What this stack offers as a client.
inline constexpr std::uint32_t k_offered =
    k_priority_management | k_block_transfer_with_get | k_block_transfer_with_set |
    k_block_transfer_with_action | k_multiple_references | k_data_notification | k_get | k_set |
    k_selective_access | k_event_notification | k_action;
// The same with short-name referencing.
inline constexpr std::uint32_t k_offered_short_names =
    k_read | k_write | k_unconfirmed_write | k_block_transfer_with_get | k_block_transfer_with_set |
    k_multiple_references | k_information_report | k_parameterized_access;
}  // namespace conformance

struct InitiateRequest {
  Bytes dedicated_key;  // empty: none
  bool response_allowed = true;
  std::optional<std::uint8_t> quality_of_service;
  std::uint8_t dlms_version = 6;
  std::uint32_t conformance = conformance::k_offered;
  std::uint16_t max_pdu = 0xFFFF;  // longest APDU the client takes; 0: no limit
  bool operator==(const InitiateRequest&) const = default;
};

struct InitiateResponse {
  std::optional<std::uint8_t> quality_of_service;
  std::uint8_t dlms_version = 6;
  std::uint32_t conformance = 0;   // what both can do
  std::uint16_t max_pdu = 0xFFFF;  // longest APDU the server takes
  std::uint16_t vaa_name = 0x0007;
  bool operator==(const InitiateResponse&) const = default;
};

Bytes encode(const InitiateRequest& request);
Bytes encode(const InitiateResponse& response);
// Both accept the conformance tag 5F 1F and its old form 5F without 1F.
Result<InitiateRequest> decode_initiate_request(BytesView octets);
// A confirmedServiceError in its place gives an error of service_error_category().
Result<InitiateResponse> decode_initiate_response(BytesView octets);

}  // namespace meterproof::cosem
