#include "devices/cosem/security_policy.hpp"

namespace meterproof::cosem {
namespace {

constexpr std::uint8_t k_protections = 0x30;  // authenticated, encrypted
constexpr std::uint8_t k_request_signed = 0x10, k_response_signed = 0x80;
constexpr std::uint8_t k_without_meaning = 0x03;

}  // namespace

std::optional<SecurityPolicy> security_policy_from(std::uint8_t version, std::uint8_t value) {
  if (version == 0) {
    if (value > 3) return std::nullopt;
    const auto both = static_cast<std::uint8_t>(value << 4);
    return SecurityPolicy{both, both, false, false};
  }
  if (version != 1 || (value & k_without_meaning) != 0) return std::nullopt;
  return SecurityPolicy{static_cast<std::uint8_t>(value << 2 & k_protections),
                        static_cast<std::uint8_t>(value >> 1 & k_protections),
                        (value & k_request_signed) != 0, (value & k_response_signed) != 0};
}

std::optional<std::uint8_t> security_policy_value(std::uint8_t version,
                                                  const SecurityPolicy& policy) {
  if (version == 0) {
    if (policy.request != policy.response || policy.request_signed || policy.response_signed) {
      return std::nullopt;
    }
    return static_cast<std::uint8_t>(policy.request >> 4);
  }
  if (version != 1) return std::nullopt;
  return static_cast<std::uint8_t>(policy.request >> 2 | policy.response << 1 |
                                   (policy.request_signed ? k_request_signed : 0) |
                                   (policy.response_signed ? k_response_signed : 0));
}

bool at_least_as_strong(const SecurityPolicy& more, const SecurityPolicy& less) {
  return (more.request & less.request) == less.request &&
         (more.response & less.response) == less.response &&
         (more.request_signed || !less.request_signed) &&
         (more.response_signed || !less.response_signed);
}

Result<void> check_protection(std::uint8_t control, std::uint8_t demanded) {
  if ((control & demanded & k_protections) != (demanded & k_protections)) {
    return CosemError::policy_not_met;
  }
  return {};
}

}  // namespace meterproof::cosem
