#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "reports/html_case.hpp"
#include "reports/text.hpp"

namespace meterproof::reports {
namespace {

constexpr double k_bar_width = 160;
constexpr double k_bar_margin = 6;

// Maps a range of values onto the drawing.
struct BarScale {
  double low;
  double high;
  double x(double value) const {
    const double share = (std::clamp(value, low, high) - low) / (high - low);
    return k_bar_margin + share * (k_bar_width - 2 * k_bar_margin);
  }
};

}  // namespace

std::string uncertainty_bar(const journal::MeasurementRecord& record) {
  const auto& measured = record.measurement;
  const double uncertainty = measured.expanded_uncertainty;
  if (!measured.lower_limit && !measured.upper_limit) return {};
  const double from = measured.value - uncertainty, to = measured.value + uncertainty;
  const double lower = measured.lower_limit.value_or(std::min(0.0, from));
  const double upper = measured.upper_limit.value_or(std::max(0.0, to));
  for (const double figure : {measured.value, from, to, lower, upper}) {
    if (!std::isfinite(figure)) return {};
  }
  double low = std::min({lower, from, upper}), high = std::max({upper, to, lower});
  const double span = high - low;
  // No width, or more than a double can hold with its margins.
  if (!(span > 0) || !std::isfinite(1.2 * span)) return {};
  low -= 0.08 * span;
  high += 0.08 * span;
  const BarScale scale{low, high};
  const char* colour = record.outcome == "within"    ? "#1a7f37"
                       : record.outcome == "outside" ? "#c11d1d"
                                                     : "#9a6700";
  return fmt::format(
      "<svg width=\"{0:g}\" height=\"22\" viewBox=\"0 0 {0:g} 22\" role=\"img\">"
      "<title>{1}</title>"
      "<rect x=\"{2:.1f}\" y=\"4\" width=\"{3:.1f}\" height=\"14\" fill=\"#e6eaef\"/>"
      "<path d=\"M{2:.1f} 2v18M{4:.1f} 2v18\" stroke=\"#5b6470\"/>"
      "<path d=\"M{5:.1f} 11H{6:.1f}M{5:.1f} 8v6M{6:.1f} 8v6\" stroke=\"{7}\" stroke-width=\"2\"/>"
      "<circle cx=\"{8:.1f}\" cy=\"11\" r=\"3.5\" fill=\"{7}\"/></svg>",
      k_bar_width, escaped(record.summary), scale.x(lower),
      std::max(0.0, scale.x(upper) - scale.x(lower)), scale.x(upper), scale.x(from), scale.x(to),
      colour, scale.x(measured.value));
}

}  // namespace meterproof::reports
