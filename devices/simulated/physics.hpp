// Physics: what happens on the virtual bench as bench time passes. One network of three phases
// feeds the reference and all meters; it is piecewise constant, and each change takes effect at one
// instant for everybody. Time moves only when somebody asks: advance_to() walks the changes that
// have become due, in order, and emits the pulses of each segment at their exact instants.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <vector>

#include "devices/simulated/counter_model.hpp"
#include "devices/simulated/random.hpp"
#include "devices/simulated/reference_model.hpp"
#include "devices/simulated/simulated_meter.hpp"

namespace meterproof::simulated {

class Physics {
 public:
  // noise: the source's output wanders (5e-5 standard deviation, new every 0.5 s) and meters' LEDs
  // are up to 0.1 ms late.
  Physics(std::uint64_t seed, bool noise, ReferenceModel& reference, CounterModel& counter);

  // The n-th meter added drives channel n (from 1). Meters must outlive the physics.
  void add(SimulatedMeter& meter);

  // Never goes back; an earlier instant changes nothing.
  void advance_to(harness::BenchTime when);
  harness::BenchTime now() const { return now_; }
  const devices::Load& load() const { return actual_; }

  struct Change {
    harness::BenchTime when;
    devices::Load load;
    bool last = true;  // the load has settled
  };
  // Replaces every change that is not yet due. The changes must be in order.
  void schedule(std::deque<Change> changes);

  // Told of each settled load (without noise), and of each pulse: channel, instant.
  std::function<void(harness::BenchTime, const devices::Load&)> on_load;
  std::function<void(int, harness::BenchTime)> on_pulse;

 private:
  void run_segment(harness::BenchTime end);
  void apply(const devices::Load& load);
  void stir();

  ReferenceModel& reference_;
  CounterModel& counter_;
  std::vector<SimulatedMeter*> meters_;
  harness::BenchTime now_;
  std::deque<Change> due_;
  devices::Load nominal_, actual_;
  bool noise_;
  harness::BenchTime next_stir_;
  double wander_u_ = 0, wander_i_ = 0;
  Random random_;
};

}  // namespace meterproof::simulated
