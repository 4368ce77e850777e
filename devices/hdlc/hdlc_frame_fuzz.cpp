// Any octets in any chunks: the reader ends, reads nothing past its input, and every frame it gives
// is one that our encoder writes back to octets of the input.

#include <algorithm>
#include <cstdlib>

#include "devices/hdlc/frame_reader.hpp"
#include "devices/hdlc/parameters.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace meterproof::hdlc;
  if (size == 0) return 0;
  const std::size_t chunk = data[0] + 1U;
  const BytesView line = std::as_bytes(std::span(data, size)).subspan(1);
  FrameReader reader;
  for (std::size_t at = 0; at < line.size(); at += chunk) {
    reader.push(line.subspan(at, std::min(chunk, line.size() - at)));
    while (const auto frame = reader.next()) {
      const Bytes octets = encode(*frame);
      if (std::search(line.begin(), line.end(), octets.begin(), octets.end()) == line.end()) {
        std::abort();
      }
      (void)decode_parameters(frame->information);
    }
  }
  reader.idle();
  while (reader.next()) {
  }
  if (reader.in_frame()) std::abort();  // silence ends every beginning
  return 0;
}
