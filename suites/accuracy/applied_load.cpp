#include "suites/accuracy/applied_load.hpp"

#include <fmt/format.h>

#include <cmath>

#include "devices/sources/safety_envelope.hpp"
#include "harness/errors.hpp"

namespace meterproof::suites {
namespace {

using harness::BenchError;

constexpr auto k_reading_deadline = std::chrono::seconds(5);

devices::ReferenceReading read_reference(Context& ctx) {
  return ctx.reference().read(harness::Deadline::after(k_reading_deadline), ctx.stop());
}

}  // namespace

std::string implausible(const devices::ReferenceReading& before,
                        const devices::ReferenceReading& after, double constant) {
  const double seconds = static_cast<double>(after.instrument_ns - before.instrument_ns) * 1e-9;
  if (!(seconds > 0)) return "the reference repeats its reading: its clock stands still";
  const double power = (std::abs(before.power.value) + std::abs(after.power.value)) / 2;
  const double expected = power * seconds * constant / 3.6e6;
  const double counted = after.energy_count - before.energy_count;
  // Two counts and a twentieth: far outside any accuracy, far inside a count that stands still.
  if (!(std::abs(counted - expected) <= 0.05 * expected + 2)) {
    return fmt::format(
        "the reference counted {:.6g} pulses in {:.4g} s, its own power says {:.6g}: frozen or "
        "disturbed",
        counted, seconds, expected);
  }
  return {};
}

harness::BenchDuration settling_time(const Context& ctx) {
  return harness::BenchDuration::from_seconds(ctx.by_tier(2.0, 5.0, 10.0));
}

devices::ReferenceReading confirm_load(Context& ctx, const devices::Load& asked) {
  const devices::ReferenceReading reading = read_reference(ctx);
  if (const devices::LoadCheck check = devices::load_confirmed(reading, asked); !check.confirmed) {
    throw BenchError("the reference does not confirm the load: " + check.detail);
  }
  return reading;
}

devices::ReferenceReading confirm_load_since(Context& ctx, const devices::Load& asked,
                                             const devices::ReferenceReading& before) {
  const devices::ReferenceReading after = confirm_load(ctx, asked);
  if (const std::string wrong = implausible(before, after, ctx.reference().constant());
      !wrong.empty()) {
    throw BenchError(wrong);
  }
  return after;
}

void require_calibrated(const std::string& valid_until, std::chrono::sys_days today) {
  if (valid_until.empty()) return;
  int year = 0;
  unsigned month = 0, day = 0;
  if (std::sscanf(valid_until.c_str(), "%4d-%2u-%2u", &year, &month, &day) != 3) {
    throw BenchError("the reference's calibration date cannot be read: " + valid_until);
  }
  const std::chrono::year_month_day last{std::chrono::year(year), std::chrono::month(month),
                                         std::chrono::day(day)};
  if (!last.ok() || std::chrono::sys_days(last) < today) {
    throw BenchError("the calibration of the reference ended on " + valid_until);
  }
}

double load_angle(const devices::ReferenceReading& reading) {
  // Weighted by apparent power: a phase that carries nothing has no angle.
  double active = 0, reactive = 0;
  for (std::size_t i = 0; i < reading.u.size(); ++i) {
    const double apparent = reading.u[i].value * reading.i[i].value;
    active += apparent * std::cos(reading.phi[i].value);
    reactive += apparent * std::sin(reading.phi[i].value);
  }
  return std::atan2(reactive, active);
}

}  // namespace meterproof::suites
