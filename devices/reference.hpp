// ReferenceStandard: the instrument that knows the true energy, within its stated uncertainty. It
// follows the source's real output, so the set point never counts.
#pragma once

#include <array>
#include <cstdint>
#include <stop_token>
#include <string>

#include "harness/deadline.hpp"
#include "harness/quantity.hpp"

namespace meterproof::devices {

struct ReferenceReading {
  std::int64_t instrument_ns = 0;  // the instrument's own clock, ns
  double energy_count =
      0;  // pulses of the reference since its start, with fraction; energy = count / constant
  harness::Power power;  // total active power now
  std::array<harness::Voltage, 3> u;
  std::array<harness::Current, 3> i;
  std::array<harness::Angle, 3> phi;
  harness::Frequency frequency;
};

// Relative standard-uncertainty terms of the reference (JCGM 100), as its certificate and
// specification state them.
struct ReferenceUncertainty {
  double certificate_expanded = 0;       // U (k=2) of the certificate, relative: 1e-4 = 0.01 %
  double drift_rectangular = 0;          // half-width since calibration, relative
  double specification_rectangular = 0;  // half-width, relative
  double phase_rectangular_rad = 0;      // half-width of the phase error, rad; acts with tan(phi)
};

class ReferenceStandard {
 public:
  virtual ~ReferenceStandard() = default;
  // Throws BenchError when the instrument is silent, refuses, or its reading is frozen or
  // implausible.
  virtual ReferenceReading read(harness::Deadline deadline, std::stop_token stop) = 0;
  // imp/kWh
  virtual double constant() const = 0;
  virtual ReferenceUncertainty uncertainty() const = 0;
  // "maker, model, serial number, firmware"
  virtual std::string identity() = 0;
  // Last day of validity of the calibration, ISO 8601; empty when not stated.
  virtual std::string calibrated_until() const = 0;
};

}  // namespace meterproof::devices
