#include "harness/link/synthetic_packet.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace meterproof::link {
namespace {

using Packet = std::vector<std::byte>;

constexpr std::uint8_t k_protocol_tcp = 6, k_protocol_udp = 17;

void put_8(Packet& out, unsigned value) { out.push_back(static_cast<std::byte>(value & 0xFF)); }
void put_16(Packet& out, unsigned value) {
  put_8(out, value >> 8);
  put_8(out, value);
}
void put_32(Packet& out, std::uint32_t value) {
  put_16(out, value >> 16);
  put_16(out, value & 0xFFFF);
}
void put(Packet& out, std::span<const std::byte> bytes) {
  out.insert(out.end(), bytes.begin(), bytes.end());
}
void set_16(Packet& out, std::size_t at, unsigned value) {
  out[at] = static_cast<std::byte>(value >> 8 & 0xFF);
  out[at + 1] = static_cast<std::byte>(value & 0xFF);
}

// The Internet checksum (RFC 1071), zero in its own place.
unsigned internet_checksum(std::span<const std::byte> bytes) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) {
    sum += std::to_integer<std::uint64_t>(bytes[i]) << 8 |
           std::to_integer<std::uint64_t>(bytes[i + 1]);
  }
  if (bytes.size() % 2 != 0) sum += std::to_integer<std::uint64_t>(bytes.back()) << 8;
  while (sum >> 16 != 0) sum = (sum & 0xFFFF) + (sum >> 16);
  return static_cast<unsigned>(~sum & 0xFFFF);
}

Packet ip_packet(const PacketAddress& from, const PacketAddress& to, std::uint8_t protocol,
                 Packet segment, std::size_t checksum_at) {
  Packet pseudo;
  put(pseudo, from.ip);
  put(pseudo, to.ip);
  const bool six = from.ip.size() == 16;
  if (six) {
    put_32(pseudo, static_cast<std::uint32_t>(segment.size()));
    put_32(pseudo, protocol);
  } else {
    put_16(pseudo, protocol);
    put_16(pseudo, static_cast<unsigned>(segment.size()));
  }
  put(pseudo, segment);
  const unsigned sum = internet_checksum(pseudo);
  set_16(segment, checksum_at, sum == 0 && protocol == k_protocol_udp ? 0xFFFF : sum);

  Packet packet;
  if (six) {
    put_32(packet, 6U << 28);
    put_16(packet, static_cast<unsigned>(segment.size()));
    put_8(packet, protocol);
    put_8(packet, 64);  // hop limit
  } else {
    put_16(packet, 0x4500);
    put_16(packet, static_cast<unsigned>(20 + segment.size()));
    put_32(packet, 0x4000);  // don't fragment
    put_8(packet, 64);       // time to live
    put_8(packet, protocol);
    put_16(packet, 0);
  }
  put(packet, from.ip);
  put(packet, to.ip);
  if (!six) set_16(packet, 10, internet_checksum(packet));
  put(packet, segment);
  return packet;
}

}  // namespace

std::optional<PacketAddress> parse_endpoint(const std::string& text) {
  const auto colon = text.rfind(':');
  if (colon == std::string::npos) return std::nullopt;
  PacketAddress address;
  const char* const end = text.data() + text.size();
  if (std::from_chars(text.data() + colon + 1, end, address.port).ptr != end) return std::nullopt;
  const bool six = text.front() == '[';
  const std::string host = six ? text.substr(1, colon - 2) : text.substr(0, colon);
  address.ip.resize(six ? 16 : 4);
  if (::inet_pton(six ? AF_INET6 : AF_INET, host.c_str(), address.ip.data()) != 1) {
    return std::nullopt;
  }
  return address;
}

Packet tcp_packet(const PacketAddress& from, const PacketAddress& to, std::uint32_t sequence,
                  std::uint32_t acknowledged, std::uint8_t flags,
                  std::span<const std::byte> payload) {
  Packet segment;
  put_16(segment, from.port);
  put_16(segment, to.port);
  put_32(segment, sequence);
  put_32(segment, acknowledged);
  put_8(segment, 5 << 4);  // header of five words
  put_8(segment, flags);
  put_16(segment, 0xFFFF);  // window
  put_32(segment, 0);       // checksum, urgent pointer
  put(segment, payload);
  return ip_packet(from, to, k_protocol_tcp, std::move(segment), 16);
}

Packet udp_packet(const PacketAddress& from, const PacketAddress& to,
                  std::span<const std::byte> payload) {
  Packet segment;
  put_16(segment, from.port);
  put_16(segment, to.port);
  put_16(segment, static_cast<unsigned>(8 + payload.size()));
  put_16(segment, 0);
  put(segment, payload);
  return ip_packet(from, to, k_protocol_udp, std::move(segment), 6);
}

}  // namespace meterproof::link
