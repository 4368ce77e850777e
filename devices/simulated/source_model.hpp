// SourceModel: the simulated three-phase power source. Set points are staged and take effect
// together; the output then moves to them in three steps within the settling time. What comes out
// differs from what was asked by a hidden amplitude and phase error: only the reference knows.
#pragma once

#include <array>

#include "devices/simulated/physics.hpp"

namespace meterproof::simulated {

class SourceModel {
 public:
  static constexpr harness::BenchDuration k_settling_time{300'000'000};
  static constexpr double k_max_voltage = 300;  // V
  static constexpr double k_max_current = 125;  // A

  // lies: the weakness SOURCE_LIES.
  SourceModel(Physics& physics, std::uint64_t seed, bool lies);

  // Set points, in effect with the next commit(). False when out of range (nothing changes).
  bool stage_voltage(int phase, double volts);  // phase 0..2
  bool stage_current(int phase, double amperes);
  bool stage_phase(int phase, double degrees);  // current lags by this much; -180..180
  bool stage_frequency(double hertz);           // 45..65

  // The staged load goes to the terminals from this instant on.
  void commit(harness::BenchTime when);
  void off(harness::BenchTime when);
  bool output() const { return output_; }
  harness::BenchTime settled_at() const { return settled_at_; }
  // What was committed last; zero volts and amperes when the output is off.
  const devices::Load& set_points() const { return committed_; }
  const devices::Load& staged() const { return staged_; }

  // Hidden from every client.
  struct PhaseError {
    double voltage = 0, current = 0;  // relative
    double angle = 0;                 // rad
  };
  const std::array<PhaseError, 3>& errors() const { return errors_; }

 private:
  devices::Load delivered(const devices::Load& asked) const;

  Physics& physics_;
  bool lies_;
  bool output_ = false;
  devices::Load staged_, committed_;
  harness::BenchTime settled_at_;
  std::array<PhaseError, 3> errors_;
};

}  // namespace meterproof::simulated
