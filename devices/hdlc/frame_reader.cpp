#include "devices/hdlc/frame_reader.hpp"

#include <algorithm>

#include "devices/hdlc/crc.hpp"

namespace meterproof::hdlc {
namespace {

constexpr std::size_t k_shortest_frame = 7;  // format, two addresses, control, FCS

}  // namespace

void FrameReader::push(BytesView octets) {
  silent_ = false;
  if (begin_ > 0 && begin_ >= buffer_.size() / 2) {
    buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(begin_));
    begin_ = 0;
  }
  buffer_.insert(buffer_.end(), octets.begin(), octets.end());
}

void FrameReader::clear() {
  buffer_.clear();
  begin_ = 0;
}

void FrameReader::skip(std::size_t octets) {
  counts_.noise_octets += octets;
  begin_ += octets;
}

// Looks at what follows a flag and finds out as early as possible that it is no frame: a wrong
// length must not make the reader wait for octets that never come.
FrameReader::Look FrameReader::look(std::size_t& length) {
  const BytesView octets = BytesView(buffer_).subspan(begin_ + 1);
  if (octets.empty()) return Look::more_needed;
  if ((octets[0] & std::byte{0xF0}) != std::byte{0xA0}) return Look::false_start;
  if (octets.size() < 2) return Look::more_needed;
  length =
      (std::to_integer<std::size_t>(octets[0]) & 7) << 8 | std::to_integer<std::size_t>(octets[1]);
  if (length < k_shortest_frame) return Look::false_start;

  const BytesView body = octets.first(std::min(octets.size(), length));
  std::size_t header = 2;
  for (int i = 0; i < 2; ++i) {
    const auto address = parse_address(body.subspan(header));
    if (!address) {
      const bool cut = address.error() == HdlcError::truncated && body.size() < length;
      return cut ? Look::more_needed : Look::false_start;
    }
    header += address->octets;
  }
  ++header;  // control
  if (length != header + 2 && check_.header_check) {
    if (length < header + 5) return Look::false_start;  // HCS, one octet, FCS
    if (body.size() < header + 2) return Look::more_needed;
    const std::uint16_t check = crc_x25(body.first(header));
    if (body[header] != static_cast<std::byte>(check & 0xFF) ||
        body[header + 1] != static_cast<std::byte>(check >> 8)) {
      ++counts_.bad_header_checks;
      return Look::false_start;
    }
  }
  if (octets.size() < length + 1) return Look::more_needed;
  return octets[length] == k_flag ? Look::whole : Look::false_start;
}

std::optional<Frame> FrameReader::next() {
  for (;;) {
    const auto first = buffer_.begin() + static_cast<std::ptrdiff_t>(begin_);
    const auto flag = std::find(first, buffer_.end(), k_flag);
    skip(static_cast<std::size_t>(flag - first));
    // Flags between frames fill time; the last one is the beginning.
    while (begin_ + 1 < buffer_.size() && buffer_[begin_ + 1] == k_flag) ++begin_;
    if (begin_ == buffer_.size()) {
      clear();
      return std::nullopt;
    }
    std::size_t length = 0;
    switch (look(length)) {
      case Look::more_needed:
        if (!silent_ || !in_frame()) return std::nullopt;
        skip(1);
        continue;
      case Look::false_start:
        skip(1);
        continue;
      case Look::whole:
        break;
    }
    const BytesView octets = BytesView(buffer_).subspan(begin_ + 1, length);
    auto frame = decode(octets, {check_.header_check, true});
    if (!frame && frame.error() == HdlcError::bad_frame_check) {
      ++counts_.bad_frame_checks;
      if (!check_.frame_check) frame = decode(octets, {check_.header_check, false});
    }
    if (!frame) {
      skip(1);
      continue;
    }
    ++counts_.frames;
    begin_ += length + 1;  // the closing flag may open the next frame
    return *std::move(frame);
  }
}

}  // namespace meterproof::hdlc
