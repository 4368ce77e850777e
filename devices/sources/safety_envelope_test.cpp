#include "devices/sources/safety_envelope.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>
#include <thread>

#include "harness/errors.hpp"

namespace meterproof::devices {
namespace {

using harness::BenchError;
using testing::ElementsAre;

// What the source was asked, in order, for the test to see while the envelope owns the source.
struct SourceLog {
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<std::string> calls;
  bool refuses_loads = false, refuses_off = false, never_settles = false;

  void add(const std::string& call) {
    const std::lock_guard lock(mutex);
    calls.push_back(call);
    changed.notify_all();
  }
  bool wait_for(const std::string& last) {
    std::unique_lock lock(mutex);
    return changed.wait_for(lock, std::chrono::seconds(10),
                            [&] { return !calls.empty() && calls.back() == last; });
  }
};

class LoggedSource final : public Source {
 public:
  explicit LoggedSource(SourceLog& log) : log_(log) {}
  void apply(const Load& load, harness::Deadline, std::stop_token stop) override {
    if (stop.stop_requested()) throw harness::Cancelled("stopped");
    log_.add(std::to_string(static_cast<int>(load.phases[0].i.value)) + " A");
    if (log_.refuses_loads) throw BenchError("refused");
    if (log_.never_settles) wait_for_a_stop(stop);
  }
  void off() override {
    log_.add("off");
    if (log_.refuses_off) throw BenchError("still on");
  }
  std::vector<OffCommand> off_commands() const override { return {{"tcp://x", "OFF\n"}}; }
  std::string identity() override { return "logged"; }

