#include "harness/bench/units.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <numbers>
#include <vector>

#include "harness/names.hpp"

namespace meterproof::bench {
namespace {

constexpr std::array k_voltage_units{UnitName{"V", 1}, UnitName{"mV", 1e-3}, UnitName{"kV", 1e3}};
constexpr std::array k_current_units{UnitName{"A", 1}, UnitName{"mA", 1e-3}, UnitName{"kA", 1e3}};
constexpr std::array k_time_units{UnitName{"s", 1}, UnitName{"ms", 1e-3}, UnitName{"min", 60},
                                  UnitName{"h", 3600}};
constexpr std::array k_frequency_units{UnitName{"Hz", 1}};
constexpr std::array k_energy_units{UnitName{"Wh", 1}, UnitName{"kWh", 1e3}, UnitName{"mWh", 1e-3}};
constexpr std::array k_constant_units{UnitName{"imp/kWh", 1}};
constexpr std::array k_ratio_units{UnitName{"%", 1}, UnitName{"ppm", 1e-4}};
constexpr std::array k_angle_units{UnitName{"arcmin", 1}, UnitName{"deg", 60},
                                   UnitName{"mrad", 0.18 * 60 / std::numbers::pi}};

std::string quoted(std::string_view text) { return "'" + std::string(text) + "'"; }

}  // namespace

const Dimension k_voltage{"a voltage", "230 V", k_voltage_units};
const Dimension k_current{"a current", "5 A", k_current_units};
const Dimension k_time{"a time", "2 s", k_time_units};
const Dimension k_frequency{"a frequency", "50 Hz", k_frequency_units};
const Dimension k_energy{"an energy", "1 Wh", k_energy_units};
const Dimension k_constant{"a meter constant", "1000 imp/kWh", k_constant_units};
const Dimension k_ratio{"a ratio", "0.01 %", k_ratio_units};
const Dimension k_angle{"an angle", "0.1 arcmin", k_angle_units};

ParsedQuantity parse_quantity(std::string_view text, const Dimension& dimension) {
  const std::string hint = std::string(dimension.what) + " like \"" +
                           std::string(dimension.example) + "\" is expected here";
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || !std::isfinite(number))
    return {std::nullopt, quoted(text) + " does not begin with a number: " + hint};
  std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
  while (!unit.empty() && unit.front() == ' ') unit.remove_prefix(1);
  if (unit.empty()) return {std::nullopt, quoted(text) + " has no unit: " + hint};
  std::vector<std::string> names;
  for (const UnitName& known : dimension.units) {
    if (known.name == unit) return {number * known.factor, ""};
    names.emplace_back(known.name);
  }
  std::string known_units;
  for (const std::string& name : names) known_units += (known_units.empty() ? "" : ", ") + name;
  return {std::nullopt,
          "wrong unit " + quoted(unit) + ": " + hint + " (units: " + known_units + ")"};
}

}  // namespace meterproof::bench
