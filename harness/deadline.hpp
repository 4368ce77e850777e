// Deadline: the wall instant by which a blocking call must have returned. Every call that can block
// takes one.
#pragma once

#include <algorithm>
#include <chrono>

#include "harness/clock.hpp"

namespace meterproof::harness {

class Deadline {
 public:
  static Deadline at(WallTime when) { return Deadline(when); }
  static Deadline after(WallDuration span) { return Deadline(WallClock::now() + span); }
  static Deadline never() { return Deadline(WallTime::max()); }

  WallTime when() const { return when_; }
  bool passed() const { return WallClock::now() >= when_; }
  // Never negative.
  WallDuration remaining() const {
    return when_ == WallTime::max() ? WallDuration::max()
                                    : std::max(WallDuration::zero(), when_ - WallClock::now());
  }
  // Whole milliseconds for poll(2), rounded up, -1 for never.
  int poll_milliseconds() const {
    if (when_ == WallTime::max()) return -1;
    const auto rounded = std::chrono::ceil<std::chrono::milliseconds>(remaining()).count();
    return static_cast<int>(std::min<long long>(rounded, 1'000'000'000));
  }
  Deadline sooner(Deadline other) const { return Deadline(std::min(when_, other.when_)); }

 private:
  explicit Deadline(WallTime when) : when_(when) {}
  WallTime when_;
};

}  // namespace meterproof::harness
