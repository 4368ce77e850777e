#include "suites/security/goodput.hpp"

#include <gtest/gtest.h>

namespace meterproof::suites {
namespace {

Transaction transaction_at(double due, bool good, double takes = 0.01) {
  return {.due = due,
          .begun = due,
          .ended = due + takes,
          .good = good,
          .problem = good ? "" : "timed out",
          .energy_wh = {}};
}

TrafficPhase phase_of(int good, int bad, int offered, double seconds) {
  TrafficPhase phase{"phase", offered, seconds, {}};
  for (int i = 0; i < good + bad; ++i) {
    phase.transactions.push_back(transaction_at(0.1 * i, i < good));
  }
  return phase;
}

TEST(Goodput, CountsOnlyWhatWorked) {
  const TrafficPhase phase = phase_of(6, 2, 10, 2.0);
  EXPECT_EQ(phase.good(), 6);
  EXPECT_DOUBLE_EQ(phase.goodput(), 3.0);
  EXPECT_DOUBLE_EQ(phase.failed_share(), 0.4) << "two failed and two were never begun";
}

TEST(Goodput, RatioComparesRatesOfPhasesOfDifferentLength) {
  const auto ratio = goodput_ratio(phase_of(45, 5, 50, 5.0), phase_of(20, 0, 20, 2.0));
  ASSERT_TRUE(ratio);
  EXPECT_DOUBLE_EQ(ratio->value, 0.9);
  EXPECT_GT(ratio->expanded_uncertainty, 0.05);
  EXPECT_LT(ratio->expanded_uncertainty, 0.2);
}

TEST(Goodput, RatioOfPerfectPhasesIsOneAndStillUncertain) {
  const auto ratio = goodput_ratio(phase_of(50, 0, 50, 5.0), phase_of(20, 0, 20, 2.0));
  ASSERT_TRUE(ratio);
  EXPECT_DOUBLE_EQ(ratio->value, 1.0);
  EXPECT_GT(ratio->expanded_uncertainty, 0.0);
}

TEST(Goodput, NoRatioWithoutABaseline) {
  EXPECT_FALSE(goodput_ratio(phase_of(5, 0, 5, 1.0), phase_of(0, 5, 5, 1.0)));
  EXPECT_FALSE(goodput_ratio({}, phase_of(5, 0, 5, 1.0)));
}

TEST(Goodput, LatencyCountsFromWhenTheTransactionWasDue) {
  TrafficPhase phase = phase_of(19, 0, 20, 2.0);
  Transaction late = transaction_at(1.9, true);
  late.begun = 2.4;  // held up by the one before
  late.ended = 2.41;
  phase.transactions.push_back(late);
  EXPECT_NEAR(*latency_percentile(phase, 1.0), 0.51, 1e-9);
  EXPECT_NEAR(*latency_percentile(phase, 0.95), 0.01, 1e-9);
}

TEST(Goodput, NoLatencyOfFailures) {
  EXPECT_FALSE(latency_percentile(phase_of(0, 7, 7, 1.0), 0.95));
}

TEST(Goodput, RecoveryIsTheFirstOfTenInARow) {
  std::vector<Transaction> after;
  after.push_back(transaction_at(10.0, false));
  for (int i = 0; i < 9; ++i) after.push_back(transaction_at(10.1 + 0.1 * i, true));
  after.push_back(transaction_at(11.0, false));
  EXPECT_FALSE(recovery_time(after, 10.0)) << "nine are not enough";
  for (int i = 0; i < 10; ++i) after.push_back(transaction_at(12.0 + 0.1 * i, true));
  ASSERT_TRUE(recovery_time(after, 10.0));
  EXPECT_NEAR(*recovery_time(after, 10.0), 2.01, 1e-9);
}

TEST(Goodput, ARegisterThatRunsBackwardsIsNamed) {
  std::vector<TrafficPhase> phases{phase_of(2, 0, 2, 1), phase_of(3, 1, 4, 1)};
  phases[0].transactions[0].energy_wh = 100;
  phases[0].transactions[1].energy_wh = 101;
  phases[1].transactions[2].energy_wh = 101;
  EXPECT_EQ(runs_backwards(phases), "");
  phases[1].transactions[3].energy_wh = 99;
  EXPECT_NE(runs_backwards(phases).find("99 Wh"), std::string::npos);
}

TEST(Goodput, NoSuccessInManyTriesStillAllowsForSome) {
  EXPECT_DOUBLE_EQ(rule_of_three(3000), 1e-3);
  EXPECT_DOUBLE_EQ(rule_of_three(0), 1.0);
}

TEST(Goodput, TableHoldsEveryTransaction) {
  const std::vector<TrafficPhase> phases{phase_of(1, 1, 2, 1)};
  EXPECT_EQ(to_csv(phases),
            "phase,due_s,begun_s,ended_s,good,energy_wh,problem\n"
            "phase,0.000000,0.000000,0.010000,1,,\"\"\n"
            "phase,0.100000,0.100000,0.110000,0,,\"timed out\"\n");
}

}  // namespace
}  // namespace meterproof::suites
