// Any characters in any chunks: the reader of messages, the parsers and both ends of the hand-over.

#include <algorithm>
#include <cstdlib>

#include "devices/iec62056_21/mode_e.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace meterproof::iec62056_21;
  if (size == 0) return 0;
  const std::size_t chunk = data[0] % 80 + 1U;
  const BytesView stream = std::as_bytes(std::span(data, size)).subspan(1);
  const auto again = [&](const auto& parsed, auto parse) {
    if (parsed && parse(encode(*parsed)) != parsed) std::abort();
  };
  again(parse_request(stream), parse_request);
  again(parse_identification(stream), parse_identification);
  again(parse_acknowledgement(stream), parse_acknowledgement);

  MessageReader messages;
  messages.push(stream);
  while (const auto message = messages.next()) {
    if (message->empty() || message->size() > 64 || message->back() != std::byte{'\n'})
      std::abort();
  }

  ModeEReader reader({});
  ModeEMeter meter({"MPf", '5', "2", "FUZZ"}, "1");
  meterproof::harness::WallTime now{};
  reader.start(now);
  for (std::size_t at = 0; at < stream.size(); at += chunk) {
    const BytesView part = stream.subspan(at, std::min(chunk, stream.size() - at));
    now += std::chrono::milliseconds(data[0]);
    reader.receive(part, now);
    reader.tick(now);
    meter.receive(part, now);
    meter.tick(now);
    if (reader.take_output().size() > 64 || meter.take_output().size() > 64) std::abort();
  }
  return 0;
}
