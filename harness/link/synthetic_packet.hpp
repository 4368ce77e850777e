// IP packets made up around payload that passed through a socket, so that a capture needs no
// privileges and holds exactly what was transferred.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace meterproof::link {

struct PacketAddress {
  std::vector<std::byte> ip;  // 4 or 16 octets
  std::uint16_t port = 0;
};

// "127.0.0.1:4059" or "[::1]:4059".
std::optional<PacketAddress> parse_endpoint(const std::string& text);

inline constexpr std::uint8_t k_tcp_syn = 0x02, k_tcp_psh = 0x08, k_tcp_ack = 0x10;

// Both addresses are of the same family; payload at most 65000 octets.
std::vector<std::byte> tcp_packet(const PacketAddress& from, const PacketAddress& to,
                                  std::uint32_t sequence, std::uint32_t acknowledged,
                                  std::uint8_t flags, std::span<const std::byte> payload);
std::vector<std::byte> udp_packet(const PacketAddress& from, const PacketAddress& to,
                                  std::span<const std::byte> payload);

}  // namespace meterproof::link
