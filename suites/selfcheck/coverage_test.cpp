// Does U mean what it says? Many benches with a reference error hidden inside its stated
// uncertainty measure many meters; the share of results within U of the truth must be what k = 2
// promises.
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "suites/accuracy/pulse_fit.hpp"
#include "suites/accuracy/uncertainty.hpp"

namespace meterproof::suites {
namespace {

struct Bench {
  // Terms of one size: where a single rectangular term outweighs all others, k = 2 covers more.
  devices::ReferenceUncertainty reference{2e-4, 1e-4, 1.5e-4, 5e-5};
  double reference_constant = 1e8;  // whole counts only
  double meter_constant = 1000;
  double power_w = 3450;
  double phi = 0;
  std::size_t edges = 30;
  double jitter_s = 1e-3;
};

// Half-width a, uniform.
double rectangular(std::mt19937_64& random, double a) {
  return std::uniform_real_distribution<double>(-a, a)(random);
}

bool covered(const Bench& bench, std::mt19937_64& random) {
  const double hidden =
      std::normal_distribution<double>(0, bench.reference.certificate_expanded / 2)(random) +
      rectangular(random, bench.reference.drift_rectangular) +
      rectangular(random, bench.reference.specification_rectangular) -
      rectangular(random, bench.reference.phase_rectangular_rad) * std::tan(bench.phi);
  const double truth = rectangular(random, 0.02);  // the meter's error, relative
  const double period = 3.6e6 / (bench.meter_constant * bench.power_w * (1 + truth));
  const double counts_per_second = bench.power_w * (1 + hidden) * bench.reference_constant / 3.6e6;
  const double start = std::uniform_real_distribution<double>(1e9, 1e9 + 1)(random);
  std::normal_distribution<double> jitter(0, bench.jitter_s);
  std::vector<EdgePoint> points;
  for (std::size_t i = 0; i < bench.edges; ++i) {
    const double at = static_cast<double>(i) * period + jitter(random);
    points.push_back({i, std::floor(start + counts_per_second * at)});
  }
  const PulseFit fit = fit_pulses(points);
  const double error =
      percentage_error(fit.counts_per_pulse, bench.reference_constant, bench.meter_constant);
  const double expanded =
      pulse_comparison_budget(bench.reference, bench.phi, fit, block_scatter(points)).expanded();
  return std::abs(error - truth * 100) <= expanded;
}

double coverage(const Bench& bench, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  constexpr int k_runs = 4000;
  int inside = 0;
  for (int run = 0; run < k_runs; ++run) inside += covered(bench, random);
  return static_cast<double>(inside) / k_runs;
}

void expect_honest(const Bench& bench, std::uint64_t seed) {
  const double share = coverage(bench, seed);
  EXPECT_GE(share, 0.94);
  EXPECT_LE(share, 0.97);
}

TEST(Coverage, AtUnityPowerFactor) { expect_honest({}, 1); }

TEST(Coverage, AtPowerFactorOneHalfInductive) {
  Bench bench;
  bench.phi = std::acos(0.5);
  bench.power_w = 1725;
  expect_honest(bench, 2);
}

TEST(Coverage, AtPowerFactorZeroPointEightCapacitive) {
  Bench bench;
  bench.phi = -std::acos(0.8);
  bench.power_w = 2760;
  expect_honest(bench, 3);
}

// 2 u of a lone rectangular distribution holds everything: U may then be too wide, never too
// narrow.
TEST(Coverage, UnderOneDominantRectangularTermIsOnTheSafeSide) {
  Bench bench;
  bench.phi = std::acos(0.5);
  bench.reference.phase_rectangular_rad = 5.8e-4;  // 2 arc minutes
  EXPECT_GE(coverage(bench, 7), 0.97);
}

TEST(Coverage, WhenJitterIsAllThereIs) {
  Bench bench;
  bench.reference = {};
  bench.jitter_s = 5e-3;
  expect_honest(bench, 4);
}

TEST(Coverage, WithSlowPulsesAndFewOfThem) {
  Bench bench;
  bench.power_w = 172.5;
  bench.edges = 6;
  bench.jitter_s = 0.02;
  expect_honest(bench, 5);
}

// The test above would be worth nothing if a wrong budget passed it as well.
TEST(Coverage, ABudgetWithoutTheSpecificationIsFoundOut) {
  Bench bench;
  bench.reference.specification_rectangular = 6e-4;
  std::mt19937_64 random(6);
  EXPECT_GE(coverage(bench, 6), 0.94);
  int inside = 0;
  constexpr int k_runs = 1000;
  for (int run = 0; run < k_runs; ++run) {
    const double hidden = rectangular(random, 6e-4) * 100;
    PulseFit fit;
    fit.reference_counts = 1e6;
    fit.degrees_of_freedom = 28;
    devices::ReferenceUncertainty forgotten = bench.reference;
    forgotten.specification_rectangular = 0;
    inside += std::abs(hidden) <= pulse_comparison_budget(forgotten, 0, fit, {}).expanded();
  }
  EXPECT_LT(static_cast<double>(inside) / k_runs, 0.5);
}

}  // namespace
}  // namespace meterproof::suites
