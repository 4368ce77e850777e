// PulseInput: edges of a meter's test output, stamped by the counter's own clock and, where the
// instrument gives it, with the latched count of the reference's pulses. The host's receipt time
// never enters an error computation unless declared as a fallback.
#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <vector>

#include "harness/deadline.hpp"

namespace meterproof::devices {

struct Edge {
  std::uint64_t index =
      0;  // counts the edges of the channel since the counter's start; a gap is a lost edge
  std::int64_t counter_ns = 0;  // the counter's clock (bench time on the virtual bench), ns
  std::optional<double> reference_count;  // latched count of the reference, with fraction
  harness::WallTime received;             // when the host had it; evidence only
};

class PulseInput {
 public:
  virtual ~PulseInput() = default;
  // Edges of the channel with index >= first. Waits until there are at least `count` of them or the
  // deadline passes, then returns what there is (possibly fewer, possibly none). Throws BenchError
  // when the counter is lost, Cancelled on a stop.
  virtual std::vector<Edge> edges(int channel, std::uint64_t first, std::size_t count,
                                  harness::Deadline deadline, std::stop_token stop) = 0;
  // Index that the next edge of the channel will get, and the counter's time now.
  struct Position {
    std::uint64_t next_index = 0;
    std::int64_t counter_ns = 0;
  };
  virtual Position position(int channel, harness::Deadline deadline, std::stop_token stop) = 0;
};

}  // namespace meterproof::devices
