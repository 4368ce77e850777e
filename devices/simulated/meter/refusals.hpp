// What the meter answers to a protected message that it does not take (exception-response,
// IEC 62056-5-3), and how it notes it. Room-internal.
#pragma once

#include <algorithm>

#include "devices/simulated/meter/protection.hpp"

namespace meterproof::simulated {

inline constexpr std::uint8_t k_exception_not_allowed = 1;
inline constexpr std::uint8_t k_exception_deciphering = 5, k_exception_counter = 6;

// One answer whatever was wrong, so that nobody learns which part of a forgery was good.
inline Refusal deciphering_error() {
  return {{k_exception_not_allowed, k_exception_deciphering, {}}, SecurityEvent::decryption_failed};
}
inline Refusal policy_not_met() {
  return {{k_exception_not_allowed, k_exception_deciphering, {}}, SecurityEvent::not_permitted};
}
inline Refusal counter_error(std::uint64_t lowest_acceptable) {
  const std::uint64_t told = std::min<std::uint64_t>(lowest_acceptable, UINT32_MAX);
  return {{k_exception_not_allowed, k_exception_counter, static_cast<std::uint32_t>(told)},
          SecurityEvent::replay_refused};
}

}  // namespace meterproof::simulated
