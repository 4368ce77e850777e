#include "devices/simulated/physics.hpp"

#include <algorithm>
#include <utility>

namespace meterproof::simulated {

using harness::BenchDuration;
using harness::BenchTime;

namespace {
constexpr BenchDuration k_stir_period = BenchDuration{500'000'000};
constexpr double k_wander = 5e-5;        // standard deviation of amplitude, relative
constexpr double k_wander_memory = 0.9;  // of one period to the next
constexpr double k_led_delay_ns = 100'000;
}  // namespace

Physics::Physics(std::uint64_t seed, bool noise, ReferenceModel& reference, CounterModel& counter)
    : reference_(reference),
      counter_(counter),
      noise_(noise),
      next_stir_(BenchTime{} + k_stir_period),
      random_(seed, "noise") {}

void Physics::add(SimulatedMeter& meter) {
  meters_.push_back(&meter);
  meter.set_load(now_, actual_);
}

void Physics::schedule(std::deque<Change> changes) { due_ = std::move(changes); }

void Physics::advance_to(BenchTime when) {
  while (true) {
    const bool change_due = !due_.empty() && due_.front().when <= when;
    const bool stir_due = noise_ && next_stir_ <= when;
    if (!change_due && !stir_due) break;
    if (change_due && (!stir_due || due_.front().when <= next_stir_)) {
      const Change change = due_.front();
      due_.pop_front();
      run_segment(std::max(change.when, now_));
      nominal_ = change.load;
      apply(nominal_);
      if (change.last && on_load) on_load(now_, nominal_);
    } else {
      run_segment(next_stir_);
      next_stir_ = next_stir_ + k_stir_period;
      stir();
    }
  }
  if (when > now_) run_segment(when);
}

void Physics::run_segment(BenchTime end) {
  int channel = 0;
  for (SimulatedMeter* meter : meters_) {
    ++channel;
    // Pulses that the ring could not keep are counted without walking through them.
    std::vector<BenchTime> pulses;
    const std::uint64_t skipped = meter->pulses_until(
        end, CounterModel::k_ring_size, [&](BenchTime when) { pulses.push_back(when); });
    counter_.skip(channel, skipped);
    for (const BenchTime pulse : pulses) {
      BenchTime edge = pulse;
      if (noise_) edge.nanoseconds += static_cast<std::int64_t>(random_.uniform() * k_led_delay_ns);
      counter_.edge(channel, edge, reference_.count_at(edge));
      if (on_pulse) on_pulse(channel, pulse);
    }
  }
  now_ = end;
}

void Physics::apply(const devices::Load& load) {
  actual_ = load;
  if (noise_) {
    for (auto& phase : actual_.phases) {
      phase.u = phase.u * (1 + wander_u_);
      phase.i = phase.i * (1 + wander_i_);
    }
  }
  reference_.set_load(now_, actual_);
  for (SimulatedMeter* meter : meters_) meter->set_load(now_, actual_);
}

void Physics::stir() {
  const double fresh = k_wander * std::sqrt(1 - k_wander_memory * k_wander_memory);
  wander_u_ = k_wander_memory * wander_u_ + random_.normal(fresh);
  wander_i_ = k_wander_memory * wander_i_ + random_.normal(fresh);
  apply(nominal_);
}

}  // namespace meterproof::simulated
