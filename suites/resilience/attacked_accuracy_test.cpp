#include "suites/resilience/attacked_accuracy.hpp"

#include <gtest/gtest.h>

namespace meterproof::suites {
namespace {

using harness::MeasurementOutcome;

std::vector<ErrorRun> runs_at(std::initializer_list<double> errors, double resolution = 0.01) {
  std::vector<ErrorRun> runs;
  for (const double error : errors) runs.push_back({error, resolution});
  return runs;
}

TEST(AttackedAccuracy, AMeterThatDoesNotCareIsWithin) {
  const auto shift = accuracy_shift(runs_at({0.30, 0.31, 0.29}), runs_at({0.31, 0.30, 0.32}), 1.0);
  EXPECT_NEAR(shift.value, 0.01, 1e-12);
  EXPECT_NEAR(*shift.upper_limit, 0.1, 1e-12);
  EXPECT_EQ(shift.outcome(), MeasurementOutcome::within);
}

TEST(AttackedAccuracy, TwoPercentLessIsOutside) {
  const auto shift =
      accuracy_shift(runs_at({0.30, 0.31, 0.29}), runs_at({-1.70, -1.69, -1.71}), 1.0);
  EXPECT_NEAR(shift.value, -2.0, 1e-12);
  EXPECT_EQ(shift.outcome(), MeasurementOutcome::outside);
}

TEST(AttackedAccuracy, AMeterThatScattersByItselfGetsAWiderLimit) {
  const auto quiet = runs_at({0.1, 0.3, 0.5});
  EXPECT_NEAR(repeatability(quiet), 0.2, 1e-12);
  EXPECT_NEAR(*accuracy_shift(quiet, quiet, 1.0).upper_limit, 0.4, 1e-12);
}

TEST(AttackedAccuracy, TooCoarseAComparisonDecidesNothing) {
  const auto shift =
      accuracy_shift(runs_at({0.3, 0.3, 0.3}, 0.5), runs_at({0.3, 0.3, 0.3}, 0.5), 1.0);
  EXPECT_EQ(shift.outcome(), MeasurementOutcome::undecided);
}

TEST(AttackedAccuracy, TheRegisterFollowsThePulsesWhileEnergyFlows) {
  const RegisterPoint first{1000, 50, 52};
  EXPECT_EQ(register_strays(first, {1058, 108, 111}, 1, 1000), "");
  EXPECT_EQ(register_strays(first, {1063, 108, 111}, 1, 1000), "");
  EXPECT_NE(register_strays(first, {1064, 108, 111}, 1, 1000), "") << "too much";
  EXPECT_NE(register_strays(first, {1000, 108, 111}, 1, 1000), "") << "stood still";
}

}  // namespace
}  // namespace meterproof::suites
