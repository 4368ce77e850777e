// Frames of the M-Bus link layer (EN 13757-2, format class FT1.2): the single character E5, short
// frames 10 C A CS 16 and long frames 68 L L 68 C A CI data CS 16. CS is the sum of C, A, CI and
// data modulo 256; L counts the same octets.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "harness/result.hpp"

namespace meterproof::mbus {

using harness::Error;
using harness::Result;
using Bytes = std::vector<std::byte>;
using BytesView = std::span<const std::byte>;

enum class MbusError {
  truncated = 1,  // the octets end too early
  bad_format,     // begin or end octet wrong, or the two lengths differ
  bad_checksum,   // CS
  not_dlms,       // the CI field is none of the DLMS carriage
  bad_sequence,   // a segment is missing
  too_long,       // more than a message may have
};
const boost::system::error_category& mbus_category();
inline Error make_error_code(MbusError error) { return {static_cast<int>(error), mbus_category()}; }

inline constexpr std::size_t k_most_user_data = 252;  // after CI

struct LongFrame {
  std::uint8_t control = 0x53;   // C: 53 and 73 SND_UD, 08 RSP_UD
  std::uint8_t address = 0xFF;   // A: FF everybody, no answer
  std::uint8_t information = 0;  // CI
  Bytes data;
  bool operator==(const LongFrame&) const = default;
};

// More data than the length can say is an InternalError.
Bytes encode(const LongFrame& frame);
Result<LongFrame> decode_long_frame(BytesView octets);

// Long frames out of octets in chunks of any size; everything else is noise. A beginning that turns
// out wrong costs one octet, and the search goes on from there.
class LongFrameReader {
 public:
  void push(BytesView octets);
  std::optional<LongFrame> next();
  // The line fell silent: what has begun will not be completed. Frames inside of it may come free
  // at the next call of next().
  void idle() { silent_ = true; }
  std::uint64_t noise_octets() const { return noise_octets_; }
  std::uint64_t bad_checksums() const { return bad_checksums_; }

 private:
  Bytes buffer_;
  bool silent_ = false;
  std::uint64_t noise_octets_ = 0;
  std::uint64_t bad_checksums_ = 0;
};

}  // namespace meterproof::mbus

template <>
struct boost::system::is_error_code_enum<meterproof::mbus::MbusError> : std::true_type {};
