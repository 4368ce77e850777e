// The pulse test: a meter's percentage error under the load that is held, from its edges and the
// reference counts latched at them.
//
// The reference is read before and after; it must confirm the load both times and have counted what
// it read, otherwise the bench is at fault (BenchError). More pulses are taken until the resolution
// of the comparison (counting, jitter, scatter) is good enough or the most pulses are reached; that
// looks at the scatter only, never at the error.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "devices/source.hpp"
#include "harness/measurement.hpp"
#include "suites/accuracy/limits.hpp"
#include "suites/accuracy/pulse_fit.hpp"
#include "suites/accuracy/uncertainty.hpp"
#include "suites/context.hpp"

namespace meterproof::suites {

struct PulseTest {
  devices::Load load;                 // that is held, with some power in it
  std::size_t pulses = 12;            // at least
  harness::BenchDuration least_time;  // pulses are taken for at least this long
  std::size_t most_pulses = 100;      // when more are taken for resolution's sake
  double resolution_percent = 0.1;    // U of the resolution terms aimed at
};

// Pulses and times of the tier; resolution a tenth of the limit.
PulseTest pulse_test_for(const Context& ctx, const devices::Load& load, const ErrorLimit& limit);

struct PulseTestResult {
  devices::ReferenceReading before, after;
  std::vector<devices::Edge> edges;
  std::size_t wanted = 0;          // edges that the load should have given
  harness::BenchDuration allowed;  // bench time that was allowed for them
  double meter_constant = 0;       // imp/kWh
  double reference_constant = 0;   // imp/kWh
  // Absent with fewer than three edges.
  struct Estimate {
    PulseFit fit;
    double error_percent = 0;
    UncertaintyBudget budget;
  };
  std::optional<Estimate> estimate;

  bool complete() const { return edges.size() >= wanted; }
  bool regular() const { return !estimate || estimate->fit.irregular.empty(); }
};

// Pure: what follows from the edges. Throws BenchError when an edge has no latched reference count,
// the counts stand still, or the counter lost edges.
std::optional<PulseTestResult::Estimate> estimate_error(
    const std::vector<devices::Edge>& edges, double meter_constant, double reference_constant,
    const devices::ReferenceUncertainty& uncertainty, double load_angle);

PulseTestResult run_pulse_test(Context& ctx, const PulseTest& test);

// Raw edges, reference readings, budget and constants: enough to compute the error again. prefix:
// "" or for example "attacked_".
void attach_evidence(Context& ctx, const PulseTestResult& result, const std::string& prefix = {});

// The measurement "percentage_error" against a symmetric limit.
harness::Measurement percentage_error_measurement(const PulseTestResult::Estimate& estimate,
                                                  const ErrorLimit& limit);

// A test that is run once more when pulses are irregular, then judged: "pulses_present",
// "pulses_regular", "percentage_error". Irregular only once: inconclusive.
void judge_percentage_error(Context& ctx, const PulseTest& test, const ErrorLimit& limit);

}  // namespace meterproof::suites
