#include "suites/accuracy/register_comparison.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>

namespace meterproof::suites {
namespace {

double expanded_wh(double resolution_wh, double constant) {
  return 2 * std::hypot(resolution_wh, 1000 / constant) / std::sqrt(6.0);
}

}  // namespace

double RegisterComparison::expanded_uncertainty_wh() const {
  return expanded_wh(resolution_wh, constant);
}

double register_test_energy_wh(const ConstantTest& test, double resolution_wh, double constant) {
  const double cap = harness::DecisionRule{}.uncertainty_cap;
  const double certain = expanded_wh(resolution_wh, constant) * cap / (test.limit_percent / 100);
  // A little more, because the source does not deliver to the last watt-second.
  return 1.05 * std::max(test.minimum_energy_wh, certain);
}

harness::Measurement register_measurement(const RegisterComparison& comparison,
                                          const ConstantTest& test) {
  harness::Measurement measurement;
  measurement.name = "register_against_pulses";
  measurement.unit = "%";
  measurement.value = (comparison.register_wh() / comparison.pulses_wh() - 1) * 100;
  measurement.expanded_uncertainty =
      comparison.expanded_uncertainty_wh() / comparison.pulses_wh() * 100;
  measurement.lower_limit = -test.limit_percent;
  measurement.upper_limit = test.limit_percent;
  measurement.observations = 1;
  measurement.limit_source = test.source;
  return measurement;
}

std::string to_json(const RegisterComparison& comparison) {
  return boost::json::serialize(
             boost::json::object{{"register_before_wh", comparison.register_before.value / 3600},
                                 {"register_after_wh", comparison.register_after.value / 3600},
                                 {"register_resolution_wh", comparison.resolution_wh},
                                 {"pulses", comparison.pulses},
                                 {"meter_constant_imp_per_kwh", comparison.constant}}) +
         "\n";
}

}  // namespace meterproof::suites
