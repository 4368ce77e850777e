#include "harness/journal/run_model.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "harness/journal/run_summary.hpp"

namespace meterproof::journal {
namespace {

using boost::json::array;
using boost::json::object;

RunModel planned(std::initializer_list<const char*> cases) {
  array plan;
  for (const char* id : cases) plan.push_back({{"case", id}, {"position", "p1"}});
  RunModel model;
  model.add({{"type", "run_started"}, {"planned", plan}});
  return model;
}

object started(const char* id) { return {{"type", "case_started"}, {"case", id}}; }

object judged(const char* id, const char* verdict, const char* reason = "because",
              const char* reason_type = "") {
  return {{"type", "verdict"},
          {"case", id},
          {"verdict", verdict},
          {"reason", reason},
          {"reason_type", reason_type}};
}

int code(const RunModel& model) { return exit_code(summarise(model)); }

TEST(RunModel, ACaseIsNotStartedThenRunningThenJudged) {
  RunModel model = planned({"A/b/p1"});
  EXPECT_EQ(model.find("A/b/p1")->state(), CaseState::not_started);
  model.add(started("A/b/p1"));
  EXPECT_EQ(model.find("A/b/p1")->state(), CaseState::running);
  model.add(judged("A/b/p1", "pass"));
  EXPECT_EQ(model.find("A/b/p1")->verdict(), harness::Verdict::pass);
}

TEST(RunModel, TheLatestAttemptCountsAndTheOthersAreKept) {
  RunModel model = planned({"A/b/p1"});
  model.add(started("A/b/p1"));
  model.add({{"type", "step"}, {"case", "A/b/p1"}, {"text", "lost"}});
  model.add({{"type", "resumed"}});
  model.add(started("A/b/p1"));
  EXPECT_EQ(model.find("A/b/p1")->state(), CaseState::running);
  model.add(judged("A/b/p1", "fail"));
  const CaseRecord& record = *model.find("A/b/p1");
  ASSERT_EQ(record.attempts.size(), 2U);
  EXPECT_FALSE(record.attempts[0].verdict);
  EXPECT_EQ(record.attempts[0].steps.at(0).text, "lost");
  EXPECT_TRUE(record.attempts[1].steps.empty());
  EXPECT_EQ(code(model), 1);
}

TEST(RunModel, AMeasurementComesBackAsItWas) {
  RunModel model = planned({"A/b/p1"});
  model.add(started("A/b/p1"));
  model.add({{"type", "measurement"},
             {"case", "A/b/p1"},
             {"name", "percentage_error"},
             {"value", 0.25},
             {"expanded_uncertainty", "Infinity"},
             {"lower_limit", nullptr},
             {"upper_limit", 1},
             {"outcome", "undecided"}});
  const auto& record = model.find("A/b/p1")->latest()->measurements.at(0);
  EXPECT_EQ(record.measurement.value, 0.25);
  EXPECT_TRUE(std::isinf(record.measurement.expanded_uncertainty));
  EXPECT_FALSE(record.measurement.lower_limit);
  EXPECT_EQ(record.measurement.upper_limit, 1.0);
  EXPECT_EQ(record.outcome, "undecided");
}

TEST(RunModel, TheIdentityReadBeforeIsTheDutAndAChangeAfterIsRemarked) {
  RunModel model = planned({"A/b/p1"});
  const auto identity = [](const char* when, const char* serial) {
    return object{{"type", "identity"}, {"position", "p1"}, {"when", when}, {"serial", serial}};
  };
  model.add(identity("before", "100"));
  model.add(identity("after", "100"));
  EXPECT_TRUE(model.remarks().empty());
  model.add(identity("after", "200"));
  EXPECT_EQ(model.find("A/b/p1")->dut.serial, "100");
  ASSERT_EQ(model.remarks().size(), 1U);
}

TEST(ExitCode, FollowsTheWorstThatCanBeSaidOfTheRun) {
  RunModel model = planned({"A/b/p1", "B/b/p1", "C/b/p1"});
  EXPECT_EQ(code(model), 4) << "nothing was judged";
  model.add(judged("A/b/p1", "skipped"));
  EXPECT_EQ(code(model), 4) << "skips alone judge nothing";
  model.add(judged("B/b/p1", "pass"));
  EXPECT_EQ(code(model), 3) << "incomplete";
  model.add(started("C/b/p1"));
  EXPECT_EQ(code(model), 3) << "interrupted";
  model.add(judged("C/b/p1", "pass"));
  EXPECT_EQ(code(model), 0);
  model.add(started("C/b/p1"));
  model.add(judged("C/b/p1", "inconclusive"));
  EXPECT_EQ(code(model), 3);
  model.add(started("A/b/p1"));
  model.add(judged("A/b/p1", "error"));
  EXPECT_EQ(code(model), 3);
  model.add(started("B/b/p1"));
  model.add(judged("B/b/p1", "fail"));
  EXPECT_EQ(code(model), 1) << "a fail outweighs errors";
  EXPECT_EQ(to_string(summarise(model)), "1 fail, 1 inconclusive, 1 error of 3 cases");
}

TEST(ExitCode, ASkipWithoutAReasonOrOneThatWasNotRunIsNoCompletePlan) {
  RunModel silent = planned({"A/b/p1", "B/b/p1"});
  silent.add(judged("A/b/p1", "pass"));
  RunModel not_run = silent, stated = silent;
  silent.add(judged("B/b/p1", "skipped", ""));
  EXPECT_EQ(code(silent), 3);
  not_run.add(judged("B/b/p1", "skipped", "stopped", "NotRun"));
  EXPECT_EQ(code(not_run), 3);
  stated.add(judged("B/b/p1", "skipped", "needs x", "MissingCapability"));
  EXPECT_EQ(code(stated), 0);
}

TEST(RunSummary, AnInterruptedCaseLeavesThePlanIncomplete) {
  RunModel model = planned({"A/b/p1"});
  model.add(judged("A/b/p1", "error", "stopped", "Interrupted"));
  EXPECT_FALSE(summarise(model).complete);
  RunModel broken = planned({"A/b/p1"});
  broken.add(judged("A/b/p1", "error", "cable", "BenchError"));
  EXPECT_TRUE(summarise(broken).complete);
}

}  // namespace
}  // namespace meterproof::journal
