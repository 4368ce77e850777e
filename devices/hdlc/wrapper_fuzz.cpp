// Any octets in any chunks: what the stream reader gives is what the octets say, whole and in
// order.

#include <algorithm>
#include <cstdlib>

#include "devices/hdlc/wrapper.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace meterproof::hdlc;
  if (size == 0) return 0;
  const std::size_t chunk = data[0] + 1U;
  const BytesView stream = std::as_bytes(std::span(data, size)).subspan(1);
  WrapperReader reader(4096);
  Bytes written;
  for (std::size_t at = 0; at < stream.size(); at += chunk) {
    reader.push(stream.subspan(at, std::min(chunk, stream.size() - at)));
    for (;;) {
      const auto pdu = reader.next();
      if (!pdu || !*pdu) break;
      const Bytes octets = encode(**pdu);
      written.insert(written.end(), octets.begin(), octets.end());
    }
  }
  if (!std::equal(written.begin(), written.end(), stream.begin())) std::abort();
  (void)decode_wrapper(stream);
  return 0;
}
