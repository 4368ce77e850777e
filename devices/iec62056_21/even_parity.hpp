// Seven data bits and even parity made in software over eight data bits: a pseudo-terminal and many
// adapters carry nothing else. The parity bit is the highest.
#pragma once

#include <bit>
#include <cstddef>
#include <optional>

namespace meterproof::iec62056_21 {

constexpr std::byte with_even_parity(std::byte character) {
  character &= std::byte{0x7F};
  const bool odd = std::popcount(std::to_integer<unsigned>(character)) % 2 != 0;
  return odd ? character | std::byte{0x80} : character;
}

// Nothing when the parity is wrong.
constexpr std::optional<std::byte> without_even_parity(std::byte octet) {
  const std::byte character = octet & std::byte{0x7F};
  if (with_even_parity(character) != octet) return std::nullopt;
  return character;
}

}  // namespace meterproof::iec62056_21
