#include "devices/hdlc/parameters.hpp"

#include <algorithm>

namespace meterproof::hdlc {
namespace {

constexpr std::byte k_format_identifier{0x81};
constexpr std::byte k_group_identifier{0x80};
constexpr std::uint8_t k_transmit_octets = 5, k_receive_octets = 6, k_transmit_window = 7,
                       k_receive_window = 8;
constexpr std::uint32_t k_most_octets = 2030;
constexpr std::uint32_t k_most_window = 7;

void append_size(Bytes& out, std::uint8_t identifier, std::uint16_t value) {
  out.push_back(std::byte{identifier});
  if (value < 256) {
    out.push_back(std::byte{1});
  } else {
    out.push_back(std::byte{2});
    out.push_back(static_cast<std::byte>(value >> 8));
  }
  out.push_back(static_cast<std::byte>(value & 0xFF));
}

void append_window(Bytes& out, std::uint8_t identifier, std::uint8_t value) {
  for (const std::uint8_t octet :
       {identifier, std::uint8_t{4}, std::uint8_t{0}, std::uint8_t{0}, std::uint8_t{0}, value}) {
    out.push_back(std::byte{octet});
  }
}

bool store_parameter(Parameters& parameters, std::uint8_t identifier, std::uint32_t value) {
  const bool size = identifier == k_transmit_octets || identifier == k_receive_octets;
  const bool window = identifier == k_transmit_window || identifier == k_receive_window;
  if (!size && !window) return true;  // an extension of somebody's
  if (value == 0 || (window && value > k_most_window)) return false;
  // Some stations announce the whole frame or more; 2030 is what the length field can carry.
  const auto octets = static_cast<std::uint16_t>(std::min(value, k_most_octets));
  if (identifier == k_transmit_octets) parameters.transmit_octets = octets;
  if (identifier == k_receive_octets) parameters.receive_octets = octets;
  if (identifier == k_transmit_window) {
    parameters.transmit_window = static_cast<std::uint8_t>(value);
  }
  if (identifier == k_receive_window) parameters.receive_window = static_cast<std::uint8_t>(value);
  return true;
}

}  // namespace

Bytes encode_parameters(const Parameters& parameters) {
  Bytes group;
  append_size(group, k_transmit_octets, parameters.transmit_octets);
  append_size(group, k_receive_octets, parameters.receive_octets);
  append_window(group, k_transmit_window, parameters.transmit_window);
  append_window(group, k_receive_window, parameters.receive_window);
  Bytes out;
  out.reserve(3 + group.size());
  out.push_back(k_format_identifier);
  out.push_back(k_group_identifier);
  out.push_back(static_cast<std::byte>(group.size()));
  out.insert(out.end(), group.begin(), group.end());
  return out;
}

Result<Parameters> decode_parameters(BytesView information) {
  Parameters parameters;
  if (information.empty()) return parameters;
  if (information.size() < 3 || information[0] != k_format_identifier ||
      information[1] != k_group_identifier ||
      std::to_integer<std::size_t>(information[2]) != information.size() - 3) {
    return HdlcError::bad_parameters;
  }
  BytesView group = information.subspan(3);
  while (!group.empty()) {
    if (group.size() < 2) return HdlcError::bad_parameters;
    const auto identifier = std::to_integer<std::uint8_t>(group[0]);
    const auto length = std::to_integer<std::size_t>(group[1]);
    if (length > group.size() - 2) return HdlcError::bad_parameters;
    std::uint32_t value = 0;
    for (const std::byte octet : group.subspan(2, length)) {
      if (value >= 1U << 24) return HdlcError::bad_parameters;
      value = value << 8 | std::to_integer<std::uint32_t>(octet);
    }
    if (!store_parameter(parameters, identifier, value)) return HdlcError::bad_parameters;
    group = group.subspan(2 + length);
  }
  return parameters;
}

Parameters agree(const Parameters& own, const Parameters& peer) {
  return {std::min(own.transmit_octets, peer.receive_octets),
          std::min(own.receive_octets, peer.transmit_octets),
          std::min(own.transmit_window, peer.receive_window),
          std::min(own.receive_window, peer.transmit_window)};
}

}  // namespace meterproof::hdlc
