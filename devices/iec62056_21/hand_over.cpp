#include "devices/iec62056_21/hand_over.hpp"

#include <array>

#include "harness/link/io_wait.hpp"

namespace meterproof::iec62056_21 {

using harness::Deadline;
using harness::WallClock;
using link::LinkError;

Result<HandedOver> hand_over(link::Link& line, const ModeEOptions& options, Deadline deadline,
                             std::stop_token stop) {
  const auto slow = line.configure({300, 7, link::Parity::even, 1});
  if (!slow) return slow.error();
  const auto discarded = line.discard_input();
  if (!discarded) return discarded.error();
  ModeEReader reader(options);
  reader.start(WallClock::now());
  while (!reader.finished()) {
    const Bytes output = reader.take_output();
    if (!output.empty()) {
      const auto written = line.write(output, deadline, stop);
      if (!written) return written.error();
    }
    std::array<std::byte, 64> buffer;
    const Deadline due = reader.timer() ? Deadline::at(*reader.timer()) : deadline;
    const auto count = line.read(buffer, deadline.sooner(due), stop);
    if (!count && count.error() != LinkError::timeout) return count.error();
    if (count) reader.receive(std::span(buffer).first(*count), WallClock::now());
    reader.tick(WallClock::now());
    if (!reader.finished() && deadline.passed()) return LinkError::timeout;
  }
  if (!reader.result()) return reader.result().error();
  const auto fast = line.configure({reader.result()->baud, 8, link::Parity::none, 1});
  if (!fast) return fast.error();
  // The meter changes its rate too, and may need its reaction time for that.
  const auto ready = WallClock::now() + reader.result()->identification.reaction_time();
  if (deadline.when() < ready) return LinkError::timeout;
  const auto waited = link::wait_until(ready, stop);
  if (!waited) return waited.error();
  return reader.result();
}

}  // namespace meterproof::iec62056_21
