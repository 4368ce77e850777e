// The table of this room's decoders: long frames, the reader of streams and the reassembly of
// APDUs; cut anywhere, changed in any bit, followed by more.
#include "devices/cosem/test_vectors.hpp"
#include "devices/mbus/dlms_carriage.hpp"
#include "devices/test_only/hostile_octets.hpp"

namespace meterproof::mbus {
namespace {

using test_only::bears_anything;
using test_only::Cuts;
using test_only::Decoded;
using test_only::decoded;
using test_only::DecoderCase;

Bytes frames_of_a_push() {
  Bytes octets;
  for (const LongFrame& frame : segments({0xFF, 1, 103, Bytes(300, std::byte{0xC0})})) {
    cosem::append(octets, encode(frame));
  }
  return octets;
}

// The APDU that comes out of a stream, if one does.
Decoded reassembled(BytesView stream) {
  LongFrameReader reader;
  Reassembly reassembly;
  Decoded made;
  reader.push(stream);
  reader.idle();
  while (const auto frame = reader.next()) {
    const auto apdu = reassembly.take(*frame);
    if (!apdu) {
      made.error = apdu.error();
    } else if (*apdu) {
      made.is_value = true;
    }
  }
  return made;
}

TEST(Truncation, MbusFrames) {
  for (const std::size_t size : {std::size_t{0}, std::size_t{2}, std::size_t{252}}) {
    bears_anything({"decode_long_frame", std::to_string(size),
                    encode(LongFrame{0x53, 0xFF, 0x10, Bytes(size, std::byte{0x68})}),
                    [](BytesView octets) {
                      return decoded(decode_long_frame(octets),
                                     [](const LongFrame& frame) { return encode(frame); });
                    }});
  }
}

TEST(Truncation, MbusStreamsAndSegments) {
  bears_anything({"LongFrameReader", "two segments", frames_of_a_push(), reassembled,
                  Cuts::none_decodes, true});
  bears_anything(
      {"Reassembly::take", "one segment", Bytes(2, std::byte{1}),
       [](BytesView data) -> Decoded {
         Reassembly reassembly;
         const auto apdu = reassembly.take({0x53, 0xFF, 0x10, Bytes(data.begin(), data.end())});
         return decoded(apdu);
       },
       Cuts::none_decodes, true});
}

}  // namespace
}  // namespace meterproof::mbus
