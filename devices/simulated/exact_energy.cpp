#include "devices/simulated/exact_energy.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace meterproof::simulated {

using harness::BenchTime;

std::int64_t to_nanowatts(double watts) {
  return static_cast<std::int64_t>(std::llround(watts * static_cast<double>(k_nanowatts_per_watt)));
}

double to_joules(Attojoules energy) { return static_cast<double>(energy) * 1e-18; }

double to_watt_hours(Attojoules energy) { return static_cast<double>(energy) / 3.6e21; }

Attojoules from_watt_hours(double watt_hours) {
  // Whole watt hours and the rest apart: a double alone would lose the last digits of a large
  // register.
  const double whole = std::floor(watt_hours);
  const double rest = watt_hours - whole;
  constexpr Attojoules k_watt_hour = Attojoules{3'600'000'000'000'000'000} * 1000;
  return static_cast<Attojoules>(whole) * k_watt_hour + static_cast<Attojoules>(rest * 3.6e21);
}

Attojoules energy_per_pulse(double constant) {
  constexpr Attojoules k_kilowatt_hour = Attojoules{3'600'000'000'000'000'000} * 1'000'000;
  if (constant == std::floor(constant)) {
    const auto whole = static_cast<Attojoules>(constant);
    return (k_kilowatt_hour + whole / 2) / whole;
  }
  return static_cast<Attojoules>(3.6e24L / static_cast<long double>(constant) + 0.5L);
}

std::string to_decimal(Attojoules energy) {
  const bool negative = energy < 0;
  std::string digits;
  do {
    const int digit = static_cast<int>(energy % 10);
    digits.push_back(static_cast<char>('0' + (negative ? -digit : digit)));
    energy /= 10;
  } while (energy != 0);
  if (negative) digits.push_back('-');
  std::reverse(digits.begin(), digits.end());
  return digits;
}

std::optional<Attojoules> from_decimal(std::string_view text) {
  const bool negative = !text.empty() && text.front() == '-';
  if (negative) text.remove_prefix(1);
  if (text.empty() || text.size() > 38) return std::nullopt;
  Attojoules value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return negative ? -value : value;
}

Attojoules EnergyAccumulator::at(BenchTime when) const {
  return energy_ + Attojoules{nanowatts_} * (when - since_).nanoseconds;
}

void EnergyAccumulator::set_power(BenchTime when, double watts) {
  energy_ = at(when);
  since_ = when;
  nanowatts_ = to_nanowatts(watts);
}

double EnergyAccumulator::power() const {
  return static_cast<double>(nanowatts_) / static_cast<double>(k_nanowatts_per_watt);
}

std::optional<BenchTime> EnergyAccumulator::reaches(Attojoules target) const {
  if (nanowatts_ <= 0) return std::nullopt;
  const Attojoules missing = target - energy_;
  const Attojoules span = missing <= 0 ? 0 : (missing + nanowatts_ - 1) / nanowatts_;
  const Attojoules instant = since_.nanoseconds + span;
  if (instant > std::numeric_limits<std::int64_t>::max()) return std::nullopt;
  return BenchTime{static_cast<std::int64_t>(instant)};
}

}  // namespace meterproof::simulated
