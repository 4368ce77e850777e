#include "devices/simulated/counter_model.hpp"

#include <algorithm>

#include "devices/simulated/random.hpp"

namespace meterproof::simulated {

CounterModel::CounterModel(int channels, std::uint64_t seed)
    : rings_(static_cast<std::size_t>(channels)) {
  clock_.parts_per_billion = static_cast<std::int64_t>(Random(seed, "counter").symmetric(2000));
}

void CounterModel::edge(int channel, harness::BenchTime when, ReferenceCount latched) {
  Ring& ring = rings_.at(static_cast<std::size_t>(channel - 1));
  ring.edges.push_back({ring.next++, clock_.at(when), latched});
  if (ring.edges.size() > k_ring_size) ring.edges.pop_front();
}

void CounterModel::skip(int channel, std::uint64_t edges) {
  Ring& ring = rings_.at(static_cast<std::size_t>(channel - 1));
  if (edges == 0) return;
  ring.next += edges;
  ring.edges.clear();
}

std::uint64_t CounterModel::next_index(int channel) const { return ring(channel).next; }

std::vector<CountedEdge> CounterModel::fetch(int channel, std::uint64_t first,
                                             std::size_t limit) const {
  const auto& edges = ring(channel).edges;
  const auto begin = std::lower_bound(
      edges.begin(), edges.end(), first,
      [](const CountedEdge& edge, std::uint64_t index) { return edge.index < index; });
  const auto available = static_cast<std::size_t>(edges.end() - begin);
  return {begin, begin + static_cast<std::ptrdiff_t>(std::min(limit, available))};
}

}  // namespace meterproof::simulated
