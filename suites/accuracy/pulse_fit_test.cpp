#include "suites/accuracy/pulse_fit.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "harness/errors.hpp"

namespace meterproof::suites {
namespace {

// A meter with constant k and an error in percent beside a reference of k_ref.
std::vector<EdgePoint> perfect_edges(std::size_t n, double k, double k_ref, double error_percent,
                                     double start = 0) {
  std::vector<EdgePoint> edges;
  const double counts = k_ref / (k * (1 + error_percent / 100));
  for (std::size_t i = 0; i < n; ++i) {
    edges.push_back({1000 + i, start + counts * static_cast<double>(i)});
  }
  return edges;
}

double error_of(const std::vector<EdgePoint>& edges, double k, double k_ref) {
  return percentage_error(fit_pulses(edges).counts_per_pulse, k_ref, k);
}

TEST(PulseFit, AgreesWithTheTruthWithoutNoiseToBetterThanAPartInAMillion) {
  for (const double error : {-99.0, -2.5, -0.3, 0.0, 1e-4, 0.7, 2.5, 60.0}) {
    for (const std::size_t n : {2U, 3U, 17U, 400U}) {
      // A counter that has been running for years: large offset, few pulses.
      const auto edges = perfect_edges(n, 1000, 1e7, error, 3.6e9);
      EXPECT_NEAR(error_of(edges, 1000, 1e7), error, 1e-4 /* 1 ppm */ * (1 + error / 100))
          << error << " n " << n;
    }
  }
}

TEST(PulseFit, AMeterThatRegistersMoreHasAPositiveError) {
  // 1 % more pulses for the same energy: fewer reference counts a pulse.
  EXPECT_NEAR(percentage_error(10000 / 1.01, 1e7, 1000), 1.0, 1e-9);
}

TEST(PulseFit, DoublingTheConstantAndThePulsesKeepsTheError) {
  const auto once = perfect_edges(20, 1000, 1e7, 0.42);
  const auto twice = perfect_edges(39, 2000, 1e7, 0.42);
  EXPECT_NEAR(error_of(once, 1000, 1e7), error_of(twice, 2000, 1e7), 1e-9);
}

TEST(PulseFit, TheLineRunsAlikeFromBothEnds) {
  std::mt19937_64 random(7);
  std::normal_distribution<double> jitter(0, 3);
  auto edges = perfect_edges(50, 1000, 1e7, -0.2);
  for (auto& edge : edges) edge.reference_count += jitter(random);
  auto mirrored = edges;
  for (std::size_t i = 0; i < edges.size(); ++i) {
    const EdgePoint& twin = edges[edges.size() - 1 - i];
    mirrored[i] = {10'000 - twin.index, 1e9 - twin.reference_count};
  }
  EXPECT_NEAR(error_of(edges, 1000, 1e7), error_of(mirrored, 1000, 1e7), 1e-9);
}

TEST(PulseFit, BeatsTwoEdgesUnderJitter) {
  std::mt19937_64 random(11);
  std::normal_distribution<double> jitter(0, 20);
  double regression = 0, two_edges = 0;
  constexpr int k_runs = 400;
  for (int run = 0; run < k_runs; ++run) {
    auto edges = perfect_edges(100, 1000, 1e7, 0);
    for (auto& edge : edges) edge.reference_count += jitter(random);
    regression += std::pow(error_of(edges, 1000, 1e7), 2);
    two_edges += std::pow(error_of({edges.front(), edges.back()}, 1000, 1e7), 2);
  }
  // The gain in standard deviation is sqrt(N/6): about 4 for 100 edges.
  EXPECT_GT(std::sqrt(two_edges / regression), 3.4);
  EXPECT_LT(std::sqrt(two_edges / regression), 4.8);
}

TEST(PulseFit, StandardErrorIsThatOfLeastSquares) {
  // Counts 0, 11, 19, 30 over indices 0..3: slope 9.8, residual squares 0.9, Sxx 5.
  const std::vector<EdgePoint> edges = {{0, 0}, {1, 11}, {2, 19}, {3, 30}};
  const PulseFit fit = fit_pulses(edges);
  EXPECT_NEAR(fit.counts_per_pulse, 9.8, 1e-12);
  const double residuals = std::pow(-0.3, 2) + std::pow(0.9, 2) + std::pow(-0.9, 2) + 0.09;
  EXPECT_NEAR(fit.relative_standard_error, std::sqrt(residuals / 2 / 5) / 9.8, 1e-12);
  EXPECT_EQ(fit.degrees_of_freedom, 2);
  EXPECT_EQ(fit.pulses, 3U);
  EXPECT_DOUBLE_EQ(fit.reference_counts, 30);
}

TEST(PulseFit, AMissingPulseIsNamedWhereverItIs) {
  for (const std::size_t place : {1U, 5U, 15U, 29U}) {
    auto edges = perfect_edges(30, 1000, 1e7, 0.1);
    for (std::size_t i = place; i < edges.size(); ++i) edges[i].reference_count += 1e4;
    const PulseFit fit = fit_pulses(edges);
    ASSERT_EQ(fit.irregular.size(), 1U) << place;
    EXPECT_EQ(fit.irregular[0].kind, IrregularPulse::Kind::missing);
    EXPECT_EQ(fit.irregular[0].index, 1000 + place);
    EXPECT_NEAR(fit.irregular[0].pulses, 2, 0.01);
  }
}

TEST(PulseFit, ADoubledPulseIsNamed) {
  auto edges = perfect_edges(20, 1000, 1e7, 0);
  edges.insert(edges.begin() + 8, {0, edges[7].reference_count + 50});
  for (std::size_t i = 0; i < edges.size(); ++i) edges[i].index = i;
  const PulseFit fit = fit_pulses(edges);
  ASSERT_EQ(fit.irregular.size(), 1U);
  EXPECT_EQ(fit.irregular[0].kind, IrregularPulse::Kind::doubled);
  EXPECT_EQ(fit.irregular[0].index, 8U);
}

TEST(PulseFit, ASlowShiftOfMoreThanHalfAPulseIsNamed) {
  auto edges = perfect_edges(40, 1000, 1e7, 0);
  for (std::size_t i = 0; i < edges.size(); ++i) {
    edges[i].reference_count += 1.5e4 * std::sin(static_cast<double>(i) / 40 * 6.2831853);
  }
  const PulseFit fit = fit_pulses(edges);
  ASSERT_FALSE(fit.irregular.empty());
  EXPECT_EQ(fit.irregular[0].kind, IrregularPulse::Kind::displaced);
  EXPECT_GT(fit.largest_residual, 0.5);
}

TEST(PulseFit, AnEdgeThatTheCounterLostDoesNotLookLikeAnErrorOfTheMeter) {
  auto edges = perfect_edges(20, 1000, 1e7, 0.3);
  edges.erase(edges.begin() + 9);
  const PulseFit fit = fit_pulses(edges);
  EXPECT_EQ(fit.lost_edges, 1U);
  EXPECT_TRUE(fit.irregular.empty());
  EXPECT_NEAR(percentage_error(fit.counts_per_pulse, 1e7, 1000), 0.3, 1e-9);
}

TEST(PulseFit, RefusesEdgesThatNoCounterGives) {
  EXPECT_THROW(fit_pulses(std::vector<EdgePoint>{{0, 0}}), harness::InternalError);
  EXPECT_THROW(fit_pulses(std::vector<EdgePoint>{{1, 0}, {1, 5}}), harness::InternalError);
  EXPECT_THROW(fit_pulses(std::vector<EdgePoint>{{1, 5}, {2, 5}}), harness::InternalError);
}

TEST(BlockScatter, JitterAloneIsRarelyTakenForScatter) {
  std::mt19937_64 random(3);
  std::normal_distribution<double> jitter(0, 20);
  int taken = 0;
  constexpr int k_runs = 2000;
  for (int run = 0; run < k_runs; ++run) {
    auto edges = perfect_edges(30, 1000, 1e7, 0);
    for (auto& edge : edges) edge.reference_count += jitter(random);
    taken += block_scatter(edges).relative_standard_error > 0;
  }
  EXPECT_GT(taken, k_runs * 3 / 100);
  EXPECT_LT(taken, k_runs * 7 / 100);
}

TEST(BlockScatter, AMeterWhoseErrorWandersIsSeen) {
  std::mt19937_64 random(5);
  std::normal_distribution<double> jitter(0, 0.5);
  std::vector<EdgePoint> edges;
  double count = 0;
  const double errors[] = {0.002, -0.003, 0.001, 0.004, -0.002};
  for (std::size_t i = 0; i < 60; ++i) {
    edges.push_back({i, count + jitter(random)});
    count += 1e4 * (1 + errors[i / 12]);
  }
  const BlockScatter scatter = block_scatter(edges);
  EXPECT_EQ(scatter.blocks, 5);
  EXPECT_NEAR(scatter.relative_standard_error, 0.0029 / std::sqrt(5.0), 4e-4);
}

TEST(BlockScatter, TooFewEdgesSayNothing) {
  EXPECT_EQ(block_scatter(perfect_edges(11, 1000, 1e7, 0)).blocks, 0);
}

}  // namespace
}  // namespace meterproof::suites
