// Any octets in any chunks, as a push over each framing, and any octets as a pushed APDU.

#include <algorithm>

#include "devices/push/notification.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace meterproof::push;
  if (size < 2) return 0;
  const auto framing = static_cast<Framing>(data[0] % 4);
  const std::size_t chunk = data[1] + 1U;
  const BytesView stream = std::as_bytes(std::span(data, size)).subspan(2);
  const PushKeys keys{Bytes(16, std::byte{0x11}), Bytes(16, std::byte{0x22})};
  TelegramReader reader(framing);
  for (std::size_t at = 0; at < stream.size(); at += chunk) {
    reader.push(stream.subspan(at, std::min(chunk, stream.size() - at)));
    if (data[1] % 5 == 0) reader.idle();
    while (const auto telegram = reader.next()) {
      if (const auto push = open_push(telegram->apdu, keys)) (void)describe(*telegram, *push);
    }
  }
  if (const auto push = open_push(stream, keys)) (void)describe({}, *push);
  return 0;
}
