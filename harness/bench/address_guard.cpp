#include "harness/bench/address_guard.hpp"

#include <arpa/inet.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>

#include "harness/errors.hpp"

namespace meterproof::bench {
namespace {

const std::vector<AddressBlock>& permitted_blocks() {
  static const std::vector<AddressBlock> blocks = [] {
    std::vector<AddressBlock> list;
    for (const char* text :
         {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "169.254.0.0/16",
          "198.18.0.0/15", "::1/128", "fc00::/7", "fe80::/10", "2001:2::/48"})
      list.push_back(parse_block(text).value());
    return list;
  }();
  return blocks;
}

bool same_leading_bits(const IpAddress& a, const IpAddress& b, int bits) {
  for (int bit = 0; bit < bits; ++bit) {
    const auto octet = static_cast<std::size_t>(bit / 8);
    if (((a.octets[octet] ^ b.octets[octet]) >> (7 - bit % 8)) & 1) return false;
  }
  return true;
}

// The kernel's answer to "how would you reach this address?" (RTM_GETROUTE).
struct RouteAnswer {
  int error = 0;  // errno
  int type = RTN_UNSPEC;
  bool through_router = false;
};

RouteAnswer ask_route(const IpAddress& address) {
  struct Request {
    nlmsghdr header{};
    rtmsg route{};
    rtattr attribute{};
    std::array<std::uint8_t, 16> destination{};
  } request;
  const std::size_t length = address.v6 ? 16 : 4;
  request.header.nlmsg_type = RTM_GETROUTE;
  request.header.nlmsg_flags = NLM_F_REQUEST;
  request.route.rtm_family = address.v6 ? AF_INET6 : AF_INET;
  request.route.rtm_dst_len = static_cast<unsigned char>(address.bits());
  request.attribute.rta_type = RTA_DST;
  request.attribute.rta_len = static_cast<unsigned short>(RTA_LENGTH(length));
  request.header.nlmsg_len =
      static_cast<std::uint32_t>(NLMSG_LENGTH(sizeof(rtmsg)) + RTA_LENGTH(length));
  std::memcpy(request.destination.data(), address.octets.data(), length);

  const int netlink = ::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
  if (netlink < 0) return {errno, 0, false};
  alignas(nlmsghdr) std::array<char, 8192> answer{};
  ssize_t got = -1;
  if (::send(netlink, &request, request.header.nlmsg_len, 0) > 0)
    got = ::recv(netlink, answer.data(), answer.size(), 0);
  const int failure = errno;
  ::close(netlink);
  if (got < static_cast<ssize_t>(sizeof(nlmsghdr))) return {got < 0 ? failure : EIO, 0, false};

  nlmsghdr header;
  std::memcpy(&header, answer.data(), sizeof header);
  if (header.nlmsg_type == NLMSG_ERROR) {
    nlmsgerr refused{};
    std::memcpy(&refused, answer.data() + NLMSG_HDRLEN,
                std::min(sizeof refused, static_cast<std::size_t>(got) - NLMSG_HDRLEN));
    return {refused.error ? -refused.error : EIO, 0, false};
  }
  if (header.nlmsg_type != RTM_NEWROUTE ||
      static_cast<std::size_t>(got) < NLMSG_LENGTH(sizeof(rtmsg)))
    return {EIO, 0, false};
  RouteAnswer result;
  rtmsg route;
  std::memcpy(&route, answer.data() + NLMSG_HDRLEN, sizeof route);
  result.type = route.rtm_type;
  const std::size_t end = std::min<std::size_t>(header.nlmsg_len, static_cast<std::size_t>(got));
  for (std::size_t at = NLMSG_LENGTH(sizeof(rtmsg)); at + sizeof(rtattr) <= end;) {
    rtattr attribute;
    std::memcpy(&attribute, answer.data() + at, sizeof attribute);
    if (attribute.rta_len < sizeof attribute) break;
    result.through_router |= attribute.rta_type == RTA_GATEWAY || attribute.rta_type == RTA_VIA ||
                             attribute.rta_type == RTA_MULTIPATH;
    at += RTA_ALIGN(attribute.rta_len);
  }
  return result;
}

}  // namespace

bool AddressBlock::contains(const IpAddress& address) const {
  return address.v6 == network.v6 && same_leading_bits(network, address, prefix);
}

bool AddressBlock::contains(const AddressBlock& other) const {
  return other.prefix >= prefix && contains(other.network);
}

std::optional<IpAddress> parse_address(std::string_view text) {
  const std::string copy(text);
  IpAddress address;
  if (copy.find('\0') != std::string::npos) return std::nullopt;
  if (::inet_pton(AF_INET, copy.c_str(), address.octets.data()) == 1) return address;
  if (::inet_pton(AF_INET6, copy.c_str(), address.octets.data()) != 1) return std::nullopt;
  address.v6 = true;
  constexpr std::array<std::uint8_t, 12> k_mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  if (!std::equal(k_mapped.begin(), k_mapped.end(), address.octets.begin())) return address;
  IpAddress unmapped;
  std::copy_n(address.octets.begin() + 12, 4, unmapped.octets.begin());
  return unmapped;
}

std::string to_string(const IpAddress& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  ::inet_ntop(address.v6 ? AF_INET6 : AF_INET, address.octets.data(), text.data(), text.size());
  return text.data();
}

std::optional<AddressBlock> parse_block(std::string_view text) {
  const std::size_t slash = text.find('/');
  const auto address = parse_address(text.substr(0, slash));
  if (!address) return std::nullopt;
  if (slash == std::string_view::npos) return AddressBlock{*address, address->bits()};
  const std::string_view digits = text.substr(slash + 1);
  int prefix = -1;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), prefix);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  if (prefix < 0 || prefix > address->bits()) return std::nullopt;
  return AddressBlock{*address, prefix};
}

