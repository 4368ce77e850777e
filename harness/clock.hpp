// Two clocks of different types, so that they cannot be mixed up (docs/clocks: DESIGN section 8).
//
//   wall time   steady_clock: I/O deadlines, pacing, protocol and lock-out timers, attack rates,
//   safety bench time  wall time x scale, fixed for a run: physics, edges, registers, no-load and
//   starting times
//
// On a real bench the scale is 1 and both advance alike; they are still different types.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <stop_token>

namespace meterproof::harness {

using WallClock = std::chrono::steady_clock;
using WallTime = WallClock::time_point;
using WallDuration = WallClock::duration;

// A span of bench time. Resolution 1 ns, range +-292 years.
struct BenchDuration {
  std::int64_t nanoseconds = 0;

  static constexpr BenchDuration from_seconds(double seconds) {
    return {static_cast<std::int64_t>(seconds * 1e9 + (seconds < 0 ? -0.5 : 0.5))};
  }
  constexpr double seconds() const { return static_cast<double>(nanoseconds) * 1e-9; }

  constexpr auto operator<=>(const BenchDuration&) const = default;
  constexpr BenchDuration operator+(BenchDuration other) const {
    return {nanoseconds + other.nanoseconds};
  }
  constexpr BenchDuration operator-(BenchDuration other) const {
    return {nanoseconds - other.nanoseconds};
  }
};

// An instant of bench time: nanoseconds since the bench's own epoch.
struct BenchTime {
  std::int64_t nanoseconds = 0;

  constexpr double seconds() const { return static_cast<double>(nanoseconds) * 1e-9; }
  constexpr auto operator<=>(const BenchTime&) const = default;
  constexpr BenchTime operator+(BenchDuration span) const {
    return {nanoseconds + span.nanoseconds};
  }
  constexpr BenchDuration operator-(BenchTime other) const {
    return {nanoseconds - other.nanoseconds};
  }
};

// Converts between the two. Immutable, so it may be shared between threads.
class BenchClock {
 public:
  // scale: bench seconds per wall second, > 0. origin: the wall instant at which bench time is
  // zero.
  explicit BenchClock(double scale = 1.0, WallTime origin = WallClock::now());

  double scale() const { return scale_; }
  BenchTime now() const;
  BenchTime at(WallTime wall) const;
  // Wall time that a span of bench time takes, rounded up to the next nanosecond.
  WallDuration wall(BenchDuration span) const;

 private:
  double scale_;
  WallTime origin_;
};

// Waits until the span has passed. Throws Cancelled when a stop is requested meanwhile.
void wait(WallDuration span, const std::stop_token& stop);

}  // namespace meterproof::harness
