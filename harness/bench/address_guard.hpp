// AddressGuard: where attack traffic may go. An address must be a literal, lie in the bench file's
// allow list, lie in a private, link-local, loopback or benchmark range, and be on-link: no router
// between. Every attack fixture asks before its first packet and sets an IP hop limit of 1.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace meterproof::bench {

// An IPv4 address has 4 octets, an IPv6 address 16; an IPv4-mapped IPv6 address counts as IPv4.
struct IpAddress {
  std::array<std::uint8_t, 16> octets{};
  bool v6 = false;
  int bits() const { return v6 ? 128 : 32; }
  bool operator==(const IpAddress&) const = default;
};

struct AddressBlock {
  IpAddress network;
  int prefix = 0;
  bool contains(const IpAddress& address) const;
  bool contains(const AddressBlock& other) const;
};

// Literals only: a name could be resolved to something else a moment later.
std::optional<IpAddress> parse_address(std::string_view text);
std::string to_string(const IpAddress& address);
// "10.1.0.0/16", or an address alone for a block of one.
std::optional<AddressBlock> parse_block(std::string_view text);

// 10/8, 172.16/12, 192.168/16 (RFC 1918), 127/8, 169.254/16, 198.18/15 (RFC 2544), ::1, fc00::/7
// (RFC 4193), fe80::/10, 2001:2::/48 (RFC 5180).
std::span<const AddressBlock> permitted_ranges();
bool within_permitted_range(const AddressBlock& block);

// Empty when the kernel would send to the address without a router and to one host only; otherwise
// why not.
std::string off_link_reason(const IpAddress& address);

class AddressGuard {
 public:
  // The allow list of the bench file. Throws ConfigError for a block that is malformed or not
  // within the permitted ranges.
  explicit AddressGuard(const std::vector<std::string>& allow);

  // Empty when traffic may go to this host; otherwise the reason, for the report.
  std::string refusal(std::string_view host) const;
  // Throws BenchError with the reason.
  void require(std::string_view host) const;

 private:
  std::vector<AddressBlock> allow_;
};

// Hard caps on what an attack may do. No procedure, tier or bench file can raise them.
struct AttackCaps {
  static constexpr double packets_per_second = 10'000;
  static constexpr int connections = 1'024;
  static constexpr int login_tries = 2'000;
  static constexpr std::chrono::seconds duration{600};
};

// What an attack asks for, cut down to the caps; values that make no sense (negative, not a number)
// become zero.
struct AttackBounds {
  double packets_per_second = 0;
  int connections = 0;
  int login_tries = 0;
  std::chrono::nanoseconds duration{};
};
AttackBounds capped(const AttackBounds& wanted);

}  // namespace meterproof::bench
