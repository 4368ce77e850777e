#include <fmt/format.h>

#include "harness/catalogue.hpp"
#include "harness/errors.hpp"
#include "suites/accuracy/applied_load.hpp"
#include "suites/accuracy/evidence.hpp"
#include "suites/accuracy/limits.hpp"
#include "suites/context.hpp"

namespace meterproof::suites {
namespace {

using harness::BenchDuration;
using harness::Deadline;

constexpr auto k_counter_answer = std::chrono::seconds(5);

// Edges that come while `span` passes by the counter's own clock; ends early when there are more
// than `enough`.
std::vector<devices::Edge> edges_during(Context& ctx, BenchDuration span, std::size_t enough) {
  const PulseChannel pulses = ctx.pulses();
  const auto start = pulses.position(Deadline::after(k_counter_answer));
  const std::int64_t end_ns = start.counter_ns + span.nanoseconds;
  std::int64_t now_ns = start.counter_ns;
  std::vector<devices::Edge> edges;
  // The counter's clock and ours agree to parts in a million: the second round ends it.
  for (int round = 0; now_ns < end_ns && edges.size() <= enough; ++round) {
    if (round == 5) throw harness::BenchError("the pulse counter's clock stands still");
    edges = pulses.edges(start.next_index, enough + 1,
                         Deadline::after(ctx.clock().wall({end_ns - now_ns})));
    now_ns = pulses.position(Deadline::after(k_counter_answer)).counter_ns;
  }
  std::erase_if(edges, [&](const devices::Edge& edge) { return edge.counter_ns > end_ns; });
  return edges;
}

// Silence proves something only where a pulse would be seen: a pickup that has slipped off counts
// none either.
bool pulse_seen_at_base_current(Context& ctx) {
  const bench::MeterType& type = ctx.type();
  const devices::Load load = devices::balanced_load(type.phases, type.nominal_voltage,
                                                    type.base_current, {0}, type.frequency);
  ctx.step("a pulse at " + to_string(load));
  devices::Energised held = ctx.energise(load);
  const double watts = type.phases * (type.nominal_voltage * type.base_current).value;
  const auto patience = BenchDuration::from_seconds(4 * 3.6e6 / (type.constant * watts));
  const PulseChannel pulses = ctx.pulses();
  const auto first = pulses.position(Deadline::after(k_counter_answer)).next_index;
  const bool seen =
      !pulses.edges(first, 1, Deadline::after(ctx.clock().wall(patience) + k_counter_answer))
           .empty();
  ctx.release(std::move(held));
  return seen;
}

void no_pulses_without_load(Context& ctx) {
  const bench::MeterType& type = ctx.type();
  const auto test = no_load_test(type);
  if (!test) {
    ctx.skip(fmt::format("no no-load test is known for {} class {}", type.standard,
                         type.accuracy_class));
    return;
  }
  ctx.control_before("pulse_seen_under_load", pulse_seen_at_base_current(ctx));
  const devices::Load load = devices::balanced_load(
      type.phases, type.nominal_voltage * test->voltage, {0}, {0}, type.frequency);
  ctx.step(fmt::format("{}, current circuits open, for {:.4g} s", to_string(load),
                       test->minimum.seconds()));
  devices::Energised held = ctx.energise(load);
  ctx.wait(settling_time(ctx));
  const devices::ReferenceReading before = confirm_load(ctx, load);
  const auto most = static_cast<std::size_t>(test->most_pulses);
  const std::vector<devices::Edge> edges = edges_during(ctx, test->minimum, most);
  const devices::ReferenceReading after = confirm_load_since(ctx, load, before);
  ctx.release(std::move(held));
  ctx.attach("edges.csv", edges_csv(edges), "edges during the no-load test");
  ctx.attach("reference.csv", readings_csv({before, after}),
             "readings of the reference before and after");
  ctx.require(pulse_seen_at_base_current(ctx), "pulse_seen_under_load_again");
  ctx.property("test_time_s", fmt::format("{:.3f}", test->minimum.seconds()));

  harness::Measurement measurement;
  measurement.name = "no_load_pulses";
  measurement.unit = "imp";
  measurement.value = static_cast<double>(edges.size());
  measurement.upper_limit = test->most_pulses;
  measurement.rule = {"count, no uncertainty", 0};
  measurement.observations = 1;
  measurement.limit_source = test->source;
  ctx.measure(measurement);
}

const harness::Registration k_acc_noload_001{procedure(
    {
        .id = "ACC_NOLOAD_001",
        .suite = "accuracy",
        .title = "No registration without load",
        .objective = "With 1.15 Un and open current circuits the test output gives at most one "
                     "pulse in the time of the standard.",
        .severity = harness::Severity::high,
        .clauses = {{"IEC 62053-21:2003", "8.3.2"}},
        .needs = {"source", "reference", "pulse"},
        .declaration = {.supply = harness::Supply::load,
                        .changes_supply = true,
                        .hosts_guests = true},
        .mutants = {{"ACC_NOLOAD_CREEP", "no_load_pulses", {}}},
    },
    no_pulses_without_load)};

}  // namespace
}  // namespace meterproof::suites
