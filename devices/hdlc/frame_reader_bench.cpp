// The frame reader against its physical bound: every octet passes the check sequence once (the HCS
// covers a few octets more).

#include <benchmark/benchmark.h>

#include <algorithm>

#include "devices/hdlc/crc.hpp"
#include "devices/hdlc/frame_reader.hpp"

namespace meterproof::hdlc {
namespace {

constexpr std::size_t k_frames = 100;

Bytes line_of_frames(std::size_t information) {
  Bytes line;
  for (std::size_t i = 0; i < k_frames; ++i) {
    Frame frame{Address::client(16), Address::server(1, 17), information_control(0, 0, true), false,
                Bytes(information, static_cast<std::byte>(i))};
    const Bytes octets = encode(frame);
    line.insert(line.end(), octets.begin(), octets.end());
  }
  return line;
}

void frame_reader(benchmark::State& state) {
  const Bytes line = line_of_frames(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) {
    FrameReader reader;
    std::size_t frames = 0;
    for (std::size_t at = 0; at < line.size(); at += 4096) {
      reader.push(BytesView(line).subspan(at, std::min<std::size_t>(4096, line.size() - at)));
      while (auto frame = reader.next()) ++frames;
    }
    if (frames != k_frames) state.SkipWithError("frames were lost");
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * line.size()));
}
BENCHMARK(frame_reader)->Arg(128)->Arg(2030);

void check_sequence_alone(benchmark::State& state) {
  const Bytes line = line_of_frames(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) {
    // In pieces of a frame's size, as the reader must.
    const std::size_t piece = line.size() / k_frames;
    for (std::size_t at = 0; at < line.size(); at += piece) {
      benchmark::DoNotOptimize(crc_x25(BytesView(line).subspan(at, piece)));
    }
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * line.size()));
}
BENCHMARK(check_sequence_alone)->Arg(128)->Arg(2030);

}  // namespace
}  // namespace meterproof::hdlc
