// GuessLimiter: makes guessing a password slow (EN 303 645 5.1-5). After so many failures in a row
// a client role is locked for the declared time; then one guess is let through, and its failure
// locks again. While locked nothing is counted, so that hammering does not prolong the lock.
//
// Wall time, given by the caller. One limiter for each client role; all roles the meter does not
// know share one, so that its memory is bounded and a locked role looks like an unknown one. Only
// passwords are limited: a client with a key is recognised by its proof and never waits here.
#pragma once

#include "harness/clock.hpp"

namespace meterproof::simulated {

class GuessLimiter {
 public:
  // failures: how many are evaluated before the first lock, >= 1.
  GuessLimiter(int failures, harness::WallDuration lock) : allowed_(failures), lock_(lock) {}

  bool locked(harness::WallTime now) const { return failures_ >= allowed_ && now < until_; }
  void failed(harness::WallTime now);
  void succeeded() { failures_ = 0; }

  // What survives a power cut. After boot a lock starts anew: the meter cannot know how long it was
  // off.
  int failures() const { return failures_; }
  void restore(int failures, harness::WallTime now);

 private:
  int allowed_;
  harness::WallDuration lock_;
  int failures_ = 0;
  harness::WallTime until_{};
};

}  // namespace meterproof::simulated
