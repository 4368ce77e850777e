// Register against pulses (the dial or meter constant test): how much energy the comparison needs,
// and what it says. Both counts are whole numbers of something, so the energy must be large beside
// a digit and beside a pulse.
#pragma once

#include <cstdint>
#include <string>

#include "harness/measurement.hpp"
#include "harness/quantity.hpp"
#include "suites/accuracy/limits.hpp"

namespace meterproof::suites {

struct RegisterComparison {
  harness::Energy register_before, register_after;
  double resolution_wh = 1;  // of the register
  std::uint64_t pulses = 0;  // between the two readings
  double constant = 1000;    // imp/kWh

  double register_wh() const { return (register_after - register_before).value / 3600; }
  double pulses_wh() const { return static_cast<double>(pulses) * 1000 / constant; }
  // Of the difference, k = 2, Wh: two readings of each, all within one digit or one pulse
  // (triangular).
  double expanded_uncertainty_wh() const;
};

// Wh: what the test asks for, or more where the uncertainty would otherwise exceed a fifth of the
// limit.
double register_test_energy_wh(const ConstantTest& test, double resolution_wh, double constant);

// "register_against_pulses", %; comparison.pulses > 0.
harness::Measurement register_measurement(const RegisterComparison& comparison,
                                          const ConstantTest& test);
std::string to_json(const RegisterComparison& comparison);

}  // namespace meterproof::suites
