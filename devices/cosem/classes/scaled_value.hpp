// Scaler and unit (IEC 62056-6-2 4.3.2): a register's number times a power of ten, with its unit.
// The decimal point is moved in text, so the digits shown are exactly those that the meter sent.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "devices/cosem/value.hpp"

namespace meterproof::cosem::classes {

struct ScalerUnit {
  std::int8_t scaler = 0;
  std::uint8_t unit = 255;
  bool operator==(const ScalerUnit&) const = default;
};
// Nothing unless it is structure{integer, enum}.
std::optional<ScalerUnit> scaler_unit_from(const Data& data);

// "Wh", "m³", "°C"; "" for 255 (no unit, a count); "unit 99" for codes that we cannot name.
std::string unit_name(std::uint8_t unit);

// value * 10^scaler in decimal: (12345, -3) is "12.345", (12, 2) is "1200". Floating values by
// their shortest text that reads back the same. Nothing for what is no number.
std::optional<std::string> scaled_decimal(const Data& value, std::int8_t scaler);
// "12.345 kWh" is never made of Wh: the unit is the meter's. Nothing for what is no number.
std::optional<std::string> scaled_text(const Data& value, const ScalerUnit& scale);

}  // namespace meterproof::cosem::classes
