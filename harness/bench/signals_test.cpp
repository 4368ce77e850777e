#include "harness/bench/signals.hpp"

#include <gtest/gtest.h>

#include <csignal>

#include "harness/bench/child_process.hpp"
#include "harness/errors.hpp"

namespace meterproof::bench {
namespace {

TEST(SignalStops, TheFirstStopsAfterTheStepTheSecondAborts) {
  const auto soon = harness::Deadline::after(std::chrono::seconds(20));
  ChildProcess program({own_program("meterproof-bench-helper"), "signals"});
  const auto wait_for = [&](std::string_view word) {
    program.wait_line([&](std::string_view line) { return line == word; }, soon);
  };
  wait_for("ready");
  program.send_signal(SIGINT);
  wait_for("after step");
  EXPECT_EQ(program.exit_status(), std::nullopt);
  program.send_signal(SIGTERM);
  wait_for("abort");
  EXPECT_EQ(program.wait_exit(soon), (ExitStatus{false, 7}));
}

bool interrupts_are_blocked() {
  sigset_t now;
  ::pthread_sigmask(SIG_SETMASK, nullptr, &now);
  return sigismember(&now, SIGINT) == 1 && sigismember(&now, SIGTERM) == 1;
}

TEST(SignalStops, GivesTheSignalsBack) {
  {
    const SignalStops stops;
    EXPECT_THROW(SignalStops{}, harness::InternalError);
    EXPECT_FALSE(stops.after_step().stop_requested());
    EXPECT_TRUE(interrupts_are_blocked());
  }
  EXPECT_FALSE(interrupts_are_blocked());
  const SignalStops again;
}

}  // namespace
}  // namespace meterproof::bench
