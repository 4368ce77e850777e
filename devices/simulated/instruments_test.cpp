// The drivers against the virtual bench, over loopback, as the harness uses them.
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "devices/registry.hpp"
#include "devices/simulated/test_only/world_fixture.hpp"
#include "devices/sources/safety_envelope.hpp"
#include "harness/errors.hpp"

namespace meterproof::simulated {
namespace {

using namespace std::chrono_literals;
using devices::balanced_load;
using harness::Deadline;

class InstrumentsTest : public ::testing::Test {
 protected:
  void start(WorldConfig config, bool noise = false) {
    config.noise = noise;
    world_ = std::make_unique<TestWorld>(config);
    bench_ = world_->bench();
    const devices::DriverOptions options{{METERPROOF_SOURCE_DIR "/devices/profiles"}, nullptr};
    auto source = devices::SourceDrivers::instance().make(*bench_.source, options);
    supply_ = std::make_unique<devices::SafetyEnvelope>(std::move(source), bench_.safety.envelope);
    reference_ = devices::ReferenceDrivers::instance().make(*bench_.reference, options);
    counter_ = devices::PulseInputDrivers::instance().make(bench_.pulse_inputs.at(0), options);
  }
  devices::ReferenceReading read() { return reference_->read(Deadline::after(5s), {}); }

