// A measurement: estimate, expanded uncertainty, limits and the rule that turns them into an
// outcome.
//
// The rule must be fixed before the test and is printed with the result (ISO/IEC 17025:2017 7.8.6).
// Simple acceptance compares the unrounded estimate with the limit, provided U <= limit width / cap
// (OIML G 19: shared risk when U is small); a larger U decides nothing and the outcome is
// undecided, whatever the estimate says.
#pragma once

#include <optional>
#include <string>

namespace meterproof::harness {

enum class MeasurementOutcome { within, outside, undecided };

struct DecisionRule {
  std::string name = "simple acceptance, U <= MPE/5";
  // U must not exceed (upper - lower) / 2 / uncertainty_cap. 0: no cap.
  double uncertainty_cap = 5.0;
};

struct Measurement {
  std::string name;  // for example "percentage_error"
  std::string unit;  // "%", "s", "imp"
  double value = 0;
  double expanded_uncertainty = 0;  // U at coverage factor k, same unit as value
  double coverage_factor = 2.0;
  std::optional<double> lower_limit;
  std::optional<double> upper_limit;
  DecisionRule rule;
  int observations = 0;      // n behind the estimate
  std::string limit_source;  // clause, source and how sure, as in the data tables

  // undecided when U is above the cap or not finite; limits are inclusive. Without limits: within.
  MeasurementOutcome outcome() const;
  // "+0.213 % +- 0.041 % (k=2, n=30), limits -1..+1 %"
  std::string summary() const;
};

}  // namespace meterproof::harness
