// SignalStops: what Ctrl-C and SIGTERM mean to a program of ours. The first asks to stop after the
// step that runs now, the second to abort it; neither ends the process, so that make-safe always
// runs. For programs only: the Python module leaves signals to its host.
#pragma once

#include <memory>
#include <stop_token>

namespace meterproof::bench {

class SignalStops {
 public:
  // Takes over SIGINT and SIGTERM until destroyed, by blocking them in this thread and in those it
  // starts from now on: so before any other thread is started. Children of ChildProcess begin
  // with nothing blocked. One at a time; a second is an InternalError.
  SignalStops();
  ~SignalStops();
  SignalStops(const SignalStops&) = delete;
  SignalStops& operator=(const SignalStops&) = delete;

  std::stop_token after_step() const;
  std::stop_token abort() const;
  int received() const;  // how many signals so far

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace meterproof::bench
