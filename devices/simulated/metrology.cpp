#include "devices/simulated/metrology.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numbers>

#include "devices/simulated/random.hpp"

namespace meterproof::simulated {
namespace {

constexpr double k_radians_per_arc_minute = std::numbers::pi / 10'800;

// Percentage limit at PF 1 between Itr and Imax. "0.5S" counts as 0.5; the MID letters as in
// EN 50470-3 (A 2 %, B 1 %, C 0.5 %).
double class_limit_percent(const std::string& accuracy_class) {
  if (accuracy_class == "A") return 2;
  if (accuracy_class == "B") return 1;
  if (accuracy_class == "C") return 0.5;
  const double value = std::strtod(accuracy_class.c_str(), nullptr);
  return value > 0 ? value : 1;
}

}  // namespace

ErrorModel draw_error_model(const MeterUnit& unit) {
  const bench::MeterType& type = *unit.type;
  const double limit = class_limit_percent(type.accuracy_class) / 100;
  const auto weak = [&](const char* name) { return unit.weaknesses.contains(name); };
  Random random(unit.seed, "metrology");
  ErrorModel model;
  // Shares of the class limit that add up to less than all of it at every tabled load point.
  model.gain = random.symmetric(0.30 * limit);
  model.phase_error = random.symmetric(2.5 * limit / 0.01) * k_radians_per_arc_minute;
  model.low_current = random.symmetric(0.25 * limit) * type.minimum_current.value;
  model.logarithmic = random.symmetric(0.04 * limit);
  model.offset_power =
      random.symmetric(1e-4) * type.nominal_voltage.value * type.minimum_current.value;
  model.starting_threshold = type.starting_current.value / 2;

  if (weak("ACC_GAIN")) model.gain += 0.025;
  if (weak("ACC_PHASE")) model.phase_error = 45 * k_radians_per_arc_minute;
  if (weak("ACC_NO_START")) model.starting_threshold = 0.04 * type.base_current.value;
  if (weak("ACC_REGISTER_SCALE")) model.register_scale = 0.99;
  if (weak("MUT_RES_001")) model.starved_gain = -0.02;
  if (weak("ACC_NOLOAD_CREEP")) {
    // Four pulses within the shortest no-load test of IEC 62053-21:2003 (600e6 / (k m Un Imax)
    // minutes).
    model.creep_power =
        4e-4 * type.phases * type.nominal_voltage.value * type.maximum_current.value;
  }
  return model;
}

double brown_out_voltage(const bench::MeterType& type) { return 0.5 * type.nominal_voltage.value; }

double true_power(const devices::Load& load) {
  double power = 0;
  for (const auto& phase : load.phases)
    power += phase.u.value * phase.i.value * std::cos(phase.phi.value);
  return power;
}

double measured_power(const ErrorModel& model, const bench::MeterType& type,
                      const devices::Load& load, bool starved) {
  double power = 0;
  bool registering = false;
  bool supplied = false;
  for (int n = 0; n < std::min(type.phases, 3); ++n) {
    const auto& phase = load.phases[static_cast<std::size_t>(n)];
    supplied = supplied || phase.u.value >= brown_out_voltage(type);
    const double current = phase.i.value;
    if (current < model.starting_threshold || current <= 0) continue;
    registering = true;
    power += phase.u.value * current * std::cos(phase.phi.value + model.phase_error) *
             (1 + model.gain + (starved ? model.starved_gain : 0)) *
             (1 + model.low_current / current +
              model.logarithmic * std::log(current / type.base_current.value));
  }
  if (!supplied) return 0;
  return registering ? power + model.offset_power : model.creep_power;
}

}  // namespace meterproof::simulated
