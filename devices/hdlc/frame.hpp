// HDLC frames of format type 3 (IEC 62056-46, ISO/IEC 13239 annex H.4): flag, format (type,
// segmentation bit, 11-bit length), destination, source, control, HCS and information if there is
// any, FCS, flag.
//
// There is no octet stuffing: the length says where a frame ends, and 0x7E may occur inside.
#pragma once

#include <cstdint>
#include <string>

#include "devices/hdlc/address.hpp"

namespace meterproof::hdlc {

inline constexpr std::byte k_flag{0x7E};
inline constexpr std::size_t k_largest_frame = 0x7FF;  // octets between the flags

enum class FrameKind {
  information,
  receive_ready,
  receive_not_ready,
  reject,  // not in the repertoire of IEC 62056-46; other secondaries send it
  set_normal_response_mode,
  unnumbered_acknowledge,
  disconnect,
  disconnected_mode,
  frame_reject,
  unnumbered_information,
  unknown,
};
std::string to_string(FrameKind kind);  // "I", "RR", "SNRM", ...

struct Frame {
  Address destination;
  Address source;
  std::uint8_t control = 0;
  bool segmented = false;  // more segments of this message follow
  Bytes information;

  FrameKind kind() const;
  bool poll_final() const { return (control & 0x10) != 0; }
  std::uint8_t receive_number() const { return static_cast<std::uint8_t>(control >> 5); }  // N(R)
  std::uint8_t send_number() const { return (control >> 1) & 7; }                          // N(S)
  bool operator==(const Frame&) const = default;
};

// Control octets. Numbers are taken modulo 8; poll_final is P in commands and F in responses.
std::uint8_t information_control(unsigned send_number, unsigned receive_number, bool poll_final);
std::uint8_t receive_ready_control(unsigned receive_number, bool poll_final);
std::uint8_t receive_not_ready_control(unsigned receive_number, bool poll_final);
std::uint8_t reject_control(unsigned receive_number, bool poll_final);
// For the kinds without numbers; anything else is an InternalError.
std::uint8_t unnumbered_control(FrameKind kind, bool poll_final = true);

// With both flags and right check sequences. Information longer than the length field can say is an
// InternalError.
Bytes encode(const Frame& frame);

struct CheckOptions {
  bool header_check = true;  // false: HCS is not looked at
  bool frame_check = true;   // false: FCS is not looked at (a defective station)
};
// octets: without the flags.
Result<Frame> decode(BytesView octets, CheckOptions check = {});

}  // namespace meterproof::hdlc
