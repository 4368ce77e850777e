#include "devices/mbus/link_frame.hpp"

#include <algorithm>
#include <string>

#include "harness/errors.hpp"

namespace meterproof::mbus {
namespace {

constexpr std::byte k_long_start{0x68}, k_stop{0x16};
constexpr std::size_t k_long_header = 4, k_long_trailer = 2, k_least_length = 3;

class MbusCategory final : public boost::system::error_category {
 public:
  const char* name() const noexcept override { return "mbus"; }
  std::string message(int value) const override {
    switch (static_cast<MbusError>(value)) {
      case MbusError::truncated:
        return "the octets end too early";
      case MbusError::bad_format:
        return "not an M-Bus long frame";
      case MbusError::bad_checksum:
        return "wrong M-Bus checksum";
      case MbusError::not_dlms:
        return "the CI field is not of DLMS carriage";
      case MbusError::bad_sequence:
        return "a segment is missing";
      case MbusError::too_long:
        return "longer than a message may be";
    }
    return "unknown M-Bus error";
  }
};

std::byte checksum(BytesView octets) {
  unsigned sum = 0;
  for (const std::byte octet : octets) sum += std::to_integer<unsigned>(octet);
  return static_cast<std::byte>(sum & 0xFF);
}

}  // namespace

const boost::system::error_category& mbus_category() {
  static const MbusCategory category;
  return category;
}

Bytes encode(const LongFrame& frame) {
  if (frame.data.size() > k_most_user_data) {
    throw harness::InternalError("M-Bus frame of more than 252 octets");
  }
  const auto length = static_cast<std::byte>(frame.data.size() + k_least_length);
  Bytes out{k_long_start,
            length,
            length,
            k_long_start,
            std::byte{frame.control},
            std::byte{frame.address},
            std::byte{frame.information}};
  out.insert(out.end(), frame.data.begin(), frame.data.end());
  out.push_back(checksum(BytesView(out).subspan(k_long_header)));
  out.push_back(k_stop);
  return out;
}

Result<LongFrame> decode_long_frame(BytesView octets) {
  if (octets.empty()) return MbusError::truncated;
  if (octets[0] != k_long_start) return MbusError::bad_format;
  if (octets.size() < k_long_header) return MbusError::truncated;
  const auto length = std::to_integer<std::size_t>(octets[1]);
  if (octets[2] != octets[1] || octets[3] != k_long_start || length < k_least_length) {
    return MbusError::bad_format;
  }
  const std::size_t whole = k_long_header + length + k_long_trailer;
  if (octets.size() < whole) return MbusError::truncated;
  if (octets.size() > whole || octets.back() != k_stop) return MbusError::bad_format;
  const BytesView covered = octets.subspan(k_long_header, length);
  if (checksum(covered) != octets[whole - 2]) return MbusError::bad_checksum;
  return LongFrame{std::to_integer<std::uint8_t>(covered[0]),
                   std::to_integer<std::uint8_t>(covered[1]),
                   std::to_integer<std::uint8_t>(covered[2]),
                   {covered.begin() + k_least_length, covered.end()}};
}

void LongFrameReader::push(BytesView octets) {
  silent_ = false;
  buffer_.insert(buffer_.end(), octets.begin(), octets.end());
}

std::optional<LongFrame> LongFrameReader::next() {
  std::size_t at = 0;
  std::optional<LongFrame> found;
  while (!found && at < buffer_.size()) {
    const BytesView rest = BytesView(buffer_).subspan(at);
    if (rest[0] != k_long_start) {
      ++at;
      ++noise_octets_;
      continue;
    }
    std::size_t size = rest.size();
    if (rest.size() >= k_long_header) {
      size = std::min(size, k_long_header + std::to_integer<std::size_t>(rest[1]) + k_long_trailer);
    } else if (rest.size() >= 3 && rest[2] != rest[1]) {
      ++at;
      ++noise_octets_;
      continue;
    }
    auto frame = decode_long_frame(rest.first(size));
    if (frame) {
      found = *std::move(frame);
      at += size;
    } else if (frame.error() == MbusError::truncated && !silent_) {
      break;
    } else {
      // After a silence a frame inside of an incomplete one may be whole.
      if (frame.error() == MbusError::bad_checksum) ++bad_checksums_;
      ++at;
      ++noise_octets_;
    }
  }
  buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(at));
  return found;
}

}  // namespace meterproof::mbus
