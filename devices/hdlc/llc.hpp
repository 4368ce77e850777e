// The LLC header in front of each APDU in the first segment of a message (IEC 62056-46, 5.3).
#pragma once

#include <array>
#include <cstddef>

namespace meterproof::hdlc {

inline constexpr std::array k_llc_command{std::byte{0xE6}, std::byte{0xE6}, std::byte{0x00}};
inline constexpr std::array k_llc_response{std::byte{0xE6}, std::byte{0xE7}, std::byte{0x00}};

}  // namespace meterproof::hdlc
