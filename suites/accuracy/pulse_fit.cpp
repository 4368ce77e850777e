#include "suites/accuracy/pulse_fit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/distributions/fisher_f.hpp>
#include <cmath>

#include "harness/errors.hpp"

namespace meterproof::suites {
namespace {

struct Line {
  long double slope = 0;
  long double mean_x = 0, mean_y = 0;
  long double sum_xx = 0;
  long double residual_squares = 0;

  long double residual(long double x, long double y) const {
    return (y - mean_y) - slope * (x - mean_x);
  }
};

// Counts from the first edge on, so that a counter that has run for years costs no digits.
struct Relative {
  long double x, y;
};

Relative relative_to(const EdgePoint& first, const EdgePoint& edge) {
  return {static_cast<long double>(edge.index - first.index),
          static_cast<long double>(edge.reference_count) -
              static_cast<long double>(first.reference_count)};
}

Line least_squares(std::span<const EdgePoint> edges) {
  const EdgePoint& first = edges.front();
  const auto n = static_cast<long double>(edges.size());
  Line line;
  for (const EdgePoint& edge : edges) {
    const auto [x, y] = relative_to(first, edge);
    line.mean_x += x / n;
    line.mean_y += y / n;
  }
  long double sum_xy = 0;
  for (const EdgePoint& edge : edges) {
    const auto [x, y] = relative_to(first, edge);
    line.sum_xx += (x - line.mean_x) * (x - line.mean_x);
    sum_xy += (x - line.mean_x) * (y - line.mean_y);
  }
  line.slope = sum_xy / line.sum_xx;
  for (const EdgePoint& edge : edges) {
    const auto [x, y] = relative_to(first, edge);
    line.residual_squares += line.residual(x, y) * line.residual(x, y);
  }
  return line;
}

long double slope_error(const Line& line, std::size_t edges) {
  if (edges < 3) return 0;
  return std::sqrt(line.residual_squares / static_cast<long double>(edges - 2) / line.sum_xx);
}

void check_edges(std::span<const EdgePoint> edges) {
  if (edges.size() < 2) throw harness::InternalError("a pulse fit needs two edges");
  for (std::size_t i = 1; i < edges.size(); ++i) {
    if (edges[i].index <= edges[i - 1].index) {
      throw harness::InternalError("edges are not in rising order");
    }
  }
  if (!(edges.back().reference_count > edges.front().reference_count)) {
    throw harness::InternalError("the reference count does not rise over the edges");
  }
}

// Length in counts of one pulse over each interval; a gap in the index is the counter's loss and
// is divided out.
std::vector<double> interval_lengths(std::span<const EdgePoint> edges) {
  std::vector<double> lengths;
  lengths.reserve(edges.size() - 1);
  for (std::size_t i = 1; i < edges.size(); ++i) {
    lengths.push_back((edges[i].reference_count - edges[i - 1].reference_count) /
                      static_cast<double>(edges[i].index - edges[i - 1].index));
  }
  return lengths;
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

std::vector<IrregularPulse> find_irregular(std::span<const EdgePoint> edges, const Line& line) {
  const std::vector<double> lengths = interval_lengths(edges);
  // A line fitted through a missing pulse bends towards it until the residuals look harmless, so
  // the intervals are looked at first.
  const double usual = median(lengths);
  std::vector<IrregularPulse> found;
  for (std::size_t i = 0; i < lengths.size(); ++i) {
    const double pulses = lengths[i] / usual;
    if (std::abs(pulses - 1) < 0.5) continue;
    found.push_back({pulses > 1 ? IrregularPulse::Kind::missing : IrregularPulse::Kind::doubled,
                     edges[i + 1].index, pulses});
  }
  if (!found.empty()) return found;
  for (const EdgePoint& edge : edges) {
    const auto [x, y] = relative_to(edges.front(), edge);
    const auto residual = static_cast<double>(line.residual(x, y) / line.slope);
    if (std::abs(residual) <= 0.5) continue;
    found.push_back({IrregularPulse::Kind::displaced, edge.index, residual});
  }
  return found;
}

}  // namespace

PulseFit fit_pulses(std::span<const EdgePoint> edges) {
  check_edges(edges);
  const Line line = least_squares(edges);
  PulseFit fit;
  fit.edges = edges.size();
  fit.pulses = edges.back().index - edges.front().index;
  fit.lost_edges = fit.pulses - (edges.size() - 1);
  fit.counts_per_pulse = static_cast<double>(line.slope);
  fit.relative_standard_error = static_cast<double>(slope_error(line, edges.size()) / line.slope);
  fit.degrees_of_freedom = static_cast<int>(edges.size()) - 2;
  fit.reference_counts = edges.back().reference_count - edges.front().reference_count;
  if (fit.degrees_of_freedom > 0) {
    fit.residual_deviation = static_cast<double>(
        std::sqrt(line.residual_squares / static_cast<long double>(fit.degrees_of_freedom)) /
        line.slope);
  }
  for (const EdgePoint& edge : edges) {
    const auto [x, y] = relative_to(edges.front(), edge);
    fit.largest_residual = std::max(
        fit.largest_residual, static_cast<double>(std::abs(line.residual(x, y) / line.slope)));
  }
  fit.irregular = find_irregular(edges, line);
  return fit;
}

double percentage_error(double counts_per_pulse, double reference_constant, double meter_constant) {
  const long double b = counts_per_pulse, k_ref = reference_constant, k = meter_constant;
  return static_cast<double>((k_ref / (k * b) - 1.0L) * 100.0L);
}

BlockScatter block_scatter(std::span<const EdgePoint> edges, int most_blocks) {
  constexpr std::size_t k_smallest_block = 6;
  BlockScatter scatter;
  const std::size_t blocks =
      std::min(static_cast<std::size_t>(most_blocks), edges.size() / k_smallest_block);
  if (blocks < 2) return scatter;
  const std::size_t size = edges.size() / blocks;
  std::vector<long double> slopes;
  long double mean = 0, jitter_variance = 0;
  for (std::size_t i = 0; i < blocks; ++i) {
    const auto block = edges.subspan(i * size, size);
    const Line line = least_squares(block);
    slopes.push_back(line.slope);
    mean += line.slope / static_cast<long double>(blocks);
    const long double error = slope_error(line, block.size());
    jitter_variance += error * error / static_cast<long double>(blocks);
  }
  long double variance = 0;
  for (const long double slope : slopes) {
    variance += (slope - mean) * (slope - mean) / static_cast<long double>(blocks - 1);
  }
  scatter.blocks = static_cast<int>(blocks);
  scatter.degrees_of_freedom = static_cast<int>(blocks) - 1;
  // Without any jitter the intervals are equal to the last digit and so are the blocks.
  if (!(jitter_variance > 0)) return scatter;
  scatter.f_ratio = static_cast<double>(variance / jitter_variance);
  const boost::math::fisher_f distribution(static_cast<double>(blocks - 1),
                                           static_cast<double>(blocks * (size - 2)));
  if (scatter.f_ratio > boost::math::quantile(distribution, 0.95)) {
    const long double excess = variance - jitter_variance;
    scatter.relative_standard_error =
        static_cast<double>(std::sqrt(excess / static_cast<long double>(blocks)) / mean);
  }
  return scatter;
}

std::string to_string(const IrregularPulse& pulse) {
  switch (pulse.kind) {
    case IrregularPulse::Kind::missing:
      return fmt::format("pulse missing before edge {} (interval of {:.2f} pulses)", pulse.index,
                         pulse.pulses);
    case IrregularPulse::Kind::doubled:
      return fmt::format("doubled pulse at edge {} (interval of {:.2f} pulses)", pulse.index,
                         pulse.pulses);
    case IrregularPulse::Kind::displaced:
      break;
  }
  return fmt::format("edge {} displaced by {:.2f} pulses", pulse.index, pulse.pulses);
}

}  // namespace meterproof::suites
