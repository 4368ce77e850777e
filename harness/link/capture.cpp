#include "harness/link/capture.hpp"

#include <algorithm>
#include <filesystem>

#include "harness/link/synthetic_packet.hpp"

namespace meterproof::link {
namespace {

// pcapng block and option codes, and link types.
constexpr std::uint32_t k_section_header = 0x0A0D0D0A, k_interface = 1, k_enhanced_packet = 6;
constexpr std::uint16_t k_option_end = 0, k_if_name = 2, k_if_tsresol = 9, k_epb_flags = 2;
constexpr std::uint16_t k_linktype_raw = 101, k_linktype_user0 = 147;
constexpr std::size_t k_largest_payload = 65000;

// pcapng is written in the byte order of the writer and says so in its first block.
template <class T>
void put_native(std::string& out, T value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

void put_padded(std::string& out, std::string_view bytes) {
  out += bytes;
  out.append((4 - bytes.size() % 4) % 4, '\0');
}

void put_option(std::string& out, std::uint16_t code, std::string_view value) {
  put_native(out, code);
  put_native(out, static_cast<std::uint16_t>(value.size()));
  put_padded(out, value);
}

std::string pcapng_block(std::uint32_t type, const std::string& body) {
  std::string block;
  const auto length = static_cast<std::uint32_t>(body.size() + 12);
  put_native(block, type);
  put_native(block, length);
  block += body;
  put_native(block, length);
  return block;
}

std::string section_header() {
  std::string body;
  put_native(body, std::uint32_t{0x1A2B3C4D});
  put_native(body, std::uint16_t{1});
  put_native(body, std::uint16_t{0});
  put_native(body, std::int64_t{-1});  // length of the section: not known
  return pcapng_block(k_section_header, body);
}

std::string interface_block(const std::string& name, std::uint16_t link_type) {
  std::string body;
  put_native(body, link_type);
  put_native(body, std::uint16_t{0});
  put_native(body, std::uint32_t{0});  // no snapshot length
  put_option(body, k_if_name, name);
  put_option(body, k_if_tsresol, std::string_view("\x09", 1));  // 10^-9 s
  put_option(body, k_option_end, {});
  return pcapng_block(k_interface, body);
}

std::string folder_made_for(const std::string& path) {
  std::error_code ignored;  // opening the file tells
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), ignored);
  return path;
}

}  // namespace

Capture::Capture(const std::string& path) : file_(folder_made_for(path)) {
  file_.append(section_header());
}

std::uint32_t Capture::interface_of(const Transfer& transfer) {
  const auto number = static_cast<std::uint32_t>(interfaces_.size());
  const auto [entry, added] = interfaces_.emplace(transfer.channel, number);
  if (added) {
    const bool serial = transfer.endpoints.medium == Medium::serial;
    file_.append(interface_block(transfer.channel, serial ? k_linktype_user0 : k_linktype_raw));
  }
  return entry->second;
}

void Capture::packet(std::uint32_t interface, const Transfer& transfer,
                     std::span<const std::byte> bytes, bool sent) {
  using std::chrono::duration_cast;
  using std::chrono::nanoseconds;
  const auto since_epoch = std::chrono::system_clock::now().time_since_epoch() -
                           (harness::WallClock::now() - transfer.at);
  const auto stamp = static_cast<std::uint64_t>(duration_cast<nanoseconds>(since_epoch).count());
  const auto length = static_cast<std::uint32_t>(bytes.size());
  std::string body;
  put_native(body, interface);
  put_native(body, static_cast<std::uint32_t>(stamp >> 32));
  put_native(body, static_cast<std::uint32_t>(stamp & 0xFFFFFFFF));
  put_native(body, length);
  put_native(body, length);
  put_padded(body, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  std::string flags;
  put_native(flags, std::uint32_t{sent ? 2U : 1U});  // outbound, inbound
  put_option(body, k_epb_flags, flags);
  put_option(body, k_option_end, {});
  file_.append(pcapng_block(k_enhanced_packet, body));
}

void Capture::transferred(const Transfer& transfer) {
  const std::lock_guard lock(mutex_);
  const std::uint32_t interface = interface_of(transfer);
  const bool sent = transfer.direction == Direction::sent;
  if (transfer.endpoints.medium == Medium::serial) {
    return packet(interface, transfer, transfer.bytes, sent);
  }
  const auto local = parse_endpoint(transfer.endpoints.local);
  const auto remote = parse_endpoint(transfer.endpoints.remote);
  if (!local || !remote || local->ip.size() != remote->ip.size()) return;
  const PacketAddress& from = sent ? *local : *remote;
  const PacketAddress& to = sent ? *remote : *local;
  if (transfer.endpoints.medium == Medium::udp) {
    return packet(interface, transfer, udp_packet(from, to, transfer.bytes), sent);
  }

  const auto [entry, opened] =
      streams_.try_emplace({transfer.channel, transfer.connection}, Stream{});
  Stream& stream = entry->second;
  if (opened) {  // the handshake, without which no analyser follows the stream
    packet(interface, transfer, tcp_packet(*local, *remote, 0, 0, k_tcp_syn, {}), true);
    packet(interface, transfer, tcp_packet(*remote, *local, 0, 1, k_tcp_syn | k_tcp_ack, {}),
           false);
    packet(interface, transfer, tcp_packet(*local, *remote, 1, 1, k_tcp_ack, {}), true);
  }
  std::uint32_t& next = sent ? stream.next_sent : stream.next_received;
  const std::uint32_t acknowledged = sent ? stream.next_received : stream.next_sent;
  for (auto left = transfer.bytes; !left.empty();) {
    const auto part = left.first(std::min(left.size(), k_largest_payload));
    packet(interface, transfer,
           tcp_packet(from, to, next, acknowledged, k_tcp_psh | k_tcp_ack, part), sent);
    next += static_cast<std::uint32_t>(part.size());
    left = left.subspan(part.size());
  }
}

void Capture::flush() {
  const std::lock_guard lock(mutex_);
  file_.flush();
}

}  // namespace meterproof::link
