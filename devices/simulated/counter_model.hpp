// CounterModel: the simulated pulse counter. Each edge of a channel gets an index, the counter's
// own time and the reference count latched in hardware at that edge. A ring keeps the youngest
// edges; whoever fetches too late sees the gap in the indices.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "devices/simulated/reference_model.hpp"

namespace meterproof::simulated {

struct CountedEdge {
  std::uint64_t index = 0;
  std::int64_t counter_ns = 0;
  ReferenceCount latched;
};

class CounterModel {
 public:
  static constexpr std::size_t k_ring_size = 65'536;  // edges kept per channel

  CounterModel(int channels, std::uint64_t seed);

  int channels() const { return static_cast<int>(rings_.size()); }
  std::int64_t time(harness::BenchTime when) const { return clock_.at(when); }
  // channel counts from 1.
  void edge(int channel, harness::BenchTime when, ReferenceCount latched);
  // Counts edges that are already too old to be kept.
  void skip(int channel, std::uint64_t edges);
  std::uint64_t next_index(int channel) const;
  // At most `limit` edges with index >= first, oldest first; starts later when those were lost.
  std::vector<CountedEdge> fetch(int channel, std::uint64_t first, std::size_t limit) const;

 private:
  struct Ring {
    std::uint64_t next = 0;
    std::deque<CountedEdge> edges;
  };
  const Ring& ring(int channel) const { return rings_.at(static_cast<std::size_t>(channel - 1)); }

  std::vector<Ring> rings_;
  InstrumentClock clock_;
};

}  // namespace meterproof::simulated
