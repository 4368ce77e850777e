// ReferenceModel: the simulated reference standard. It follows the source's real output with a gain
// and a phase error drawn inside its stated uncertainty and told to nobody but truth.jsonl, counts
// its own pulses without ever rounding, and stamps readings with its own crystal.
#pragma once

#include <cstdint>
#include <string>

#include "devices/reference.hpp"
#include "devices/simulated/exact_energy.hpp"
#include "devices/source.hpp"

namespace meterproof::simulated {

// A clock whose crystal is a few parts per billion off. Starts with bench time.
struct InstrumentClock {
  std::int64_t parts_per_billion = 0;
  std::int64_t at(harness::BenchTime when) const;  // ns
};

// Pulses since the start: whole ones and millionths of the next.
struct ReferenceCount {
  std::int64_t whole = 0;
  std::int32_t millionths = 0;
  std::string text() const;  // "123456.000789"
};

struct ReferenceSpecification {
  double constant = 1e9;                                                               // imp/kWh
  devices::ReferenceUncertainty uncertainty{1e-4, 5e-5, 1e-4, 1.4544410433286079e-4};  // 0.5'
};

class ReferenceModel {
 public:
  // frozen: the weakness REFERENCE_FROZEN; the instrument hangs after its first reading under load.
  ReferenceModel(const ReferenceSpecification& specification, std::uint64_t seed, bool frozen);

  void set_load(harness::BenchTime when, const devices::Load& load);

  struct Reading {
    std::int64_t instrument_ns = 0;
    ReferenceCount count;
    double power = 0;  // W, signed; the count rises with its magnitude
    devices::Load load;
  };
  Reading read(harness::BenchTime when);
  ReferenceCount count_at(harness::BenchTime when) const;

  // Hidden from every client: relative, and rad.
  double gain_error() const { return gain_error_; }
  double phase_error() const { return phase_error_; }
  double constant() const { return specification_.constant; }

 private:
  ReferenceCount to_count(Attojoules energy) const;

  ReferenceSpecification specification_;
  Attojoules per_pulse_;
  double gain_error_ = 0;
  double phase_error_ = 0;
  bool freezes_ = false;
  bool hung_ = false;
  Reading latest_;
  InstrumentClock clock_;
  devices::Load load_;
  double power_ = 0;
  EnergyAccumulator energy_;
};

}  // namespace meterproof::simulated
