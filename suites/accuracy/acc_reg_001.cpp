#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "harness/catalogue.hpp"
#include "suites/accuracy/applied_load.hpp"
#include "suites/accuracy/evidence.hpp"
#include "suites/accuracy/register_comparison.hpp"
#include "suites/context.hpp"

namespace meterproof::suites {
namespace {

using harness::BenchDuration;
using harness::Deadline;

constexpr auto k_counter_reply = std::chrono::seconds(5);
constexpr auto k_register_reply = std::chrono::seconds(10);

// Register and pulse count while nothing flows: they belong together however long the meter takes
// to answer.
struct Standstill {
  harness::Result<devices::RegisterReading> register_reading;
  std::uint64_t pulses = 0;
};

Standstill read_both(Context& ctx) {
  const auto pulses = ctx.pulses().position(Deadline::after(k_counter_reply)).next_index;
  return {
      ctx.meter().read_energy(
          Deadline::after(k_register_reply + ctx.type().recovery + ctx.type().boot), ctx.stop()),
      pulses};
}

bool readable(Context& ctx, const Standstill& standstill, const char* when) {
  const auto& reading = standstill.register_reading;
  return ctx.expect(
      reading.has_value(), "register_readable",
      reading ? std::string(when) : fmt::format("{}: {}", when, reading.error().message()));
}

void register_follows_the_pulses(Context& ctx) {
  const bench::MeterType& type = ctx.type();
  const auto test = constant_test(type, type.register_resolution_wh);
  if (!test) {
    ctx.skip(fmt::format("no limit is known for {} class {}", type.standard, type.accuracy_class));
    return;
  }
  const auto at_current = [&](harness::Current current) {
    return devices::balanced_load(type.phases, type.nominal_voltage, current, {0}, type.frequency);
  };
  const devices::Load idle = at_current({0}), full = at_current(type.maximum_current);
  const double energy_wh =
      register_test_energy_wh(*test, type.register_resolution_wh, type.constant);

  ctx.step("voltage only: register and pulse count before");
  const devices::Energised voltage = ctx.energise(idle);
  ctx.wait(settling_time(ctx));
  confirm_load(ctx, idle);
  const Standstill first = read_both(ctx);

  ctx.step(fmt::format("{:.4g} kWh at {}", energy_wh / 1000, to_string(full)));
  devices::Energised load = ctx.energise(full);
  ctx.wait(settling_time(ctx));
  const devices::ReferenceReading before = confirm_load(ctx, full);
  ctx.wait(BenchDuration::from_seconds(energy_wh * 3600 / std::abs(before.power.value)));
  const devices::ReferenceReading after = confirm_load_since(ctx, full, before);
  ctx.release(std::move(load));

  ctx.step("voltage only: register and pulse count after");
  ctx.wait(settling_time(ctx));
  confirm_load(ctx, idle);
  const Standstill second = read_both(ctx);
  ctx.attach("reference.csv", readings_csv({before, after}),
             "readings of the reference under load, at its beginning and end");
  if (!readable(ctx, first, "before") || !readable(ctx, second, "after")) return;

  const RegisterComparison comparison{
      .register_before = first.register_reading->energy,
      .register_after = second.register_reading->energy,
      .resolution_wh = std::max(first.register_reading->resolution.value / 3600,
                                second.register_reading->resolution.value / 3600),
      .pulses = second.pulses - first.pulses,
      .constant = type.constant};
  ctx.attach("register.json", to_json(comparison), "register readings and pulse count");
  if (!ctx.expect(comparison.pulses > 0, "pulses_present",
                  fmt::format("{} pulses", comparison.pulses))) {
    return;
  }
  ctx.measure(register_measurement(comparison, *test));
}

const harness::Registration k_acc_reg_001{procedure(
    {
        .id = "ACC_REG_001",
        .suite = "accuracy",
        .title = "Register against pulses",
        .objective = "The energy register advances by what the test output counts, within a tenth "
                     "of the class's limit. The figure is that of OIML R 46: IEC 62053-21:2003 "
                     "gives none. Both are read while no current flows.",
        .severity = harness::Severity::critical,
        .clauses = {{"IEC 62053-21:2003", "8.4"},
                    {"OIML R 46-2:2012", "meter constant (substitute for the tolerance)"}},
        .needs = {"source", "reference", "pulse"},
        .declaration = {.supply = harness::Supply::load, .changes_supply = true},
        .mutants = {{"ACC_REGISTER_SCALE", "register_against_pulses", {}}},
    },
    register_follows_the_pulses)};

}  // namespace
}  // namespace meterproof::suites
