// PulseFit: the constant of a meter's test output, from time-stamped edges.
//
// Each edge of the meter carries the count of the reference's pulses latched at that instant. A
// straight line through (edge index, reference count) has the slope b, reference counts per meter
// pulse; the percentage error follows from the two constants alone: e = k_ref / (k_meter b) - 1.
// The index is exact and the noise (edge jitter, counting) is in the count, so the count is
// regressed on the index. All edges work, not only the first and the last: with white jitter the
// slope's variance falls with N^3.
//
// A missing or doubled pulse is never averaged away: an interval further than half a pulse from the
// median, or a residual above half a pulse, is named.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace meterproof::suites {

struct EdgePoint {
  std::uint64_t index = 0;     // of the edge, as the counter numbers them
  double reference_count = 0;  // with fraction
};

struct IrregularPulse {
  enum class Kind { missing, doubled, displaced } kind = Kind::displaced;
  std::uint64_t index = 0;  // the edge that ends the interval, or the displaced edge
  double pulses = 0;        // length of the interval, or the residual, in pulses
};

struct PulseFit {
  std::size_t edges = 0;
  std::uint64_t pulses = 0;               // last index - first index
  double counts_per_pulse = 0;            // b
  double relative_standard_error = 0;     // of b; 0 for two edges, which leave no residual
  int degrees_of_freedom = 0;             // edges - 2
  double residual_deviation = 0;          // standard deviation of the residuals, in pulses
  double largest_residual = 0;            // absolute, in pulses
  double reference_counts = 0;            // between first and last edge
  std::uint64_t lost_edges = 0;           // gaps in the index: the counter lost them, not the meter
  std::vector<IrregularPulse> irregular;  // in the order of the edges
};

// At least two edges with rising index and rising count, otherwise InternalError: the caller has
// checked that there are enough.
PulseFit fit_pulses(std::span<const EdgePoint> edges);

// In percent of the reference energy; constants in imp/kWh.
double percentage_error(double counts_per_pulse, double reference_constant, double meter_constant);

// Scatter between blocks of the series in excess of the edge jitter.
struct BlockScatter {
  int blocks = 0;                      // 0: too few edges to tell
  double relative_standard_error = 0;  // of the mean; 0 when the jitter explains the scatter
  int degrees_of_freedom = 0;
  double f_ratio = 0;  // variance between blocks over the variance that jitter explains
};

// Cuts the series into equal blocks of at least six edges and compares their slopes (F test,
// 5 %).
BlockScatter block_scatter(std::span<const EdgePoint> edges, int most_blocks = 5);

std::string to_string(const IrregularPulse& pulse);

}  // namespace meterproof::suites
