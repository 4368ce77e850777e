#include "harness/verdict.hpp"

#include <gtest/gtest.h>

namespace meterproof::harness {
namespace {

TEST(CaseOutcome, NothingSaidIsAPass) { EXPECT_EQ(CaseOutcome{}.verdict(), Verdict::pass); }

TEST(CaseOutcome, PrecedenceIsFaultControlExpectationUndecided) {
  CaseOutcome outcome;
  outcome.undecided_measurement("error", "U too large");
  EXPECT_EQ(outcome.verdict(), Verdict::inconclusive);
  outcome.failed_expectation("refused", "answered");
  EXPECT_EQ(outcome.verdict(), Verdict::fail);
  EXPECT_EQ(outcome.expectation(), "refused");
  outcome.failed_control("login", "no answer");
  EXPECT_EQ(outcome.verdict(), Verdict::inconclusive);
  EXPECT_EQ(outcome.type(), "ControlFailed");
  EXPECT_EQ(outcome.expectation(), "");
  outcome.bench_fault("BenchError", "source silent");
  EXPECT_EQ(outcome.verdict(), Verdict::error);
  EXPECT_EQ(outcome.message(), "source silent");
}

TEST(CaseOutcome, TheFirstFailedExpectationIsTheOneNamed) {
  CaseOutcome outcome;
  outcome.failed_expectation("first", "");
  outcome.failed_expectation("second", "");
  EXPECT_EQ(outcome.expectation(), "first");
}

TEST(Verdict, NamesRoundTrip) {
  for (Verdict verdict :
       {Verdict::pass, Verdict::skipped, Verdict::inconclusive, Verdict::fail, Verdict::error}) {
    EXPECT_EQ(verdict_from(to_string(verdict)), verdict);
  }
  EXPECT_EQ(verdict_from("passed"), std::nullopt);
}

}  // namespace
}  // namespace meterproof::harness
