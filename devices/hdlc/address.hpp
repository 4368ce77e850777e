// Addresses of HDLC stations (IEC 62056-46, 6.4.2.2). A client has one octet. A server has an upper
// (logical device) and a lower (physical device) part in one, two or four octets; one octet has no
// lower part. The lowest bit of an octet is set in the last one only.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "devices/hdlc/errors.hpp"

namespace meterproof::hdlc {

using Bytes = std::vector<std::byte>;
using BytesView = std::span<const std::byte>;

struct Address {
  std::uint16_t upper = 0;  // 0..127; with four octets 0..16383
  std::uint16_t lower = 0;  // as upper
  std::uint8_t octets = 1;  // 1, 2 or 4

  // 16 is the public client, 1 the management client.
  static constexpr Address client(std::uint8_t sap) { return {sap, 0, 1}; }
  static constexpr Address server(std::uint16_t logical) { return {logical, 0, 1}; }
  static constexpr Address server(std::uint16_t logical, std::uint16_t physical) {
    return {logical, physical, 2};
  }
  static constexpr Address server_4_octets(std::uint16_t logical, std::uint16_t physical) {
    return {logical, physical, 4};
  }
  // Every logical device of every physical device on the line (6.4.2.3): nobody answers.
  static constexpr Address all_stations(std::uint8_t octets = 1) {
    const std::uint16_t all = octets == 4 ? 0x3FFF : 0x7F;
    return {all, octets == 1 ? std::uint16_t{0} : all, octets};
  }
  // Does the upper or the lower part mean every station?
  bool is_broadcast() const {
    const std::uint16_t all = octets == 4 ? 0x3FFF : 0x7F;
    return upper == all || (octets > 1 && lower == all);
  }
  auto operator<=>(const Address&) const = default;
};

void append_address(Bytes& out, const Address& address);

struct ParsedAddress {
  Address address;
  std::size_t octets = 0;  // taken from the front
};
// Errors: truncated (the last octet has not come), bad_format.
Result<ParsedAddress> parse_address(BytesView octets);

}  // namespace meterproof::hdlc
