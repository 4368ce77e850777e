// The blocks of SET, GET and ACTION's own block transfers, as the client's files share them.
// Room-internal.
#pragma once

#include <algorithm>
#include <utility>

#include "devices/cosem/client_impl.hpp"

namespace meterproof::cosem {

// Choice, invoke id, descriptor, presence octets and block header, generously.
inline constexpr std::size_t k_service_header_octets = 40;

// Cuts a long value into numbered blocks.
class BlockSource {
 public:
  BlockSource(Bytes value, std::size_t block_octets)
      : value_(std::move(value)), block_octets_(block_octets) {}
  DataBlock next() {
    const std::size_t count = std::min(block_octets_, value_.size() - at_);
    const BytesView raw = BytesView(value_).subspan(at_, count);
    at_ += count;
    return {at_ == value_.size(), ++number_, Bytes(raw.begin(), raw.end())};
  }
  std::uint32_t number() const { return number_; }
  bool done() const { return at_ == value_.size(); }

 private:
  Bytes value_;
  std::size_t block_octets_;
  std::size_t at_ = 0;
  std::uint32_t number_ = 0;
};

// Puts a long value together; the error when a block is out of sequence or the value too long.
inline Result<void> append_block(Bytes& value, const Bytes& raw, std::uint32_t number,
                                 std::uint32_t& expected) {
  if (number != expected) return CosemError::wrong_block;
  if (value.size() + raw.size() > k_max_transferred_octets) return CosemError::too_large;
  append(value, raw);
  ++expected;
  return {};
}

}  // namespace meterproof::cosem
