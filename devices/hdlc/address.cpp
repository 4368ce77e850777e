#include "devices/hdlc/address.hpp"

namespace meterproof::hdlc {
namespace {

std::byte address_octet(unsigned seven_bits, bool last) {
  return static_cast<std::byte>((seven_bits & 0x7F) << 1 | (last ? 1U : 0U));
}

}  // namespace

void append_address(Bytes& out, const Address& address) {
  if (address.octets == 1) {
    out.push_back(address_octet(address.upper, true));
  } else if (address.octets == 2) {
    out.push_back(address_octet(address.upper, false));
    out.push_back(address_octet(address.lower, true));
  } else {
    out.push_back(address_octet(address.upper >> 7U, false));
    out.push_back(address_octet(address.upper, false));
    out.push_back(address_octet(address.lower >> 7U, false));
    out.push_back(address_octet(address.lower, true));
  }
}

Result<ParsedAddress> parse_address(BytesView octets) {
  constexpr std::size_t k_longest = 4;
  std::size_t length = 0;
  for (;;) {
    if (length == k_longest) return HdlcError::bad_format;
    if (length == octets.size()) return HdlcError::truncated;
    if ((octets[length++] & std::byte{1}) != std::byte{0}) break;
  }
  if (length == 3) return HdlcError::bad_format;
  const auto seven = [&](std::size_t i) { return std::to_integer<unsigned>(octets[i]) >> 1; };
  ParsedAddress parsed{{0, 0, static_cast<std::uint8_t>(length)}, length};
  if (length == 4) {
    parsed.address.upper = static_cast<std::uint16_t>(seven(0) << 7 | seven(1));
    parsed.address.lower = static_cast<std::uint16_t>(seven(2) << 7 | seven(3));
  } else {
    parsed.address.upper = static_cast<std::uint16_t>(seven(0));
    if (length == 2) parsed.address.lower = static_cast<std::uint16_t>(seven(1));
  }
  return parsed;
}

}  // namespace meterproof::hdlc
