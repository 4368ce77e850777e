#include "harness/plan.hpp"

#include <gtest/gtest.h>

namespace meterproof::harness {
namespace {

Procedure plan_procedure(std::string id, Destructiveness destructiveness) {
  Procedure procedure;
  procedure.id = std::move(id);
  procedure.suite = "security";
  procedure.clauses = {{"IEC 62053-21:2003", "8.1"}};
  procedure.declaration.destructiveness = destructiveness;
  procedure.body = [](Context&) {};
  return procedure;
}

std::vector<std::string> strings(const Plan& plan) {
  std::vector<std::string> all;
  for (const PlannedCase& planned : plan) all.push_back(planned.id.to_string());
  return all;
}

TEST(Plan, HarmlessProceduresComeFirst) {
  Catalogue catalogue;
  catalogue.add(plan_procedure("A", Destructiveness::disruptive));
  catalogue.add(plan_procedure("B", Destructiveness::none));
  const Plan plan = make_plan(catalogue, {{"p1", "t", {}}, {"p2", "t", {}}}, {});
  EXPECT_EQ(strings(plan),
            (std::vector<std::string>{"B/base/p1", "B/base/p2", "A/base/p1", "A/base/p2"}));
}

TEST(Plan, AMissingCapabilityAndAMissingPermissionAreSkippedWithTheReason) {
  Catalogue catalogue;
  Procedure needy = plan_procedure("A", Destructiveness::none);
  needy.needs = {"relay"};
  catalogue.add(needy);
  catalogue.add(plan_procedure("B", Destructiveness::state_changing));
  const Plan plan = make_plan(catalogue, {{"p1", "t", {}}}, {});
  ASSERT_EQ(plan.size(), 2u);
  ASSERT_TRUE(plan[0].skip && plan[1].skip);
  EXPECT_EQ(plan[0].skip->type, "MissingCapability");
  EXPECT_EQ(plan[0].skip->message, "position has no relay");
  EXPECT_EQ(plan[1].skip->type, "NotPermitted");
  EXPECT_TRUE(stages_of(plan).empty());
}

TEST(Plan, SelectionByPatternSeverityAndClause) {
  Catalogue catalogue;
  Procedure first = plan_procedure("ACC_1", Destructiveness::none);
  first.severity = Severity::high;
  catalogue.add(first);
  catalogue.add(plan_procedure("SEC_1", Destructiveness::none));
  const std::vector<PositionInfo> positions = {{"p1", "t", {}}, {"p2", "t", {}}};
  EXPECT_EQ(make_plan(catalogue, positions, {.cases = {"ACC_*"}}).size(), 2u);
  EXPECT_EQ(make_plan(catalogue, positions, {.cases = {"*/p2"}}).size(), 2u);
  EXPECT_EQ(make_plan(catalogue, positions, {.at_least = Severity::high}).size(), 2u);
  EXPECT_EQ(make_plan(catalogue, positions, {.clauses = {"62053-21"}}).size(), 4u);
  EXPECT_EQ(make_plan(catalogue, positions, {.clauses = {"62053-22"}}).size(), 0u);
}

TEST(Plan, PositionsOfDifferentTypesGetStagesOfTheirOwn) {
  Catalogue catalogue;
  catalogue.add(plan_procedure("A", Destructiveness::none));
  const auto stages =
      stages_of(make_plan(catalogue, {{"p1", "x", {}}, {"p2", "y", {}}, {"p3", "x", {}}}, {}));
  ASSERT_EQ(stages.size(), 2u);
  EXPECT_EQ(stages[0].cases.size(), 2u);
  EXPECT_EQ(stages[1].cases.front().position, "p2");
}

}  // namespace
}  // namespace meterproof::harness