 private:
  static void wait_for_a_stop(const std::stop_token& stop) {
    std::mutex mutex;
    std::condition_variable_any stopped;
    std::unique_lock lock(mutex);
    if (!stopped.wait_for(lock, stop, std::chrono::seconds(20), [] { return false; }) &&
        stop.stop_requested())
      throw harness::Cancelled("stopped while settling");
    throw BenchError("nobody stopped it");
  }
  SourceLog& log_;
};

Load amperes(double current) { return balanced_load(3, {230}, {current}, {0}); }

class SafetyEnvelopeTest : public testing::Test {
 protected:
  std::unique_ptr<SafetyEnvelope> make(harness::WallDuration longest = std::chrono::hours(1)) {
    EnvelopeObserver observer;
    observer.fault = [this](const std::string& message) { faults_.push_back(message); };
    return std::make_unique<SafetyEnvelope>(std::make_unique<LoggedSource>(log_),
                                            bench::Envelope{{276}, {120}, longest}, observer);
  }
  SourceLog log_;
  std::vector<std::string> faults_;
};

TEST_F(SafetyEnvelopeTest, TheYoungestLivingGuardDecides) {
  const auto envelope = make();
  {
    Energised outer = envelope->energise(amperes(1), {});
    { const Energised inner = envelope->energise(amperes(5), {}); }
    Energised third = envelope->energise(amperes(7), {});
    outer = {};  // an older guard goes: nothing changes
    EXPECT_THAT(log_.calls, ElementsAre("1 A", "5 A", "1 A", "7 A"));
  }
  EXPECT_THAT(log_.calls, ElementsAre("1 A", "5 A", "1 A", "7 A", "off"));
}

TEST_F(SafetyEnvelopeTest, LoadsOutsideTheLimitsNeverReachTheSource) {
  const auto envelope = make();
  EXPECT_THROW((void)envelope->energise(amperes(121), {}), BenchError);
  EXPECT_THROW((void)envelope->energise(balanced_load(3, {300}, {1}, {0}), {}), BenchError);
  EXPECT_THROW((void)envelope->energise(amperes(std::nan("")), {}), BenchError);
  EXPECT_THROW((void)envelope->energise(amperes(-1), {}), BenchError);
  EXPECT_THAT(log_.calls, ElementsAre());
}

TEST_F(SafetyEnvelopeTest, DestructionSwitchesOffAndOutlivedGuardsDoNothing) {
  auto envelope = make();
  Energised guard = envelope->energise(amperes(5), {});
  envelope.reset();
  EXPECT_THAT(log_.calls, ElementsAre("5 A", "off"));
  guard = {};
  EXPECT_THAT(log_.calls, ElementsAre("5 A", "off"));
}

TEST_F(SafetyEnvelopeTest, MakeSafeDoesNotWaitForASourceThatSettles) {
  const auto envelope = make();
  const Energised outer = envelope->energise(amperes(1), {});
  log_.never_settles = true;
  std::jthread other(
      [&] { EXPECT_THROW((void)envelope->energise(amperes(5), {}), harness::Cancelled); });
  ASSERT_TRUE(log_.wait_for("5 A"));
  envelope->make_safe();
  other.join();
  EXPECT_EQ(log_.calls.back(), "off");
  EXPECT_THROW((void)envelope->energise(amperes(1), {}), BenchError) << "outer is still alive";
}

TEST_F(SafetyEnvelopeTest, AFailedLoadFallsBackToWhatWasHeld) {
  const auto envelope = make();
  const Energised outer = envelope->energise(amperes(1), {});
  std::stop_source stop;
  stop.request_stop();
  EXPECT_THROW((void)envelope->energise(amperes(5), stop.get_token()), harness::Cancelled);
  EXPECT_THAT(log_.calls, ElementsAre("1 A", "1 A"));
}

TEST_F(SafetyEnvelopeTest, ASourceThatRefusesIsSwitchedOffAndStaysOffWhileGuardsLive) {
  const auto envelope = make();
  Energised outer = envelope->energise(amperes(1), {});
  log_.refuses_loads = true;
  EXPECT_THROW((void)envelope->energise(amperes(5), {}), BenchError);
  EXPECT_THAT(log_.calls, ElementsAre("1 A", "5 A", "1 A", "off"));
  log_.refuses_loads = false;
  EXPECT_THROW((void)envelope->energise(amperes(2), {}), BenchError);
  outer = {};
  const Energised again = envelope->energise(amperes(2), {});
  EXPECT_EQ(log_.calls.back(), "2 A");
}

TEST_F(SafetyEnvelopeTest, TheWatchdogEndsAHoldThatLastsTooLong) {
  const auto envelope = make(std::chrono::milliseconds(20));
  const Energised forgotten = envelope->energise(amperes(5), {});
  EXPECT_TRUE(log_.wait_for("off"));
  EXPECT_THROW((void)envelope->energise(amperes(1), {}), BenchError);
}

TEST_F(SafetyEnvelopeTest, MakeSafeVoidsAllGuards) {
  const auto envelope = make();
  {
    const Energised outer = envelope->energise(amperes(1), {});
    const Energised inner = envelope->energise(amperes(2), {});
    envelope->make_safe();
    EXPECT_EQ(log_.calls.back(), "off");
    EXPECT_THROW((void)envelope->energise(amperes(3), {}), BenchError);
  }
  EXPECT_EQ(log_.calls.back(), "off");
  const Energised after = envelope->energise(amperes(3), {});
  EXPECT_EQ(log_.calls.back(), "3 A");
}

TEST_F(SafetyEnvelopeTest, WhatIsForbiddenStaysOffAlsoWhenAllGuardsAreGone) {
  const auto envelope = make();
  {
    const Energised guard = envelope->energise(amperes(1), {});
    envelope->forbid("nobody watches");
    envelope->make_safe();
  }
  EXPECT_THROW((void)envelope->energise(amperes(2), {}), BenchError);
  EXPECT_EQ(log_.calls.back(), "off");
  envelope->permit();
  const Energised again = envelope->energise(amperes(2), {});
  EXPECT_EQ(log_.calls.back(), "2 A");
}

TEST_F(SafetyEnvelopeTest, AnOffThatIsNotConfirmedIsReported) {
  const auto envelope = make();
  {
    const Energised guard = envelope->energise(amperes(1), {});
    log_.refuses_off = true;
  }
  ASSERT_FALSE(faults_.empty());
  EXPECT_THAT(faults_.back(), testing::HasSubstr("still on"));
  EXPECT_THROW(envelope->make_safe(), BenchError);
}

TEST_F(SafetyEnvelopeTest, ManyThreadsLeaveTheSourceOff) {
  const auto envelope = make();
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t)
      threads.emplace_back([&, t] {
        for (int n = 0; n < 50; ++n) {
          const Energised guard = envelope->energise(amperes(t + 1), {});
        }
      });
  }
  EXPECT_EQ(log_.calls.back(), "off");
}

TEST(LoadConfirmed, TellsWhatDiffers) {
  const Load load = balanced_load(3, {230}, {5}, {1.0});
  ReferenceReading reading;
  reading.frequency = {50};
  for (std::size_t n = 0; n < 3; ++n) {
    reading.u[n] = {230.1};
    reading.i[n] = {4.998};
    reading.phi[n] = {1.0003};
  }
  EXPECT_TRUE(load_confirmed(reading, load).confirmed) << load_confirmed(reading, load).detail;
  reading.i[1] = {0};
  const LoadCheck check = load_confirmed(reading, load);
  EXPECT_FALSE(check.confirmed);
  EXPECT_EQ(check.detail, "L2 current 0 A instead of 5 A");
  reading.i[1] = {5};
  reading.phi[2] = {-1.0};
  EXPECT_FALSE(load_confirmed(reading, load).confirmed);
}

}  // namespace
}  // namespace meterproof::devices