std::span<const AddressBlock> permitted_ranges() { return permitted_blocks(); }

bool within_permitted_range(const AddressBlock& block) {
  return std::any_of(permitted_blocks().begin(), permitted_blocks().end(),
                     [&](const AddressBlock& range) { return range.contains(block); });
}

std::string off_link_reason(const IpAddress& address) {
  const RouteAnswer answer = ask_route(address);
  const std::string name = to_string(address);
  if (answer.error != 0) return "no route to " + name + " (" + std::strerror(answer.error) + ")";
  if (answer.through_router) return name + " is reached through a router";
  if (answer.type != RTN_UNICAST && answer.type != RTN_LOCAL)
    return name + " is not the address of one host";
  return "";
}

AddressGuard::AddressGuard(const std::vector<std::string>& allow) {
  for (const std::string& text : allow) {
    const auto block = parse_block(text);
    if (!block) throw harness::ConfigError({"", 0, "'" + text + "' is not an address block"});
    if (!within_permitted_range(*block))
      throw harness::ConfigError(
          {"", 0, "'" + text + "' is not private, link-local, loopback or a benchmark range"});
    allow_.push_back(*block);
  }
}

std::string AddressGuard::refusal(std::string_view host) const {
  const auto address = parse_address(host);
  if (!address) return "'" + std::string(host) + "' is not a literal address; names are refused";
  const auto contains = [&](const AddressBlock& block) { return block.contains(*address); };
  if (std::none_of(allow_.begin(), allow_.end(), contains))
    return to_string(*address) + " is not in the bench's allow list";
  if (std::none_of(permitted_blocks().begin(), permitted_blocks().end(), contains))
    return to_string(*address) + " is a public address";
  return off_link_reason(*address);
}

void AddressGuard::require(std::string_view host) const {
  if (const std::string reason = refusal(host); !reason.empty())
    throw harness::BenchError("attack traffic refused: " + reason);
}

AttackBounds capped(const AttackBounds& wanted) {
  const double rate = wanted.packets_per_second;
  return {rate > 0 ? std::min(rate, AttackCaps::packets_per_second) : 0,
          std::clamp(wanted.connections, 0, AttackCaps::connections),
          std::clamp(wanted.login_tries, 0, AttackCaps::login_tries),
          std::clamp<std::chrono::nanoseconds>(wanted.duration, std::chrono::nanoseconds::zero(),
                                               AttackCaps::duration)};
}

}  // namespace meterproof::bench
