#include "harness/bench/signals.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <string>
#include <thread>

#include "harness/errors.hpp"

namespace meterproof::bench {
namespace {

std::atomic<int> signal_pipe_end{-1};

extern "C" void note_signal(int number) {
  const int saved = errno;
  const char octet = static_cast<char>(number);
  if (::write(signal_pipe_end.load(std::memory_order_relaxed), &octet, 1) < 0) {
    // A full pipe holds more signals than anybody counts.
  }
  errno = saved;
}

constexpr char k_end_of_watch = 0;  // no signal has number 0

}  // namespace

struct SignalStops::State {
  int ends[2] = {-1, -1};
  struct sigaction interrupt_before {};
  struct sigaction terminate_before {};
  std::stop_source after_step, abort;
  std::atomic<int> received{0};
  std::thread watcher;

  void watch() {
    for (;;) {
      char octet = k_end_of_watch;
      const ssize_t got = ::read(ends[0], &octet, 1);
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0 || octet == k_end_of_watch) return;
      const int count = ++received;
      after_step.request_stop();
      if (count > 1) abort.request_stop();
    }
  }
};

SignalStops::SignalStops() : state_(std::make_unique<State>()) {
  if (signal_pipe_end.load() >= 0)
    throw harness::InternalError("signals are handled in one place only");
  if (::pipe2(state_->ends, O_CLOEXEC) != 0)
    throw harness::BenchError(std::string("cannot make a pipe: ") + std::strerror(errno));
  // The writing end never blocks: the handler may interrupt any thread.
  ::fcntl(state_->ends[1], F_SETFL, O_NONBLOCK);
  signal_pipe_end = state_->ends[1];
  state_->watcher = std::thread([state = state_.get()] { state->watch(); });
  struct sigaction action {};
  action.sa_handler = note_signal;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  ::sigaction(SIGINT, &action, &state_->interrupt_before);
  ::sigaction(SIGTERM, &action, &state_->terminate_before);
}

SignalStops::~SignalStops() {
  ::sigaction(SIGINT, &state_->interrupt_before, nullptr);
  ::sigaction(SIGTERM, &state_->terminate_before, nullptr);
  ::fcntl(state_->ends[1], F_SETFL, 0);  // the watcher drains it, so this write ends
  while (::write(state_->ends[1], &k_end_of_watch, 1) < 0 && errno == EINTR) {
  }
  state_->watcher.join();
  signal_pipe_end = -1;
  ::close(state_->ends[0]);
  ::close(state_->ends[1]);
}

std::stop_token SignalStops::after_step() const { return state_->after_step.get_token(); }
std::stop_token SignalStops::abort() const { return state_->abort.get_token(); }
int SignalStops::received() const { return state_->received; }

}  // namespace meterproof::bench
