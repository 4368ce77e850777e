// general-block-transfer (IEC 62056-5-3, tag E0): any APDU, ciphered or not, cut into blocks that
// the two parties send in streams and acknowledge, so that lost blocks are sent again.
//
//   E0, block-control (bit 7 last-block, bit 6 streaming, bits 5..0 window), block-number,
//   block-number-ack, block-data as octet-string
//
// streaming set: more blocks follow at once, the receiver waits. Clear: it is the receiver's turn.
// window: how many blocks the sender of this block takes in one stream. block-number counts every
// block of one direction from 1, also the empty ones that only acknowledge; block-number-ack is the
// last block of the other direction before the first gap.
#pragma once

#include <cstdint>

#include "devices/cosem/bytes.hpp"
#include "devices/cosem/errors.hpp"

namespace meterproof::cosem {

inline constexpr std::uint8_t k_general_block_tag = 0xE0;
inline constexpr std::uint8_t k_longest_window = 63;
// Tag, control, two numbers and a length of at most three octets.
inline constexpr std::size_t k_general_block_overhead = 9;

struct GeneralBlock {
  bool last = false;
  bool streaming = false;
  std::uint8_t window = 1;         // 0..63
  std::uint16_t number = 1;        // of this block
  std::uint16_t acknowledged = 0;  // of the other direction; 0: none yet
  Bytes data;
  bool operator==(const GeneralBlock&) const = default;
};

inline bool is_general_block(BytesView apdu) {
  return !apdu.empty() && apdu.front() == std::byte{k_general_block_tag};
}
Bytes encode(const GeneralBlock& block);
Result<GeneralBlock> decode_general_block(BytesView octets);

}  // namespace meterproof::cosem
