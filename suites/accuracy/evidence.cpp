#include "suites/accuracy/evidence.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "suites/accuracy/pulse_comparison.hpp"

namespace meterproof::suites {

// fmt prints a double with {} so that it reads back as the same double.

std::string edges_csv(std::span<const devices::Edge> edges) {
  std::string text = "index,counter_ns,reference_count\n";
  for (const devices::Edge& edge : edges) {
    text += fmt::format(
        "{},{},{}\n", edge.index, edge.counter_ns,
        edge.reference_count ? fmt::format("{}", *edge.reference_count) : std::string{});
  }
  return text;
}

std::string readings_csv(const std::vector<devices::ReferenceReading>& readings) {
  std::string text =
      "instrument_ns,energy_count,power_w,frequency_hz,u1_v,i1_a,phi1_rad,u2_v,i2_a,phi2_rad,u3_v,"
      "i3_a,phi3_rad\n";
  for (const devices::ReferenceReading& reading : readings) {
    text += fmt::format("{},{},{},{}", reading.instrument_ns, reading.energy_count,
                        reading.power.value, reading.frequency.value);
    for (std::size_t i = 0; i < reading.u.size(); ++i) {
      text +=
          fmt::format(",{},{},{}", reading.u[i].value, reading.i[i].value, reading.phi[i].value);
    }
    text += '\n';
  }
  return text;
}

std::string error_json(const PulseTestResult& result) {
  const PulseTestResult::Estimate& estimate = *result.estimate;
  const boost::json::object object = {
      {"meter_constant_imp_per_kwh", result.meter_constant},
      {"reference_constant_imp_per_kwh", result.reference_constant},
      {"edges", estimate.fit.edges},
      {"reference_counts_per_pulse", estimate.fit.counts_per_pulse},
      {"percentage_error", estimate.error_percent},
      {"combined_standard_uncertainty_percent", estimate.budget.combined()},
      {"effective_degrees_of_freedom",
       fmt::format("{:.4g}", estimate.budget.effective_degrees_of_freedom())},
      {"coverage_factor", estimate.budget.coverage_factor()},
      {"expanded_uncertainty_percent", estimate.budget.expanded()},
      {"residual_deviation_pulses", estimate.fit.residual_deviation},
      {"largest_residual_pulses", estimate.fit.largest_residual},
  };
  return boost::json::serialize(object) + "\n";
}

}  // namespace meterproof::suites
