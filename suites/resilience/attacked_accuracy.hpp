// What an attack does to a meter's measurement: errors of several pulse tests without and with it,
// and the register held against the pulses meanwhile. Pure functions.
//
// A shift is a difference of two errors measured against the same reference under the same load, so
// the reference's own uncertainty cancels and only the resolution of the comparison is left.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "harness/measurement.hpp"

namespace meterproof::suites {

struct ErrorRun {
  double error_percent = 0;
  double expanded_resolution_percent = 0;  // k = 2, without the reference's terms
};

double mean_error(std::span<const ErrorRun> runs);
// Standard deviation of the errors; 0 for fewer than two.
double repeatability(std::span<const ErrorRun> runs);

// "accuracy_shift": mean attacked error minus mean quiet error, within max(0.1 MPE, 2 s_r) with
// s_r the repeatability of the quiet runs; mpe_percent > 0, at least one run each.
harness::Measurement accuracy_shift(std::span<const ErrorRun> quiet,
                                    std::span<const ErrorRun> attacked, double mpe_percent);

// A register reading and the pulse counts just before and just after it: energy flows while the
// meter answers.
struct RegisterPoint {
  double wh = 0;
  std::uint64_t pulses_before = 0;
  std::uint64_t pulses_after = 0;
};
// Empty when the register advanced by what the pulses say, within one digit, one pulse and what
// flowed during the readings; else by how much it did not. constant: imp/kWh.
std::string register_strays(const RegisterPoint& first, const RegisterPoint& last,
                            double resolution_wh, double constant);

}  // namespace meterproof::suites
