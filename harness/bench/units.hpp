// Quantities in data files: a string with a unit, "230 V" or "20 mA". A bare number is refused,
// because nobody should have to guess its unit.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace meterproof::bench {

struct UnitName {
  std::string_view name;
  double factor;  // to the dimension's own unit
};

// One dimension and the units a file may use for it; the first is the one named in hints.
struct Dimension {
  std::string_view what;     // "a voltage"
  std::string_view example;  // "230 V"
  std::span<const UnitName> units;
};

extern const Dimension k_voltage;    // V
extern const Dimension k_current;    // A
extern const Dimension k_time;       // s
extern const Dimension k_frequency;  // Hz
extern const Dimension k_energy;     // Wh
extern const Dimension k_constant;   // imp/kWh
extern const Dimension k_ratio;      // %
extern const Dimension k_angle;      // arc minutes

struct ParsedQuantity {
  std::optional<double> value;  // in the dimension's own unit, finite
  std::string problem;          // why there is none
};
ParsedQuantity parse_quantity(std::string_view text, const Dimension& dimension);

}  // namespace meterproof::bench
