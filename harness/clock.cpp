#include "harness/clock.hpp"

#include <cmath>
#include <condition_variable>
#include <mutex>

#include "harness/errors.hpp"

namespace meterproof::harness {

BenchClock::BenchClock(double scale, WallTime origin) : scale_(scale), origin_(origin) {
  if (!(scale > 0)) throw InternalError("the scale of bench time must be positive");
}

BenchTime BenchClock::now() const { return at(WallClock::now()); }

BenchTime BenchClock::at(WallTime wall) const {
  const auto passed = std::chrono::duration_cast<std::chrono::nanoseconds>(wall - origin_).count();
  return {static_cast<std::int64_t>(std::llround(static_cast<long double>(passed) * scale_))};
}

WallDuration BenchClock::wall(BenchDuration span) const {
  const long double nanoseconds = std::ceil(static_cast<long double>(span.nanoseconds) / scale_);
  return std::chrono::duration_cast<WallDuration>(
      std::chrono::nanoseconds(static_cast<std::int64_t>(nanoseconds)));
}

void wait(WallDuration span, const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any wake;
  std::unique_lock lock(mutex);
  wake.wait_for(lock, stop, span, [] { return false; });
  if (stop.stop_requested()) throw Cancelled("stopped while waiting");
}

}  // namespace meterproof::harness
