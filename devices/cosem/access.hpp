// The ACCESS service (IEC 62056-5-3, tags D9 and DA): one request with a list of GETs, SETs and
// ACTIONs on any objects, one answer with the data and a result for each.
//
// The request holds as many data as specifications, null-data for a get; so does the answer,
// null-data where there is none. long-invoke-id-and-priority: bits 0..23 id, 28 self-descriptive
// (the answer repeats the specifications), 29 break on error, 30 confirmed, 31 high priority.
#pragma once

#include "devices/cosem/apdu.hpp"

namespace meterproof::cosem {

namespace tags {
inline constexpr std::uint8_t k_access_request = 0xD9, k_access_response = 0xDA;
}
namespace long_invoke {
inline constexpr std::uint32_t k_id = 0x00FFFFFF, k_self_descriptive = 0x10000000,
                               k_break_on_error = 0x20000000, k_confirmed = 0x40000000,
                               k_high_priority = 0x80000000;
}

struct AccessGet {  // [1], with access [4]
  SelectedAttribute what;
  bool operator==(const AccessGet&) const = default;
};
struct AccessSet {  // [2], with access [5]
  SelectedAttribute what;
  bool operator==(const AccessSet&) const = default;
};
struct AccessAction {  // [3]
  MethodDescriptor method;
  bool operator==(const AccessAction&) const = default;
};
using AccessSpecification = std::variant<AccessGet, AccessSet, AccessAction>;

struct AccessRequest {
  std::uint32_t long_invoke_id = long_invoke::k_confirmed;
  std::optional<DateTime> date_time;
  std::vector<AccessSpecification> specifications;
  std::vector<Data> values;
  bool operator==(const AccessRequest&) const = default;
};

struct AccessResult {
  enum class Kind : std::uint8_t { get = 1, set = 2, action = 3 } kind = Kind::get;
  std::uint8_t result = 0;  // DataAccessResult, or ActionResult of an action
  bool operator==(const AccessResult&) const = default;
};

struct AccessResponse {
  std::uint32_t long_invoke_id = long_invoke::k_confirmed;
  std::optional<DateTime> date_time;
  std::optional<std::vector<AccessSpecification>> specifications;
  std::vector<Data> values;
  std::vector<AccessResult> results;
  bool operator==(const AccessResponse&) const = default;
};

Bytes encode_access(const AccessRequest& request);
Bytes encode_access(const AccessResponse& response);
// bad_tag for another service.
Result<AccessRequest> decode_access_request(BytesView octets, const DecodeLimits& limits = {});
Result<AccessResponse> decode_access_response(BytesView octets, const DecodeLimits& limits = {});

}  // namespace meterproof::cosem
