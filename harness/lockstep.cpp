#include "harness/lockstep.hpp"

#include "harness/errors.hpp"

namespace meterproof::harness {

Lockstep::Lockstep(int members) : members_(members) {
  if (members < 1) throw InternalError("a lockstep needs at least one member");
}

int Lockstep::members() const {
  const std::lock_guard lock(mutex_);
  return members_;
}

void Lockstep::act_now(std::unique_lock<std::mutex>& lock, const std::function<void()>& act) {
  acting_ = true;
  std::exception_ptr failure;
  if (mismatch_) {
    failure = std::make_exception_ptr(InternalError(
        "positions of one stage asked for different collective acts, one of them: " + signature_));
  } else {
    lock.unlock();
    try {
      act();
    } catch (...) {
      failure = std::current_exception();
    }
    lock.lock();
  }
  failure_ = failure;
  acting_ = false;
  mismatch_ = false;
  arrived_ = 0;
  ++round_;
  changed_.notify_all();
}

void Lockstep::collectively(std::string_view signature, const std::function<void()>& act,
                            const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  if (arrived_ == 0) {
    signature_ = signature;
  } else if (signature_ != signature) {
    mismatch_ = true;
  }
  ++arrived_;
  const std::uint64_t my_round = round_;
  // Whoever finds the round complete acts: usually the last to arrive, but a waiter when the last
  // one left instead of arriving.
  while (round_ == my_round) {
    if (complete() && !acting_) {
      act_now(lock, act);
      break;
    }
    changed_.wait(lock, stop, [&] { return round_ != my_round || (complete() && !acting_); });
    // An act that has begun is waited for: it observes the same stop token itself.
    if (stop.stop_requested() && round_ == my_round && !acting_) {
      --arrived_;
      throw Cancelled("stopped while waiting for the other positions");
    }
    if (stop.stop_requested() && round_ == my_round) {
      changed_.wait(lock, [&] { return round_ != my_round; });
    }
  }
  if (failure_) std::rethrow_exception(failure_);
}

void Lockstep::leave() {
  const std::lock_guard lock(mutex_);
  --members_;
  changed_.notify_all();
}

}  // namespace meterproof::harness
