// Security policy of an association (Security setup, class 64, attribute 2): what protection
// requests and responses must have at least, each direction by itself.
//
//   version 0   0 nothing, 1 all messages authenticated, 2 encrypted, 3 both
//   version 1   bits 2, 3, 4 request authenticated, encrypted, signed; 5, 6, 7 the same of
//   responses
#pragma once

#include <cstdint>
#include <optional>

#include "devices/cosem/errors.hpp"

namespace meterproof::cosem {

struct SecurityPolicy {
  // Bits of the security control octet: k_authenticated, k_encrypted.
  std::uint8_t request = 0, response = 0;
  bool request_signed = false, response_signed = false;
  bool operator==(const SecurityPolicy&) const = default;
};

// Nothing for a value or a bit that the version does not know.
std::optional<SecurityPolicy> security_policy_from(std::uint8_t version, std::uint8_t value);
// Nothing when version 0 cannot say it: two directions that differ, or a signature.
std::optional<std::uint8_t> security_policy_value(std::uint8_t version,
                                                  const SecurityPolicy& policy);
// Whether every protection of `less` is also in `more`: a policy may only be strengthened.
bool at_least_as_strong(const SecurityPolicy& more, const SecurityPolicy& less);

// Whether a message with this security control octet (0: it came plain) has the protection that is
// demanded of its direction; policy_not_met when it has not.
Result<void> check_protection(std::uint8_t control, std::uint8_t demanded);

}  // namespace meterproof::cosem
