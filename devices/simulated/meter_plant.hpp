// MeterPlant: what the communication processor of a simulated meter sees of its metrology and its
// supply. The world implements it from one energy accumulator, so registers and pulses can never
// disagree unless a weakness makes them.
#pragma once

#include <chrono>
#include <cstdint>

namespace meterproof::simulated {

class MeterPlant {
 public:
  virtual ~MeterPlant() = default;
  virtual double import_energy_wh()
      const = 0;  // accumulator now, unrounded; the register shows whole digits of it
  virtual double voltage(int phase) const = 0;  // V r.m.s., phase 0..2
  virtual double current(int phase) const = 0;  // A r.m.s.
  virtual double active_power() const = 0;      // W, as the meter measures it
  virtual std::chrono::system_clock::time_point clock()
      const = 0;  // the meter's calendar (bench time)
  virtual bool relay_closed() const = 0;
  virtual void set_relay(bool closed) = 0;
  // Load on the processor, in received APDUs or connections per wall second; the weakness
  // MUT_RES_001 lets it disturb sampling while it is above 50/s. Call it again when it falls.
  virtual void set_communication_load(double events_per_second) = 0;
};

}  // namespace meterproof::simulated
