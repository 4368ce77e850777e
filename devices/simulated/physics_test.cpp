#include "devices/simulated/physics.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <numbers>

#include "devices/simulated/source_model.hpp"

namespace meterproof::simulated {
namespace {

using harness::BenchTime;

std::shared_ptr<const bench::MeterType> virtual_type() {
  auto type = std::make_shared<bench::MeterType>();
  type->nominal_voltage = {230};
  type->base_current = {5};
  type->minimum_current = {0.25};
  type->maximum_current = {100};
  type->starting_current = {0.02};
  type->accuracy_class = "1";
  return type;
}

// A bench whose time the test moves.
class PhysicsTest : public ::testing::Test {
 protected:
  PhysicsTest() {
    std::filesystem::create_directories(directory_);
    meter_.on_power = [this](bool on) { power_.push_back(on); };
    physics_.add(meter_);
  }
  ~PhysicsTest() override { std::filesystem::remove_all(directory_); }

  MeterUnit unit() {
    MeterUnit unit;
    unit.name = "p01";
    unit.type = virtual_type();
    unit.seed = 3;
    unit.state_file = directory_ + "/p01";
    return unit;
  }
  void set(double seconds, double volts, double amperes, double degrees = 0) {
    go_to(seconds);
    for (int n = 0; n < 3; ++n) {
      ASSERT_TRUE(source_.stage_voltage(n, volts));
      ASSERT_TRUE(source_.stage_current(n, amperes));
      ASSERT_TRUE(source_.stage_phase(n, degrees));
    }
    source_.commit(physics_.now());
  }
  void go_to(double seconds) {
    time_ = BenchTime{static_cast<std::int64_t>(seconds * 1e9)};
    physics_.advance_to(time_);
  }

  std::string directory_ = ::testing::TempDir() + "physics_" + std::to_string(::getpid());
  BenchTime time_;
  ReferenceModel reference_{{}, 5, false};
  CounterModel counter_{1, 5};
  Physics physics_{5, false, reference_, counter_};
  SourceModel source_{physics_, 5, false};
  SimulatedMeter meter_{unit(),
                        [this] {
                          physics_.advance_to(time_);
                          return time_;
                        },
                        {}};
  std::vector<bool> power_;
};

double count_of(const ReferenceCount& count) {
  return static_cast<double>(count.whole) + count.millionths * 1e-6;
}

TEST_F(PhysicsTest, EdgesOnLatchedCountsGiveTheMetersErrorBelowOnePartPerMillion) {
  for (const auto& [amperes, degrees] : {std::pair{5.0, 0.0}, {0.25, 0.0}, {100.0, 60.0}}) {
    const std::uint64_t first = counter_.next_index(1);
    const double start = physics_.now().seconds();
    set(start, 230, amperes, degrees);
    go_to(start + 1);  // settled
    const std::uint64_t from = counter_.next_index(1);
    ASSERT_GE(from, first);
    go_to(start + 3600);
    const auto edges = counter_.fetch(1, from, 100'000);
    ASSERT_GT(edges.size(), 100u);
    const double counts = count_of(edges.back().latched) - count_of(edges.front().latched);
    const double pulses = static_cast<double>(edges.back().index - edges.front().index);
    const double seen = pulses / 1000 / (counts / 1e9) - 1;
    const double meter = meter_.error_at(physics_.load());
    const auto reading = reference_.read(physics_.now());
    const double reference = reading.power / true_power(physics_.load()) - 1;
    EXPECT_NEAR(seen, (1 + meter) / (1 + reference) - 1, 1e-6);
  }
}

TEST_F(PhysicsTest, RegisterAndPulsesComeFromOneAccumulator) {
  set(0, 230, 20);
  const double before = meter_.import_energy_wh();
  const auto pulses_before = counter_.next_index(1);
  go_to(36'000);
  const double after = meter_.import_energy_wh();
  EXPECT_NEAR(after - before, static_cast<double>(counter_.next_index(1) - pulses_before), 1.0);
}

TEST_F(PhysicsTest, ASourceSettlesInStepsAndIsNotWhatItSays) {
  set(10, 230, 5);
  EXPECT_EQ(source_.settled_at(), (BenchTime{10'300'000'000}));
  go_to(10.05);
  EXPECT_LT(physics_.load().phases[0].i.value, 4);
  go_to(10.4);
  EXPECT_NEAR(physics_.load().phases[0].i.value, 5, 0.003);
  EXPECT_NE(physics_.load().phases[0].i.value, 5);
  EXPECT_EQ(source_.set_points().phases[0].i.value, 5);
}

TEST_F(PhysicsTest, APowerCutEndsRegistrationAndTheEnergyIsOnDisk) {
  set(0, 230, 5);
  go_to(100);
  source_.off(time_);
  go_to(100);
  const auto pulses = counter_.next_index(1);
  const Attojoules energy = meter_.energy_at(time_);
  go_to(5000);
  EXPECT_EQ(counter_.next_index(1), pulses);
  EXPECT_EQ(meter_.energy_at(time_), energy);
  EXPECT_EQ(power_, (std::vector<bool>{true, false}));

  const SimulatedMeter reborn(unit(), [this] { return time_; }, {});
  EXPECT_EQ(reborn.energy_at({}), energy);

  set(6000, 230, 5);
  go_to(6100);
  EXPECT_EQ(power_, (std::vector<bool>{true, false, true}));
  EXPECT_GT(counter_.next_index(1), pulses);
}

TEST_F(PhysicsTest, AnOpenRelayStopsTheCurrent) {
  set(0, 230, 5);
  go_to(10);
  meter_.set_relay(false);
  const double before = meter_.import_energy_wh();
  go_to(3600);
  EXPECT_EQ(meter_.import_energy_wh(), before);
  EXPECT_EQ(meter_.current(0), 0);
  EXPECT_GT(meter_.voltage(0), 229);
}

TEST_F(PhysicsTest, WhoFetchesTooLateSeesAGap) {
  set(0, 230, 100);
  go_to(40'000);  // some 770 000 pulses
  const auto edges = counter_.fetch(1, 0, 10);
  ASSERT_EQ(edges.size(), 10u);
  EXPECT_GT(edges.front().index, 0u);
  EXPECT_EQ(counter_.next_index(1) - edges.front().index, CounterModel::k_ring_size);
}

TEST(ReferenceModel, HiddenErrorsStayInsideTheStatedUncertainty) {
  const ReferenceSpecification specification;
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    const ReferenceModel model(specification, seed, false);
    EXPECT_LT(std::abs(model.gain_error()), 5e-4);
    EXPECT_LE(std::abs(model.phase_error()), specification.uncertainty.phase_rectangular_rad);
  }
}

TEST(ReferenceModel, AFrozenReferenceRepeatsItsFirstReadingUnderLoad) {
  ReferenceModel model({}, 1, true);
  EXPECT_NE(model.read({1}).instrument_ns, model.read({1'000'000}).instrument_ns);
  devices::Load load;
  load.phases[0] = {{230}, {5}, {0}};
  model.set_load({2'000'000}, load);
  const auto first = model.read({3'000'000});
  const auto second = model.read({4'000'000'000});
  EXPECT_EQ(first.instrument_ns, second.instrument_ns);
  EXPECT_EQ(first.count.text(), second.count.text());
}

}  // namespace
}  // namespace meterproof::simulated
