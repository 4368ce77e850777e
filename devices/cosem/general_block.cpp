#include "devices/cosem/general_block.hpp"

namespace meterproof::cosem {
namespace {

constexpr std::uint8_t k_last_block_bit = 0x80, k_streaming_bit = 0x40, k_window_bits = 0x3F;

}  // namespace

Bytes encode(const GeneralBlock& block) {
  Bytes out;
  out.reserve(k_general_block_overhead + block.data.size());
  append_u8(out, k_general_block_tag);
  append_u8(out, static_cast<std::uint8_t>((block.last ? k_last_block_bit : 0) |
                                           (block.streaming ? k_streaming_bit : 0) |
                                           (block.window & k_window_bits)));
  append_integer(out, block.number);
  append_integer(out, block.acknowledged);
  append_octets(out, block.data);
  return out;
}

Result<GeneralBlock> decode_general_block(BytesView octets) {
  Reader reader(octets);
  const auto tag = reader.u8();
  if (tag && *tag != k_general_block_tag) return CosemError::bad_tag;
  const auto control = reader.u8();
  const auto number = reader.u16();
  const auto acknowledged = reader.u16();
  const auto data = reader.octets();
  if (!tag || !control || !number || !acknowledged || !data) return CosemError::truncated;
  if (reader.left() > 0) return CosemError::trailing_octets;
  GeneralBlock block;
  block.last = (*control & k_last_block_bit) != 0;
  block.streaming = (*control & k_streaming_bit) != 0;
  block.window = *control & k_window_bits;
  block.number = *number;
  block.acknowledged = *acknowledged;
  block.data.assign(data->begin(), data->end());
  return block;
}

}  // namespace meterproof::cosem
