#include "devices/sources/safety_envelope.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <condition_variable>
#include <mutex>
#include <numbers>
#include <optional>
#include <thread>
#include <utility>

#include "harness/errors.hpp"

namespace meterproof::devices {

using harness::BenchError;
using harness::Deadline;
using harness::WallClock;

struct SafetyEnvelope::Core {
  struct Hold {
    std::uint64_t id = 0;
    Load load;
    harness::WallTime until;
  };

  // While it lives, make_safe() on another thread ends the source's settling instead of waiting for
  // it.
  class Interruptible {
   public:
    explicit Interruptible(Core& core) : core_(core) {
      const std::lock_guard lock(core_.settling_mutex);
      core_.settling = &source_;
    }
    ~Interruptible() {
      const std::lock_guard lock(core_.settling_mutex);
      core_.settling = nullptr;
    }
    Interruptible(const Interruptible&) = delete;
    Interruptible& operator=(const Interruptible&) = delete;
    void stop() const { source_.request_stop(); }
    std::stop_token token() const { return source_.get_token(); }

   private:
    Core& core_;
    std::stop_source source_;
  };

  void check(const Load& load) const {
    for (std::size_t n = 0; n < load.phases.size(); ++n) {
      const auto& [u, i, phi] = load.phases[n];
      if (!std::isfinite(u.value) || !std::isfinite(i.value) || !std::isfinite(phi.value) ||
          u.value < 0 || i.value < 0)
        throw BenchError("not a load: " + to_string(load));
      if (u > limits.max_voltage || i > limits.max_current)
        throw BenchError(fmt::format("outside the safety envelope ({:g} V, {:g} A): {}",
                                     limits.max_voltage.value, limits.max_current.value,
                                     to_string(load)));
    }
  }

  // All that follow: the mutex is held.

  void report(const std::string& message) {
    if (observer.fault) observer.fault(message);
  }

  void switch_off() {
    applied.reset();
    source->off();
    if (observer.de_energised) observer.de_energised();
  }

  // Never throws: for destructors and the watchdog.
  void switch_off_or_trip() noexcept {
    try {
      try {
        switch_off();
      } catch (const std::exception& error) {
        trip(std::string("the source could not be switched off: ") + error.what());
      }
    } catch (...) {
    }
  }

  void trip(const std::string& message) {
    if (tripped.empty()) tripped = message;
    report(message);
  }

  // Applies the youngest hold's load, or switches off.
  void settle_down(const std::stop_token& stop) {
    if (holds.empty() || !tripped.empty() || making_safe > 0) return switch_off();
    const Load& load = holds.back().load;
    if (applied == load) return;
    if (observer.energising) observer.energising(load);
    applied.reset();
    const Interruptible settling(*this);
    const std::stop_callback forward(stop, [&] { settling.stop(); });
    if (making_safe > 0) settling.stop();
    source->apply(load, Deadline::after(settle), settling.token());
    applied = load;
  }

  void release(std::uint64_t id) noexcept {
    const std::lock_guard lock(mutex);
    const bool youngest = !holds.empty() && holds.back().id == id;
    std::erase_if(holds, [&](const Hold& hold) { return hold.id == id; });
    --guards;
    if (closed) return;
    if (!youngest) return;
    try {
      settle_down({});
    } catch (const std::exception& error) {
      fail(std::string("going back to the load before failed: ") + error.what());
    }
    changed.notify_all();
  }

  void fail(const std::string& message) noexcept {
    holds.clear();
    try {
      if (guards > 0) trip(message);
    } catch (...) {
    }
    switch_off_or_trip();
  }

  std::optional<harness::WallTime> next_expiry() const {
    if (holds.empty()) return std::nullopt;
    return std::min_element(holds.begin(), holds.end(),
                            [](const Hold& a, const Hold& b) { return a.until < b.until; })
        ->until;
  }

  void watch(const std::stop_token& stop) {
    std::unique_lock lock(mutex);
    while (!stop.stop_requested()) {
      const auto expiry = next_expiry();
      if (!expiry) {
        changed.wait(lock, stop, [&] { return next_expiry().has_value(); });
        continue;
      }
      changed.wait_until(lock, stop, *expiry, [&] { return next_expiry() != expiry; });
      if (next_expiry() == expiry && WallClock::now() >= *expiry)
        fail("a load was held longer than the safety envelope permits");
    }
  }

