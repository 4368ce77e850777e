#include <fmt/format.h>

#include <cmath>

#include "harness/catalogue.hpp"
#include "suites/accuracy/applied_load.hpp"
#include "suites/accuracy/evidence.hpp"
#include "suites/accuracy/limits.hpp"
#include "suites/context.hpp"

namespace meterproof::suites {
namespace {

using harness::BenchDuration;
using harness::Deadline;

// On top of the time allowed: a slow answer of the counter is no missing pulse.
constexpr auto k_counter_grace = std::chrono::seconds(2);

struct PulseTime {
  const char* name;  // of the measurement
  double seconds;
  double late;  // half-width of what is not known of the start, s
};

void judge_time(Context& ctx, const PulseTime& time, const StartingTest& test) {
  harness::Measurement measurement;
  measurement.name = time.name;
  measurement.unit = "s";
  measurement.value = time.seconds;
  measurement.expanded_uncertainty = 2 * time.late / std::sqrt(3.0);
  measurement.upper_limit = test.limit.seconds();
  measurement.rule = {"simple acceptance", 0};
  measurement.observations = 1;
  measurement.limit_source = test.source;
  ctx.measure(measurement);
}

void judge_starting(Context& ctx, const StartingTest& test, std::int64_t start_ns, double late,
                    const std::vector<devices::Edge>& edges) {
  const std::string allowed = fmt::format("within {:.4g} s at Ist", test.limit.seconds());
  if (!ctx.expect(!edges.empty(), "starts", "first pulse " + allowed)) return;
  const auto seconds = [](std::int64_t from, std::int64_t to) {
    return static_cast<double>(to - from) * 1e-9;
  };
  judge_time(ctx, {"starting_time", seconds(start_ns, edges[0].counter_ns), late}, test);
  if (!ctx.expect(edges.size() > 1, "continues", "second pulse " + allowed)) return;
  judge_time(ctx, {"second_pulse_time", seconds(edges[0].counter_ns, edges[1].counter_ns), 0},
             test);
}

void starts_at_the_starting_current(Context& ctx) {
  const bench::MeterType& type = ctx.type();
  const auto starting = starting_current(type);
  if (!starting) {
    ctx.skip(fmt::format("no starting current is known for {} class {}", type.standard,
                         type.accuracy_class));
    return;
  }
  const StartingTest test = starting_test(type, starting->current);
  const devices::Load load = devices::balanced_load(type.phases, type.nominal_voltage,
                                                    starting->current, {0}, type.frequency);
  ctx.property("starting_current", starting->source);
  ctx.step(fmt::format("{}: first pulse within {:.4g} s, second within as long again",
                       to_string(load), test.limit.seconds()));
  const devices::Energised held = ctx.energise(load);
  const PulseChannel pulses = ctx.pulses();
  const harness::BenchTime applied = ctx.clock().now();
  const auto start = pulses.position(Deadline::after(k_counter_grace));
  const double late = (ctx.clock().now() - applied).seconds();
  ctx.wait(settling_time(ctx));
  const devices::ReferenceReading before = confirm_load(ctx, load);

  const auto wait_for = [&](std::size_t count, BenchDuration span) {
    return pulses.edges(start.next_index, count,
                        Deadline::after(ctx.clock().wall(span) + k_counter_grace));
  };
  std::vector<devices::Edge> edges = wait_for(1, test.limit);
  if (!edges.empty()) edges = wait_for(2, test.limit);
  if (edges.size() > 2) edges.resize(2);
  const devices::ReferenceReading after = confirm_load_since(ctx, load, before);
  ctx.attach("edges.csv", edges_csv(edges), "first two edges after the load was applied");
  ctx.attach("reference.csv", readings_csv({before, after}),
             "readings of the reference before and after");
  ctx.property("load_applied_counter_ns", std::to_string(start.counter_ns));
  judge_starting(ctx, test, start.counter_ns, late, edges);
}

const harness::Registration k_acc_start_001{procedure(
    {
        .id = "ACC_START_001",
        .suite = "accuracy",
        .title = "Starts and continues to register at the starting current",
        .objective = "At Un, PF 1 and the starting current of the class the meter gives its first "
                     "pulse within 1.5 times the time of one pulse and the second within as long "
                     "again. The times are those of OIML R 46: IEC 62053-21:2003 gives none.",
        .severity = harness::Severity::high,
        .clauses = {{"IEC 62053-21:2003", "8.3.3"},
                    {"OIML R 46-2:2012", "starting current (substitute for the time)"}},
        .needs = {"source", "reference", "pulse"},
        .declaration = {.supply = harness::Supply::load, .changes_supply = true},
        .mutants = {{"ACC_NO_START", "starts", {}}},
    },
    starts_at_the_starting_current)};

}  // namespace
}  // namespace meterproof::suites
