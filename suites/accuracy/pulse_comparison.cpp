#include "suites/accuracy/pulse_comparison.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "harness/errors.hpp"
#include "suites/accuracy/applied_load.hpp"
#include "suites/accuracy/evidence.hpp"

namespace meterproof::suites {
namespace {

using harness::BenchDuration;
using harness::BenchError;
using harness::Deadline;

constexpr auto k_counter_deadline = std::chrono::seconds(5);
// On top of the bench time that pulses need: a slow answer of the counter is no missing pulse.
constexpr auto k_answer_grace = std::chrono::seconds(2);

// Seconds of bench time from pulse to pulse.
double pulse_period(double meter_constant, harness::Power power) {
  return 3.6e6 / (meter_constant * std::abs(power.value));
}

struct Collected {
  std::vector<devices::Edge> edges;
  BenchDuration allowed;
};

// The meter may be a factor of two slow before its pulses count as absent.
Collected collect(Context& ctx, std::uint64_t first, std::size_t count, double period) {
  Collected collected;
  collected.allowed = BenchDuration::from_seconds(2 * period * static_cast<double>(count + 1));
  collected.edges = ctx.pulses().edges(
      first, count, Deadline::after(ctx.clock().wall(collected.allowed) + k_answer_grace));
  if (collected.edges.size() > count) collected.edges.resize(count);
  return collected;
}

std::string irregularities(const PulseTestResult& result) {
  std::string text;
  for (const IrregularPulse& pulse : result.estimate->fit.irregular) {
    text += (text.empty() ? "" : "; ") + to_string(pulse);
  }
  return text;
}

}  // namespace

PulseTest pulse_test_for(const Context& ctx, const devices::Load& load, const ErrorLimit& limit) {
  PulseTest test;
  test.load = load;
  test.pulses = ctx.by_tier<std::size_t>(8, 15, 30);
  test.least_time = BenchDuration::from_seconds(ctx.by_tier(5.0, 10.0, 30.0));
  test.most_pulses = ctx.by_tier<std::size_t>(64, 120, 240);
  test.resolution_percent = limit.percent / 10;
  return test;
}

std::optional<PulseTestResult::Estimate> estimate_error(
    const std::vector<devices::Edge>& edges, double meter_constant, double reference_constant,
    const devices::ReferenceUncertainty& uncertainty, double load_angle) {
  if (edges.size() < 3) return std::nullopt;
  std::vector<EdgePoint> points;
  for (const devices::Edge& edge : edges) {
    if (!edge.reference_count) {
      throw BenchError("the pulse counter does not latch the reference's count at an edge");
    }
    if (!points.empty() && !(*edge.reference_count > points.back().reference_count)) {
      throw BenchError("the reference count latched at the meter's edges stands still");
    }
    points.push_back({edge.index, *edge.reference_count});
  }
  PulseTestResult::Estimate estimate;
  estimate.fit = fit_pulses(points);
  if (estimate.fit.lost_edges > 0) {
    throw BenchError(fmt::format("the pulse counter lost {} edges", estimate.fit.lost_edges));
  }
  estimate.error_percent =
      percentage_error(estimate.fit.counts_per_pulse, reference_constant, meter_constant);
  estimate.budget =
      pulse_comparison_budget(uncertainty, load_angle, estimate.fit, block_scatter(points));
  return estimate;
}

PulseTestResult run_pulse_test(Context& ctx, const PulseTest& test) {
  PulseTestResult result;
  devices::ReferenceStandard& reference = ctx.reference();
  result.meter_constant = ctx.type().constant;
  result.reference_constant = reference.constant();
  result.before = confirm_load(ctx, test.load);
  if (!(std::abs(result.before.power.value) > 0)) {
    throw harness::InternalError("a pulse test needs a load with active power");
  }
  const double period = pulse_period(result.meter_constant, result.before.power);
  const auto timely = static_cast<std::size_t>(std::ceil(test.least_time.seconds() / period)) + 1;
  std::size_t count = std::max(test.pulses, timely);
  const std::size_t most = std::max(test.most_pulses, count);
  const std::uint64_t first = ctx.pulses().position(Deadline::after(k_counter_deadline)).next_index;
  for (;;) {
    Collected collected = collect(ctx, first, count, period);
    result.edges = std::move(collected.edges);
    result.allowed = collected.allowed;
    result.wanted = count;
    result.estimate = estimate_error(result.edges, result.meter_constant, result.reference_constant,
                                     reference.uncertainty(), load_angle(result.before));
    const bool fine_enough =
        !result.estimate || !result.regular() || !result.complete() ||
        result.estimate->budget.expanded_resolution() <= test.resolution_percent;
    if (fine_enough || count >= most) break;
    count = std::min(most, 2 * count);
  }
  result.after = confirm_load_since(ctx, test.load, result.before);
  return result;
}

void attach_evidence(Context& ctx, const PulseTestResult& result, const std::string& prefix) {
  ctx.attach(prefix + "edges.csv", edges_csv(result.edges),
             "edges of the meter's test output: index, counter's clock, latched reference count");
  ctx.attach(prefix + "reference.csv", readings_csv({result.before, result.after}),
             "readings of the reference before and after");
  if (!result.estimate) return;
  ctx.attach(prefix + "uncertainty.csv", to_csv(result.estimate->budget),
             "uncertainty budget (JCGM 100)");
  ctx.attach(prefix + "error.json", error_json(result),
             "constants and result of the pulse comparison");
}

harness::Measurement percentage_error_measurement(const PulseTestResult::Estimate& estimate,
                                                  const ErrorLimit& limit) {
  harness::Measurement measurement;
  measurement.name = "percentage_error";
  measurement.unit = "%";
  measurement.value = estimate.error_percent;
  measurement.expanded_uncertainty = estimate.budget.expanded();
  measurement.coverage_factor = estimate.budget.coverage_factor();
  measurement.lower_limit = -limit.percent;
  measurement.upper_limit = limit.percent;
  measurement.observations = static_cast<int>(estimate.fit.edges);
  measurement.limit_source = limit.source;
  return measurement;
}

void judge_percentage_error(Context& ctx, const PulseTest& test, const ErrorLimit& limit) {
  PulseTestResult result = run_pulse_test(ctx, test);
  if (!result.regular()) {
    attach_evidence(ctx, result, "irregular_");
    const std::string seen = irregularities(result);
    ctx.step("pulses are irregular, measuring once more: " + seen);
    result = run_pulse_test(ctx, test);
    attach_evidence(ctx, result);
    if (result.regular()) ctx.require(false, "pulses_regular", seen + "; not so when repeated");
    ctx.expect(false, "pulses_regular", seen + "; again: " + irregularities(result));
    return;
  }
  attach_evidence(ctx, result);
  ctx.expect(result.complete(), "pulses_present",
             fmt::format("{} of {} edges within {:.4g} s of bench time", result.edges.size(),
                         result.wanted, result.allowed.seconds()));
  if (result.estimate) ctx.measure(percentage_error_measurement(*result.estimate, limit));
}

}  // namespace meterproof::suites
