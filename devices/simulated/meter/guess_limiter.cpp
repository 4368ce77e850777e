#include "devices/simulated/meter/guess_limiter.hpp"

#include <algorithm>

namespace meterproof::simulated {

void GuessLimiter::failed(harness::WallTime now) {
  failures_ = std::min(failures_ + 1, allowed_);
  if (failures_ >= allowed_) until_ = now + lock_;
}

void GuessLimiter::restore(int failures, harness::WallTime now) {
  failures_ = std::clamp(failures, 0, allowed_);
  if (failures_ >= allowed_) until_ = now + lock_;
}

}  // namespace meterproof::simulated
