#include "harness/bench/signals.hpp"

#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <string>
#include <thread>

#include "harness/errors.hpp"

namespace meterproof::bench {
namespace {

std::atomic<bool> signals_are_taken{false};

sigset_t interrupt_and_terminate() {
  sigset_t both;
  sigemptyset(&both);
  sigaddset(&both, SIGINT);
  sigaddset(&both, SIGTERM);
  return both;
}

}  // namespace

// The signals are blocked and read from a descriptor, so no code of ours runs inside a handler.
struct SignalStops::State {
  int signals = -1, end_of_watch = -1;
  sigset_t mask_before{};
  std::stop_source after_step, abort;
  std::atomic<int> received{0};
  std::thread watcher;

  State() {
    const sigset_t both = interrupt_and_terminate();
    signals = ::signalfd(-1, &both, SFD_CLOEXEC | SFD_NONBLOCK);
    end_of_watch = ::eventfd(0, EFD_CLOEXEC);
    if (signals < 0 || end_of_watch < 0) {
      const int reason = errno;
      close_all();
      throw harness::BenchError(std::string("cannot watch for signals: ") + std::strerror(reason));
    }
  }
  ~State() { close_all(); }
  void close_all() const {
    if (signals >= 0) ::close(signals);
    if (end_of_watch >= 0) ::close(end_of_watch);
  }

  void watch() {
    std::array<pollfd, 2> both{{{signals, POLLIN, 0}, {end_of_watch, POLLIN, 0}}};
    for (;;) {
      if (::poll(both.data(), both.size(), -1) < 0 && errno != EINTR) return;
      if (both[1].revents != 0) return;
      signalfd_siginfo one{};
      if (::read(signals, &one, sizeof one) != sizeof one) continue;
      const int count = ++received;
      after_step.request_stop();
      if (count > 1) abort.request_stop();
    }
  }
};

SignalStops::SignalStops() {
  if (signals_are_taken.exchange(true))
    throw harness::InternalError("signals are handled in one place only");
  try {
    state_ = std::make_unique<State>();
  } catch (...) {
    signals_are_taken = false;
    throw;
  }
  const sigset_t both = interrupt_and_terminate();
  ::pthread_sigmask(SIG_BLOCK, &both, &state_->mask_before);
  state_->watcher = std::thread([state = state_.get()] { state->watch(); });
}

SignalStops::~SignalStops() {
  const std::uint64_t one = 1;
  while (::write(state_->end_of_watch, &one, sizeof one) < 0 && errno == EINTR) {
  }
  state_->watcher.join();
  ::pthread_sigmask(SIG_SETMASK, &state_->mask_before, nullptr);
  signals_are_taken = false;
}

std::stop_token SignalStops::after_step() const { return state_->after_step.get_token(); }
std::stop_token SignalStops::abort() const { return state_->abort.get_token(); }
int SignalStops::received() const { return state_->received; }

}  // namespace meterproof::bench