  std::unique_ptr<TestWorld> world_;
  bench::Bench bench_;
  std::unique_ptr<devices::SafetyEnvelope> supply_;
  std::unique_ptr<devices::ReferenceStandard> reference_;
  std::unique_ptr<devices::PulseInput> counter_;
};

TEST_F(InstrumentsTest, ALoadArrivesAndIsConfirmedByTheReference) {
  start({});
  EXPECT_THAT(supply_->identity(), ::testing::HasSubstr("Virtual Source"));
  EXPECT_EQ(reference_->constant(), 1e9);
  const auto load = balanced_load(3, {230}, {5}, {std::numbers::pi / 3});
  {
    const auto guard = supply_->energise(load, {});
    const auto reading = read();
    const auto check = devices::load_confirmed(reading, load);
    EXPECT_TRUE(check.confirmed) << check.detail;
    EXPECT_NEAR(reading.power.value, 1725, 1725 * 0.003);
    EXPECT_TRUE(world_->wait_for_power("p01", true));
  }
  EXPECT_EQ(read().power.value, 0);
  EXPECT_TRUE(world_->wait_for_power("p01", false));
}

TEST_F(InstrumentsTest, EdgesCarryLatchedCountsThatAgreeWithTheReferencesEnergy) {
  WorldConfig config;
  config.scale = 600;
  start(config);
  const auto guard = supply_->energise(balanced_load(3, {230}, {20}, {0}), {});
  for (int channel = 1; channel <= 3; ++channel) {
    const auto first = counter_->position(channel, Deadline::after(5s), {}).next_index;
    const auto edges = counter_->edges(channel, first, 1500, Deadline::after(20s), {});
    ASSERT_GE(edges.size(), 1500u);
    EXPECT_EQ(edges.front().index, first);
    EXPECT_EQ(edges.back().index - first, edges.size() - 1);
    const double kilowatt_hours =
        (*edges.back().reference_count - *edges.front().reference_count) / 1e9;
    const double error = static_cast<double>(edges.size() - 1) / 1000 / kilowatt_hours - 1;
    EXPECT_LT(std::abs(error), 0.01);  // a healthy class 1 meter
    const double seconds =
        static_cast<double>(edges.back().counter_ns - edges.front().counter_ns) * 1e-9;
    EXPECT_NEAR(kilowatt_hours, read().power.value * seconds / 3.6e6, kilowatt_hours * 1e-5);
  }
}

TEST_F(InstrumentsTest, NoiseMovesTheErrorByPartsPerMillionOnly) {
  WorldConfig config;
  config.scale = 600;
  const auto load = balanced_load(3, {230}, {20}, {0});
  std::vector<double> errors;
  for (const bool noise : {false, true}) {
    start(config, noise);
    const auto guard = supply_->energise(load, {});
    const auto first = counter_->position(1, Deadline::after(5s), {}).next_index;
    const auto edges = counter_->edges(1, first, 1500, Deadline::after(20s), {});
    ASSERT_GE(edges.size(), 1500u);
    const double counts = *edges.back().reference_count - *edges.front().reference_count;
    errors.push_back(static_cast<double>(edges.size() - 1) / 1000 / (counts / 1e9) - 1);
  }
  EXPECT_NE(errors[0], errors[1]);
  EXPECT_NEAR(errors[0], errors[1], 20e-6);
}

TEST_F(InstrumentsTest, WaitingForEdgesThatDoNotComeEndsAtTheDeadlineWithNone) {
  start({});
  EXPECT_TRUE(counter_->edges(1, 0, 1, Deadline::after(30ms), {}).empty());
  std::stop_source stop;
  stop.request_stop();
  EXPECT_THROW(counter_->edges(1, 0, 1, Deadline::after(30s), stop.get_token()),
               harness::Cancelled);
}

TEST_F(InstrumentsTest, ALyingSourceIsCaughtByTheReference) {
  WorldConfig config;
  config.weaknesses = {"SOURCE_LIES"};
  start(config);
  const auto load = balanced_load(3, {230}, {5}, {0});
  const auto guard = supply_->energise(load, {});  // the source itself reports that all is well
  const auto check = devices::load_confirmed(read(), load);
  EXPECT_FALSE(check.confirmed);
  EXPECT_THAT(check.detail, ::testing::HasSubstr("L1 current 0 A instead of 5 A"));
}

TEST_F(InstrumentsTest, AFrozenReferenceIsABenchError) {
  WorldConfig config;
  config.weaknesses = {"REFERENCE_FROZEN"};
  start(config);
  const auto guard = supply_->energise(balanced_load(3, {230}, {5}, {0}), {});
  read();
  EXPECT_THROW(read(), harness::BenchError);
}

TEST_F(InstrumentsTest, ALoadBeyondTheSourceIsRefusedWithItsOwnWords) {
  start({});
  const devices::DriverOptions options{{METERPROOF_SOURCE_DIR "/devices/profiles"}, nullptr};
  const auto source = devices::SourceDrivers::instance().make(*bench_.source, options);
  try {
    source->apply(balanced_load(3, {500}, {5}, {0}), Deadline::after(5s), {});
    FAIL();
  } catch (const harness::BenchError& error) {
    EXPECT_THAT(error.what(), ::testing::HasSubstr("Data out of range"));
  }
}

TEST_F(InstrumentsTest, AWrongConstantInTheBenchFileIsABenchError) {
  start({});
  bench::Instrument wrong = *bench_.reference;
  wrong.constant = 1e6;
  const devices::DriverOptions options{{METERPROOF_SOURCE_DIR "/devices/profiles"}, nullptr};
  const auto reference = devices::ReferenceDrivers::instance().make(wrong, options);
  EXPECT_THROW(reference->read(Deadline::after(5s), {}), harness::BenchError);
}

TEST_F(InstrumentsTest, ALostWorldIsABenchErrorAndOffCommandsAreKnownBefore) {
  start({});
  const auto commands = supply_->off_commands();
  ASSERT_EQ(commands.size(), 2u);
  EXPECT_EQ(commands[0].url, bench_.source->link);
  EXPECT_EQ(commands[0].bytes, "OUTP OFF\n");
  EXPECT_EQ(commands[1].bytes, "OUTP?\n");
  EXPECT_EQ(commands[1].expected_reply, "0");
  read();
  world_->stop();
  EXPECT_THROW(read(), harness::BenchError);
  EXPECT_THROW(supply_->make_safe(), harness::BenchError);
}

}  // namespace
}  // namespace meterproof::simulated
