#include <fmt/format.h>

#include <chrono>

#include "harness/catalogue.hpp"
#include "suites/accuracy/applied_load.hpp"
#include "suites/accuracy/load_points.hpp"
#include "suites/accuracy/pulse_comparison.hpp"
#include "suites/context.hpp"

namespace meterproof::suites {
namespace {

void percentage_error_at_a_load_point(Context& ctx) {
  const LoadPoint& point = load_point(ctx.variant());
  const bench::MeterType& type = ctx.type();
  const auto limit = limit_for(type, point.power_factor, point.current(type));
  if (!limit) {
    ctx.skip(fmt::format("{} class {} ({} connected) has no limit at {}", type.standard,
                         type.accuracy_class, type.connection, point.title()));
    return;
  }
  require_calibrated(ctx.reference().calibrated_until(),
                     std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now()));
  const devices::Load load = point.load(type);
  ctx.step("load " + to_string(load));
  const devices::Energised held = ctx.energise(load);
  ctx.wait(settling_time(ctx));
  ctx.step("pulses against the reference");
  judge_percentage_error(ctx, pulse_test_for(ctx, load, *limit), *limit);
}

const harness::Registration k_acc_load_001{procedure(
    {
        .id = "ACC_LOAD_001",
        .suite = "accuracy",
        .title = "Percentage error under balanced load",
        .objective = "The error of the energy registered stays within the limits of the class at "
                     "each load point, measured from time-stamped edges of the test output "
                     "regressed on the energy of the reference.",
        .severity = harness::Severity::critical,
        .clauses = {{"IEC 62053-21:2003", "8.1 Table 6"}},
        .needs = {"source", "reference", "pulse"},
        .declaration = {.supply = harness::Supply::load, .changes_supply = true},
        .variants = load_point_variants(),
        .not_exercised = {{"PF 0.25 inductive and 0.5 capacitive", "only on special request"},
                          {"single-phase load (Table 7)", "not built yet"}},
        .mutants = {{"ACC_GAIN", "percentage_error", {}},
                    {"ACC_PHASE", "percentage_error", load_point_names({0.5, Side::inductive})}},
    },
    percentage_error_at_a_load_point)};

}  // namespace
}  // namespace meterproof::suites
