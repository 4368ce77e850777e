// HdlcSetup: the IEC HDLC setup object (class 23 version 1, IEC 62056-6-2) of the optical port. All
// of it says what the meter type declares; the inactivity time-out can be set and survives a power
// cut.
#pragma once

#include "devices/simulated/meter/nonvolatile.hpp"
#include "devices/simulated/meter/object_model.hpp"
#include "harness/bench/meter_type.hpp"
#include "harness/clock.hpp"

namespace meterproof::simulated {

class HdlcSetup {
 public:
  // memory and type outlive it.
  HdlcSetup(Nonvolatile& memory, const bench::MeterType& type);
  HdlcSetup(const HdlcSetup&) = delete;
  HdlcSetup& operator=(const HdlcSetup&) = delete;

  Object object();
  // Of a silent client, until the connection ends. The standard's 0, never, is a year.
  harness::WallDuration inactivity() const;

 private:
  std::uint16_t inactivity_seconds() const;
  Nonvolatile& memory_;
  const bench::MeterType& type_;
};

}  // namespace meterproof::simulated
