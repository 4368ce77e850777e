#include "harness/measurement.hpp"

#include <fmt/format.h>

#include <cmath>

namespace meterproof::harness {

MeasurementOutcome Measurement::outcome() const {
  if (!std::isfinite(value) || !std::isfinite(expanded_uncertainty) || expanded_uncertainty < 0) {
    return MeasurementOutcome::undecided;
  }
  if (rule.uncertainty_cap > 0 && lower_limit && upper_limit &&
      expanded_uncertainty > (*upper_limit - *lower_limit) / 2 / rule.uncertainty_cap) {
    return MeasurementOutcome::undecided;
  }
  const bool within =
      (!lower_limit || value >= *lower_limit) && (!upper_limit || value <= *upper_limit);
  return within ? MeasurementOutcome::within : MeasurementOutcome::outside;
}

std::string Measurement::summary() const {
  std::string text = fmt::format("{:+.4g} {} +- {:.2g} {} (k={:g}, n={})", value, unit,
                                 expanded_uncertainty, unit, coverage_factor, observations);
  if (lower_limit && upper_limit) {
    text += fmt::format(", limits {:+g}..{:+g} {}", *lower_limit, *upper_limit, unit);
  } else if (upper_limit) {
    text += fmt::format(", at most {:g} {}", *upper_limit, unit);
  } else if (lower_limit) {
    text += fmt::format(", at least {:g} {}", *lower_limit, unit);
  }
  return text;
}

}  // namespace meterproof::harness
