// The estimator against physics it does not know: with noise off it must find the true error of the
// meter to better than a part in a million at every load point, and the same error when a linear
// meter is only asked in another way.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <utility>

#include "devices/simulated/physics.hpp"
#include "suites/accuracy/load_points.hpp"
#include "suites/accuracy/pulse_comparison.hpp"

namespace meterproof::suites {
namespace {

std::shared_ptr<bench::MeterType> truth_type(double constant = 1000) {
  auto type = std::make_shared<bench::MeterType>();
  type->phases = 3;
  type->nominal_voltage = {230};
  type->base_current = {5};
  type->minimum_current = {0.25};
  type->transitional_current = {0.5};
  type->maximum_current = {100};
  type->starting_current = {0.02};
  type->constant = constant;
  type->accuracy_class = "1";
  type->standard = "IEC 62053-21:2003";
  type->connection = "direct";
  return type;
}

// One meter of a seed on a quiet bench whose time the test moves.
class QuietBench {
 public:
  explicit QuietBench(std::uint64_t seed, std::set<std::string> weaknesses = {},
                      double constant = 1000)
      : directory_(testing::TempDir() + "truth_" + std::to_string(::getpid())) {
    std::filesystem::create_directories(directory_);
    simulated::MeterUnit unit;
    unit.name = "p01";
    unit.type = truth_type(constant);
    unit.seed = seed;
    unit.weaknesses = std::move(weaknesses);
    unit.state_file = directory_ + "/state";
    meter_ = std::make_unique<simulated::SimulatedMeter>(
        unit, [this] { return physics_.now(); }, std::chrono::system_clock::time_point{});
    physics_.add(*meter_);
  }
  ~QuietBench() { std::filesystem::remove_all(directory_); }
  QuietBench(const QuietBench&) = delete;
  QuietBench& operator=(const QuietBench&) = delete;

  struct Found {
    double estimate = 0, truth = 0;  // %
  };
  // The estimate from n edges under this load, and the true error against the reference as it is.
  Found measure(const devices::Load& load, std::size_t n) {
    physics_.schedule({{physics_.now(), load, true}});
    pass(1);
    const std::uint64_t first = counter_.next_index(1);
    const double power = simulated::true_power(load);
    pass(3.6e6 / (meter_->unit().type->constant * power) * static_cast<double>(n + 2));
    std::vector<devices::Edge> edges;
    for (const auto& edge : counter_.fetch(1, first, n)) {
      edges.push_back({edge.index,
                       edge.counter_ns,
                       static_cast<double>(edge.latched.whole) + edge.latched.millionths * 1e-6,
                       {}});
    }
    EXPECT_EQ(edges.size(), n);
    const auto estimate = estimate_error(edges, meter_->unit().type->constant,
                                         reference_.constant(), {}, load.phases[0].phi.value);
    const double hidden = reference_.read(physics_.now()).power / power;
    return {estimate ? estimate->error_percent : NAN,
            ((1 + meter_->error_at(load)) / hidden - 1) * 100};
  }

 private:
  void pass(double seconds) {
    physics_.advance_to(physics_.now() + harness::BenchDuration::from_seconds(seconds));
  }

  std::string directory_;
  simulated::ReferenceModel reference_{{}, 99, false};
  simulated::CounterModel counter_{1, 99};
  simulated::Physics physics_{99, false, reference_, counter_};
  std::unique_ptr<simulated::SimulatedMeter> meter_;
};

constexpr double k_one_ppm = 1e-4;  // %

TEST(Truth, EveryLoadPointToBetterThanAPartInAMillion) {
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    QuietBench bench(seed);
    for (const LoadPoint& point : direct_load_points()) {
      const auto found = bench.measure(point.load(*truth_type()), 8);
      EXPECT_NEAR(found.estimate, found.truth, k_one_ppm) << point.title() << " seed " << seed;
    }
  }
}

TEST(Truth, HealthyMetersAreInsideTheirClassAndMutantsOutside) {
  const auto type = truth_type();
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    QuietBench healthy(seed), loud(seed, {"ACC_GAIN"}), shifted(seed, {"ACC_PHASE"});
    for (const LoadPoint& point : direct_load_points()) {
      const double limit =
          limit_for(*type, point.power_factor, point.current(*type)).value().percent;
      const devices::Load load = point.load(*type);
      EXPECT_LT(std::abs(healthy.measure(load, 3).estimate), limit) << point.title() << seed;
      EXPECT_GT(std::abs(loud.measure(load, 3).estimate), limit) << point.title() << seed;
      const double phase = std::abs(shifted.measure(load, 3).estimate);
      if (point.power_factor.side == Side::inductive) {
        EXPECT_GT(phase, limit) << point.title() << seed;
      } else if (point.power_factor.side == Side::none) {
        EXPECT_LT(phase, limit) << point.title() << seed;
      }
    }
  }
}

TEST(Truth, TwiceTheConstantAndTwiceThePulsesGiveTheSameError) {
  QuietBench once(7), twice(7, {}, 2000);
  const auto load = load_point("i1_pf0p5l").load(*truth_type());
  EXPECT_NEAR(once.measure(load, 11).estimate, twice.measure(load, 21).estimate, k_one_ppm);
}

TEST(Truth, TheOrderOfThePhasesDoesNotMatter) {
  QuietBench bench(8);
  devices::Load load = load_point("i1_pf1").load(*truth_type());
  load.phases[1].i = {2};
  load.phases[2].phi = {0.7};
  const double straight = bench.measure(load, 10).estimate;
  std::swap(load.phases[0], load.phases[2]);
  std::swap(load.phases[0], load.phases[1]);
  EXPECT_NEAR(bench.measure(load, 10).estimate, straight, k_one_ppm);
}

TEST(Truth, TheErrorDoesNotDependOnHowManyEdgesAreTaken) {
  QuietBench bench(9);
  const auto load = load_point("i0p2_pf0p8c").load(*truth_type());
  const double few = bench.measure(load, 3).estimate;
  EXPECT_NEAR(bench.measure(load, 300).estimate, few, k_one_ppm);
}

TEST(Truth, AHigherVoltageGivesTheSameError) {
  // But for the offset power of the meter, which weighs less then.
  QuietBench bench(10);
  devices::Load low = load_point("i1_pf1").load(*truth_type()), high = low;
  for (auto& phase : high.phases) phase.u = phase.u * 1.1;
  EXPECT_NEAR(bench.measure(low, 20).estimate, bench.measure(high, 20).estimate, 1e-3);
}

}  // namespace
}  // namespace meterproof::suites
