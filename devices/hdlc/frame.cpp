#include "devices/hdlc/frame.hpp"

#include <array>

#include "devices/hdlc/crc.hpp"
#include "harness/errors.hpp"

namespace meterproof::hdlc {
namespace {

constexpr std::uint8_t k_poll_final = 0x10;

struct Unnumbered {
  FrameKind kind;
  std::uint8_t control;  // poll/final bit clear
  const char* name;
};
constexpr std::array k_unnumbered = std::to_array<Unnumbered>({
    {FrameKind::set_normal_response_mode, 0x83, "SNRM"},
    {FrameKind::unnumbered_acknowledge, 0x63, "UA"},
    {FrameKind::disconnect, 0x43, "DISC"},
    {FrameKind::disconnected_mode, 0x0F, "DM"},
    {FrameKind::frame_reject, 0x87, "FRMR"},
    {FrameKind::unnumbered_information, 0x03, "UI"},
});

void append_check(Bytes& out, BytesView over) {
  const std::uint16_t check = crc_x25(over);
  out.push_back(static_cast<std::byte>(check & 0xFF));
  out.push_back(static_cast<std::byte>(check >> 8));
}

bool check_holds(BytesView covered, BytesView check) {
  const std::uint16_t expected = crc_x25(covered);
  return check[0] == static_cast<std::byte>(expected & 0xFF) &&
         check[1] == static_cast<std::byte>(expected >> 8);
}

std::uint8_t numbered(unsigned low_bits, unsigned receive_number, bool poll_final) {
  return static_cast<std::uint8_t>((receive_number & 7) << 5 | (poll_final ? k_poll_final : 0U) |
                                   low_bits);
}

}  // namespace

std::string to_string(FrameKind kind) {
  switch (kind) {
    case FrameKind::information:
      return "I";
    case FrameKind::receive_ready:
      return "RR";
    case FrameKind::receive_not_ready:
      return "RNR";
    case FrameKind::reject:
      return "REJ";
    default:
      break;
  }
  for (const Unnumbered& entry : k_unnumbered) {
    if (entry.kind == kind) return entry.name;
  }
  return "unknown";
}

FrameKind Frame::kind() const {
  if ((control & 1) == 0) return FrameKind::information;
  if ((control & 0x0F) == 0x01) return FrameKind::receive_ready;
  if ((control & 0x0F) == 0x05) return FrameKind::receive_not_ready;
  if ((control & 0x0F) == 0x09) return FrameKind::reject;
  for (const Unnumbered& entry : k_unnumbered) {
    if ((control & ~k_poll_final) == entry.control) return entry.kind;
  }
  return FrameKind::unknown;
}

std::uint8_t information_control(unsigned send_number, unsigned receive_number, bool poll_final) {
  return numbered((send_number & 7) << 1, receive_number, poll_final);
}

std::uint8_t receive_ready_control(unsigned receive_number, bool poll_final) {
  return numbered(0x01, receive_number, poll_final);
}

std::uint8_t receive_not_ready_control(unsigned receive_number, bool poll_final) {
  return numbered(0x05, receive_number, poll_final);
}

std::uint8_t reject_control(unsigned receive_number, bool poll_final) {
  return numbered(0x09, receive_number, poll_final);
}

std::uint8_t unnumbered_control(FrameKind kind, bool poll_final) {
  for (const Unnumbered& entry : k_unnumbered) {
    if (entry.kind == kind) {
      return static_cast<std::uint8_t>(entry.control | (poll_final ? k_poll_final : 0));
    }
  }
  throw harness::InternalError("this kind of frame has numbers");
}

Bytes encode(const Frame& frame) {
  Bytes out;
  out.reserve(frame.information.size() + 17);
  out.push_back(k_flag);
  out.resize(3);  // the format field is filled in when the length is known
  append_address(out, frame.destination);
  append_address(out, frame.source);
  out.push_back(static_cast<std::byte>(frame.control));
  const bool has_information = !frame.information.empty();
  const std::size_t length =
      out.size() - 1 + 2 + (has_information ? frame.information.size() + 2 : 0);
  if (length > k_largest_frame) throw harness::InternalError("HDLC frame of more than 2047 octets");
  out[1] = static_cast<std::byte>(0xA0 | (frame.segmented ? 0x08 : 0x00) | (length >> 8));
  out[2] = static_cast<std::byte>(length & 0xFF);
  if (has_information) {
    append_check(out, BytesView(out).subspan(1));
    out.insert(out.end(), frame.information.begin(), frame.information.end());
  }
  append_check(out, BytesView(out).subspan(1));
  out.push_back(k_flag);
  return out;
}

Result<Frame> decode(BytesView octets, CheckOptions check) {
  constexpr std::size_t k_check = 2;
  if (octets.size() < 2) return HdlcError::truncated;
  if ((octets[0] & std::byte{0xF0}) != std::byte{0xA0}) return HdlcError::bad_format;
  const std::size_t length =
      (std::to_integer<std::size_t>(octets[0]) & 7) << 8 | std::to_integer<std::size_t>(octets[1]);
  if (length != octets.size()) return HdlcError::bad_length;
  const auto destination = parse_address(octets.subspan(2));
  if (!destination) return destination.error();
  std::size_t at = 2 + destination->octets;
  const auto source = parse_address(octets.subspan(at));
  if (!source) return source.error();
  at += source->octets;
  if (octets.size() < at + 1 + k_check) return HdlcError::truncated;

  Frame frame;
  frame.segmented = (octets[0] & std::byte{0x08}) != std::byte{0};
  frame.destination = destination->address;
  frame.source = source->address;
  frame.control = std::to_integer<std::uint8_t>(octets[at++]);
  const std::size_t end = octets.size() - k_check;
  if (at != end) {
    if (end - at < k_check) return HdlcError::bad_length;
    if (check.header_check && !check_holds(octets.first(at), octets.subspan(at, k_check))) {
      return HdlcError::bad_header_check;
    }
    at += k_check;
    frame.information.assign(octets.begin() + static_cast<std::ptrdiff_t>(at),
                             octets.begin() + static_cast<std::ptrdiff_t>(end));
  }
  if (check.frame_check && !check_holds(octets.first(end), octets.subspan(end))) {
    return HdlcError::bad_frame_check;
  }
  return frame;
}

}  // namespace meterproof::hdlc
