// Metrology: how a simulated meter turns volts and amperes into registered energy.
//
// Per phase the meter measures P' = U I cos(phi + delta) (1 + gain) (1 + low / I + slope ln(I/Ib)),
// nothing below half its starting current, and a small offset power in all. delta is the phase
// error of the current channel: a positive delta makes the error negative on inductive load
// (5' at PF 0.5 inductive: -0.25 %). ErrorModel holds the parameters; a healthy meter's are drawn
// from its seed well inside its class, a weakness changes them.
#pragma once

#include <set>
#include <string>

#include "devices/simulated/meter_unit.hpp"
#include "devices/source.hpp"

namespace meterproof::simulated {

struct ErrorModel {
  double gain = 0;                // relative
  double phase_error = 0;         // delta, rad
  double low_current = 0;         // A; acts as low_current / I
  double logarithmic = 0;         // relative, per factor e of I / Ib
  double offset_power = 0;        // W, while the meter registers
  double starting_threshold = 0;  // A; a phase with less current does not register
  double creep_power = 0;         // W, registered with voltage alone
  double register_scale = 1;      // register / pulses
  double starved_gain = 0;        // relative, added while communication load is high
};

// Class limits come from the type; seed and weaknesses from the unit.
ErrorModel draw_error_model(const MeterUnit& unit);

// Active power as the meter measures it, W. 0 when no phase has voltage. starved: communication
// takes the processor's time.
double measured_power(const ErrorModel& model, const bench::MeterType& type,
                      const devices::Load& load, bool starved);

// True active power of a load, W.
double true_power(const devices::Load& load);

// The phase-neutral voltage below which a meter is without supply, V.
double brown_out_voltage(const bench::MeterType& type);

}  // namespace meterproof::simulated
