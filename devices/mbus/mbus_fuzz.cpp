// Any octets in any chunks through the frame reader and the reassembly of APDUs.

#include <algorithm>
#include <cstdlib>

#include "devices/mbus/dlms_carriage.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace meterproof::mbus;
  if (size == 0) return 0;
  const std::size_t chunk = data[0] + 1U;
  const BytesView stream = std::as_bytes(std::span(data, size)).subspan(1);
  LongFrameReader reader;
  Reassembly reassembly;
  for (std::size_t at = 0; at < stream.size(); at += chunk) {
    reader.push(stream.subspan(at, std::min(chunk, stream.size() - at)));
    while (const auto frame = reader.next()) {
      if (decode_long_frame(encode(*frame)) != *frame) std::abort();
      const auto apdu = reassembly.take(*frame);
      if (apdu && *apdu && (*apdu)->apdu.size() > 16 * k_most_user_data) std::abort();
    }
    if (data[0] % 3 == 0) reader.idle();
  }
  return 0;
}
