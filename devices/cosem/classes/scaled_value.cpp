#include "devices/cosem/classes/scaled_value.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <string_view>

namespace meterproof::cosem::classes {
namespace {

struct UnitName {
  std::uint8_t code;
  std::string_view name;
};

// The Blue Book's enumeration of physical units (IEC 62056-6-2, table of values of unit).
constexpr UnitName k_unit_names[] = {
    {1, "a"},        {2, "mo"},
    {3, "wk"},       {4, "d"},
    {5, "h"},        {6, "min"},
    {7, "s"},        {8, "°"},
    {9, "°C"},       {10, "currency"},
    {11, "m"},       {12, "m/s"},
    {13, "m³"},      {14, "m³ (corrected)"},
    {15, "m³/h"},    {16, "m³/h (corrected)"},
    {17, "m³/d"},    {18, "m³/d (corrected)"},
    {19, "l"},       {20, "kg"},
    {21, "N"},       {22, "Nm"},
    {23, "Pa"},      {24, "bar"},
    {25, "J"},       {26, "J/h"},
    {27, "W"},       {28, "VA"},
    {29, "var"},     {30, "Wh"},
    {31, "VAh"},     {32, "varh"},
    {33, "A"},       {34, "C"},
    {35, "V"},       {36, "V/m"},
    {37, "F"},       {38, "Ω"},
    {39, "Ωm²/m"},   {40, "Wb"},
    {41, "T"},       {42, "A/m"},
    {43, "H"},       {44, "Hz"},
    {45, "1/(Wh)"},  {46, "1/(varh)"},
    {47, "1/(VAh)"}, {48, "V²h"},
    {49, "A²h"},     {50, "kg/s"},
    {51, "S"},       {52, "K"},
    {53, "1/(V²h)"}, {54, "1/(A²h)"},
    {55, "1/m³"},    {56, "%"},
    {57, "Ah"},      {60, "Wh/m³"},
    {61, "J/m³"},    {62, "mol %"},
    {63, "g/m³"},    {64, "Pa s"},
    {65, "J/kg"},    {66, "g/cm²"},
    {67, "atm"},     {70, "dBm"},
    {71, "dBµV"},    {72, "dB"},
};

// Digits without a point, and where the point goes: value = 0.digits * 10^point.
struct DecimalDigits {
  bool negative = false;
  std::string digits;
  int point = 0;
};

std::string decimal_text(const DecimalDigits& value) {
  std::string text = value.negative ? "-" : "";
  const int count = static_cast<int>(value.digits.size());
  if (value.point <= 0) {
    text += "0.";
    text.append(static_cast<std::size_t>(-value.point), '0');
    text += value.digits;
  } else if (value.point >= count) {
    text += value.digits;
    text.append(static_cast<std::size_t>(value.point - count), '0');
  } else {
    text += value.digits.substr(0, static_cast<std::size_t>(value.point));
    text += '.';
    text += value.digits.substr(static_cast<std::size_t>(value.point));
  }
  return text;
}

std::string shifted_integer(bool negative, std::uint64_t magnitude, int scaler) {
  if (magnitude == 0 && scaler > 0) return "0";
  const std::string digits = std::to_string(magnitude);
  return decimal_text({negative, digits, static_cast<int>(digits.size()) + scaler});
}

template <class Floating>
std::string shifted_floating(Floating value, int scaler) {
  if (std::isnan(value)) return "not a number";
  if (std::isinf(value)) return value < 0 ? "-infinity" : "infinity";
  std::array<char, 64> buffer{};
  const auto [end, failure] = std::to_chars(buffer.data(), buffer.data() + buffer.size(),
                                            std::fabs(value), std::chars_format::scientific);
  if (failure != std::errc()) return "not a number";
  // d[.ddd]e[+-]xx
  const std::string_view text(buffer.data(), static_cast<std::size_t>(end - buffer.data()));
  const std::size_t exponent_at = text.find('e');
  DecimalDigits parts;
  parts.negative = std::signbit(value);
  for (const char c : text.substr(0, exponent_at)) {
    if (c != '.') parts.digits += c;
  }
  const std::string exponent(text.substr(exponent_at + 1));
  parts.point = std::atoi(exponent.c_str()) + 1 + scaler;
  if (parts.digits == "0") return "0";
  return decimal_text(parts);
}

}  // namespace

std::optional<ScalerUnit> scaler_unit_from(const Data& data) {
  const auto* fields = data.as<Structure>();
  if (fields == nullptr || fields->elements.size() != 2) return std::nullopt;
  const auto* scaler = fields->elements[0].as<std::int8_t>();
  const auto* unit = fields->elements[1].as<Enum>();
  if (scaler == nullptr || unit == nullptr) return std::nullopt;
  return ScalerUnit{*scaler, unit->value};
}

std::string unit_name(std::uint8_t unit) {
  if (unit == 255) return "";
  for (const UnitName& known : k_unit_names) {
    if (known.code == unit) return std::string(known.name);
  }
  std::string text = "unit ";
  text += std::to_string(unit);
  return text;
}

std::optional<std::string> scaled_decimal(const Data& value, std::int8_t scaler) {
  if (const auto* single = value.as<float>()) return shifted_floating(*single, scaler);
  if (const auto* full = value.as<double>()) return shifted_floating(*full, scaler);
  if (value.as<bool>() != nullptr || value.as<Enum>() != nullptr) return std::nullopt;
  if (const auto* large = value.as<std::uint64_t>()) return shifted_integer(false, *large, scaler);
  const auto whole = value.integer();
  if (!whole) return std::nullopt;
  const std::uint64_t bits = static_cast<std::uint64_t>(*whole);
  return shifted_integer(*whole < 0, *whole < 0 ? 0 - bits : bits, scaler);
}

std::optional<std::string> scaled_text(const Data& value, const ScalerUnit& scale) {
  auto text = scaled_decimal(value, scale.scaler);
  const std::string unit = unit_name(scale.unit);
  if (text && !unit.empty()) {
    *text += ' ';
    *text += unit;
  }
  return text;
}

}  // namespace meterproof::cosem::classes
