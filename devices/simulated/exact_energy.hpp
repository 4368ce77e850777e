// Exact energy: the integral of a piecewise-constant power, without rounding however long it runs.
//
// Power is a whole number of nanowatts and bench time a whole number of nanoseconds, so energy is a
// whole number of attojoules (1e-18 J) and every segment's contribution is an integer product. 128
// bits hold 1.7e20 J: 69 kW for 78 million years. The instant at which an accumulator reaches an
// energy (the n-th pulse) follows by one integer division, so nothing is ever sampled.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "harness/clock.hpp"

namespace meterproof::simulated {

__extension__ typedef __int128 Attojoules;

constexpr std::int64_t k_nanowatts_per_watt = 1'000'000'000;

// Nearest whole nanowatt. watts within +-9e9.
std::int64_t to_nanowatts(double watts);
double to_joules(Attojoules energy);
double to_watt_hours(Attojoules energy);
Attojoules from_watt_hours(double watt_hours);
// Energy of one pulse for a constant in imp/kWh (0 < constant <= 1e12), to the nearest attojoule:
// relative error below 1e-12.
Attojoules energy_per_pulse(double constant);
std::string to_decimal(Attojoules energy);
// Nothing unless the whole text is a decimal integer of at most 38 digits.
std::optional<Attojoules> from_decimal(std::string_view text);

class EnergyAccumulator {
 public:
  EnergyAccumulator() = default;
  explicit EnergyAccumulator(Attojoules energy) : energy_(energy) {}

  // when must not be before the latest change.
  Attojoules at(harness::BenchTime when) const;
  void set_power(harness::BenchTime when, double watts);
  double power() const;
  // First nanosecond at which the energy is at least target if the power stays as it is; nothing
  // when it never is. target must lie above the energy at the latest change.
  std::optional<harness::BenchTime> reaches(Attojoules target) const;

 private:
  Attojoules energy_ = 0;  // at since_
  harness::BenchTime since_;
  std::int64_t nanowatts_ = 0;
};

}  // namespace meterproof::simulated