  std::unique_ptr<Source> source;
  bench::Envelope limits;
  EnvelopeObserver observer;
  harness::WallDuration settle{};
  std::mutex mutex;
  std::condition_variable_any changed;
  std::vector<Hold> holds;  // oldest first
  std::optional<Load> applied;
  std::string tripped;    // why nothing may be energised until the guards are gone
  std::string forbidden;  // why nothing may be energised at all
  std::uint64_t next_id = 1;
  int guards = 0;  // alive, void ones included
  bool closed = false;
  std::atomic<int> making_safe{0};  // calls of make_safe() that wait for the mutex
  std::mutex settling_mutex;        // never held while anything waits
  std::stop_source* settling = nullptr;
  std::jthread watchdog;
};

SafetyEnvelope::SafetyEnvelope(std::unique_ptr<Source> source, const bench::Envelope& limits,
                               EnvelopeObserver observer, harness::WallDuration settle)
    : core_(std::make_shared<Core>()) {
  core_->source = std::move(source);
  core_->limits = limits;
  core_->observer = std::move(observer);
  core_->settle = settle;
  core_->watchdog =
      std::jthread([core = core_.get()](const std::stop_token& stop) { core->watch(stop); });
}

SafetyEnvelope::~SafetyEnvelope() {
  core_->watchdog.request_stop();
  core_->watchdog.join();
  const std::lock_guard lock(core_->mutex);
  core_->holds.clear();
  core_->switch_off_or_trip();
  core_->closed = true;
  core_->source.reset();
}

Energised SafetyEnvelope::energise(const Load& load, std::stop_token stop) {
  core_->check(load);
  const std::lock_guard lock(core_->mutex);
  if (!core_->forbidden.empty()) throw BenchError("nothing may be energised: " + core_->forbidden);
  if (core_->guards == 0) core_->tripped.clear();
  if (!core_->tripped.empty()) throw BenchError("the supply is off: " + core_->tripped);
  const std::uint64_t id = core_->next_id++;
  const auto longest = harness::WallTime::max() - WallClock::now();
  const auto duration = core_->limits.max_duration > harness::WallDuration::zero()
                            ? std::min<harness::WallDuration>(core_->limits.max_duration, longest)
                            : longest;
  core_->holds.push_back({id, load, WallClock::now() + duration});
  try {
    core_->settle_down(stop);
  } catch (...) {
    core_->holds.pop_back();
    try {
      core_->settle_down({});
    } catch (const std::exception& error) {
      core_->fail(std::string("the source failed: ") + error.what());
    }
    throw;
  }
  ++core_->guards;
  core_->changed.notify_all();
  const auto release = [core = core_, id](void*) { core->release(id); };
  return Energised(std::shared_ptr<void>(nullptr, release));
}

void SafetyEnvelope::make_safe() {
  ++core_->making_safe;
  {
    const std::lock_guard lock(core_->settling_mutex);
    if (core_->settling) core_->settling->request_stop();
  }
  const std::lock_guard lock(core_->mutex);
  --core_->making_safe;
  core_->holds.clear();
  if (core_->guards > 0 && core_->tripped.empty()) core_->tripped = "it was made safe";
  core_->switch_off();
}

void SafetyEnvelope::forbid(std::string reason) {
  const std::lock_guard lock(core_->mutex);
  core_->forbidden = std::move(reason);
}

void SafetyEnvelope::permit() {
  const std::lock_guard lock(core_->mutex);
  core_->forbidden.clear();
}

std::vector<OffCommand> SafetyEnvelope::off_commands() const {
  return core_->source->off_commands();
}

std::string SafetyEnvelope::identity() {
  const std::lock_guard lock(core_->mutex);
  return core_->source->identity();
}

LoadCheck load_confirmed(const ReferenceReading& reading, const Load& load, double tolerance) {
  LoadCheck check;
  const auto compare = [&](const std::string& what, double is, double wanted, double allowed,
                           const char* unit) {
    if (std::abs(is - wanted) <= allowed) return;
    check.confirmed = false;
    check.detail += fmt::format("{}{} {:.6g} {} instead of {:.6g} {}",
                                check.detail.empty() ? "" : "; ", what, is, unit, wanted, unit);
  };
  for (std::size_t n = 0; n < load.phases.size(); ++n) {
    const auto& wanted = load.phases[n];
    const std::string phase = "L" + std::to_string(n + 1);
    // Where nothing should be, a thousandth of a usual value is nothing.
    compare(phase + " voltage", reading.u[n].value, wanted.u.value,
            std::max(tolerance * wanted.u.value, 0.1), "V");
    compare(phase + " current", reading.i[n].value, wanted.i.value,
            std::max(tolerance * wanted.i.value, 0.0002), "A");
    if (wanted.i.value > 0 && wanted.u.value > 0)
      compare(phase + " phase angle",
              std::remainder(reading.phi[n].value - wanted.phi.value, 2 * std::numbers::pi) +
                  wanted.phi.value,
              wanted.phi.value, tolerance, "rad");
  }
  compare("frequency", reading.frequency.value, load.frequency.value,
          std::max(tolerance * load.frequency.value, 0.01), "Hz");
  return check;
}

}  // namespace meterproof::devices
