#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "suites/accuracy/load_points.hpp"
#include "suites/accuracy/test_only/accuracy_rig.hpp"

namespace meterproof::suites {
namespace {

using harness::Verdict;

std::string contents(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

class EveryLoadPoint : public testing::TestWithParam<std::string> {};

TEST_P(EveryLoadPoint, AHealthyMeterPasses) {
  const RigRun run("ACC_LOAD_001", {.gain = 0.003, .jitter_s = 1e-4}, GetParam());
  EXPECT_EQ(run.verdict(), Verdict::pass) << run.message();
}

TEST_P(EveryLoadPoint, AMeterThatRegistersTooMuchFails) {
  const RigRun run("ACC_LOAD_001", {.gain = 0.025}, GetParam());
  EXPECT_EQ(run.verdict(), Verdict::fail) << run.message();
  EXPECT_EQ(run.expectation(), "percentage_error");
}

INSTANTIATE_TEST_SUITE_P(Direct, EveryLoadPoint, testing::ValuesIn([] {
                           std::vector<std::string> names;
                           for (const auto& variant : load_point_variants()) {
                             names.push_back(variant.name);
                           }
                           return names;
                         }()),
                         [](const auto& one) { return one.param; });

TEST(AccLoad, NamesItsThirteenPoints) { EXPECT_EQ(load_point_variants().size(), 13U); }

TEST(AccLoad, APhaseErrorShowsAtPowerFactorOneHalfOnly) {
  const RigDefects phase{.meter_phase_error = 0.012};
  EXPECT_EQ(RigRun("ACC_LOAD_001", phase, "i1_pf1").verdict(), Verdict::pass);
  const RigRun inductive("ACC_LOAD_001", phase, "i1_pf0p5l");
  EXPECT_EQ(inductive.verdict(), Verdict::fail);
  EXPECT_EQ(inductive.expectation(), "percentage_error");
}

TEST(AccLoad, JustInsideAndJustOutsideTheLimit) {
  EXPECT_EQ(RigRun("ACC_LOAD_001", {.gain = 0.00999}, "i1_pf1").verdict(), Verdict::pass);
  EXPECT_EQ(RigRun("ACC_LOAD_001", {.gain = 0.01001}, "i1_pf1").verdict(), Verdict::fail);
  EXPECT_EQ(RigRun("ACC_LOAD_001", {.gain = -0.01499}, "i0p05_pf1").verdict(), Verdict::pass);
  EXPECT_EQ(RigRun("ACC_LOAD_001", {.gain = -0.01501}, "i0p05_pf1").verdict(), Verdict::fail);
}

TEST(AccLoad, ALyingSourceIsTheBenchsFault) {
  const RigRun run("ACC_LOAD_001", {.gain = 0.025, .source_lies = true}, "i1_pf1");
  EXPECT_EQ(run.verdict(), Verdict::error) << run.message();
}

TEST(AccLoad, AFrozenReferenceIsTheBenchsFault) {
  const RigRun run("ACC_LOAD_001", {.gain = 0.025, .reference_frozen = true}, "i1_pf1");
  EXPECT_EQ(run.verdict(), Verdict::error) << run.message();
}

TEST(AccLoad, ACounterWithoutLatchIsRefused) {
  const RigRun run("ACC_LOAD_001", {.latch_missing = true}, "i1_pf1");
  EXPECT_EQ(run.verdict(), Verdict::error) << run.message();
}

TEST(AccLoad, EdgesThatTheCounterLostAreNotHeldAgainstTheMeter) {
  const RigRun run("ACC_LOAD_001", {.lose_every = 5}, "i1_pf1");
  EXPECT_EQ(run.verdict(), Verdict::error) << run.message();
}

TEST(AccLoad, AnExpiredCalibrationStopsTheTest) {
  const RigRun run("ACC_LOAD_001", {.calibrated_until = "2001-02-03"}, "i1_pf1");
  EXPECT_EQ(run.verdict(), Verdict::error) << run.message();
  EXPECT_NE(run.message().find("2001-02-03"), std::string::npos);
}

TEST(AccLoad, ADeadTestOutputFails) {
  const RigRun run("ACC_LOAD_001", {.dead_output = true}, "i1_pf1");
  EXPECT_EQ(run.verdict(), Verdict::fail) << run.message();
  EXPECT_EQ(run.expectation(), "pulses_present");
}

TEST(AccLoad, AMeterThatDropsPulsesAgainAndAgainFails) {
  const RigRun run("ACC_LOAD_001", {.drop_every = 6}, "i1_pf1");
  EXPECT_EQ(run.verdict(), Verdict::fail) << run.message();
  EXPECT_EQ(run.expectation(), "pulses_regular");
}

TEST(AccLoad, APoorReferenceDecidesNothing) {
  const RigRun run("ACC_LOAD_001", {.gain = 0.025, .reference_uncertainty = 0.003}, "i1_pf1");
  EXPECT_EQ(run.verdict(), Verdict::inconclusive) << run.message();
}

TEST(AccLoad, AClassWithoutTableIsSkipped) {
  auto type = rig_meter_type();
  type->accuracy_class = "7";
  const RigRun run("ACC_LOAD_001", "i1_pf1", std::make_shared<AccuracyRig>(), type);
  EXPECT_EQ(run.verdict(), Verdict::skipped);
}

TEST(AccLoad, LeavesWhatIsNeededToComputeItAgain) {
  const RigRun run("ACC_LOAD_001", {.gain = -0.002}, "i0p2_pf0p8c");
  const auto folder = run.folder() / "cases/ACC_LOAD_001/i0p2_pf0p8c/p1";
  EXPECT_NE(contents(folder / "edges.csv").find("index,counter_ns,reference_count\n"),
            std::string::npos);
  EXPECT_NE(contents(folder / "uncertainty.csv").find("reference_phase,B,rectangular"),
            std::string::npos);
  EXPECT_NE(contents(folder / "error.json").find("reference_constant_imp_per_kwh"),
            std::string::npos);
  const std::string journal = contents(run.folder() / "journal.jsonl");
  EXPECT_NE(journal.find("8.1 Table 6"), std::string::npos);
}

TEST(AccLoad, LeavesTheSourceOff) {
  const auto rig = std::make_shared<AccuracyRig>(RigDefects{.gain = 0.5});
  const RigRun run("ACC_LOAD_001", "imax_pf1", rig);
  EXPECT_EQ(rig->applied_power(), 0);
}

TEST(AccNoLoad, AQuietMeterPassesAndACreepingOneFails) {
  EXPECT_EQ(RigRun("ACC_NOLOAD_001").verdict(), Verdict::pass);
  // Two pulses in 522 s: 13.8 W. A single pulse is allowed.
  EXPECT_EQ(RigRun("ACC_NOLOAD_001", {.creep_w = 6}).verdict(), Verdict::pass);
  const RigRun creeping("ACC_NOLOAD_001", {.creep_w = 30});
  EXPECT_EQ(creeping.verdict(), Verdict::fail) << creeping.message();
  EXPECT_EQ(creeping.expectation(), "no_load_pulses");
}

TEST(AccNoLoad, SilenceOfADeadOutputProvesNothing) {
  const RigRun run("ACC_NOLOAD_001", {.creep_w = 30, .dead_output = true});
  EXPECT_EQ(run.verdict(), Verdict::inconclusive) << run.message();
}

TEST(AccStart, AMeterThatStartsPasses) {
  const RigRun run("ACC_START_001", {.gain = -0.2});
  EXPECT_EQ(run.verdict(), Verdict::pass) << run.message();
}

TEST(AccStart, AMeterThatDoesNotStartFails) {
  const RigRun run("ACC_START_001", {.starts_at_a = 0.1});
  EXPECT_EQ(run.verdict(), Verdict::fail) << run.message();
  EXPECT_EQ(run.expectation(), "starts");
}

TEST(AccStart, AMeterThatIsFarTooSlowDoesNotContinue) {
  const RigRun run("ACC_START_001", {.gain = -0.5});
  EXPECT_EQ(run.verdict(), Verdict::fail) << run.message();
  EXPECT_EQ(run.expectation(), "second_pulse_time");
}

TEST(AccStart, ALyingSourceIsTheBenchsFault) {
  const RigRun run("ACC_START_001", {.source_lies = true});
  EXPECT_EQ(run.verdict(), Verdict::error) << run.message();
}

TEST(AccRegister, FollowsThePulses) {
  const RigRun run("ACC_REG_001", {.gain = 0.02});
  EXPECT_EQ(run.verdict(), Verdict::pass) << run.message();
}

TEST(AccRegister, ARegisterThatCountsOnePercentLessFails) {
  const RigRun run("ACC_REG_001", {.register_scale = 0.99});
  EXPECT_EQ(run.verdict(), Verdict::fail) << run.message();
  EXPECT_EQ(run.expectation(), "register_against_pulses");
}

TEST(AccRegister, AMeterThatDoesNotTellItsRegisterFails) {
  const RigRun run("ACC_REG_001", {.register_silent = true});
  EXPECT_EQ(run.verdict(), Verdict::fail) << run.message();
  EXPECT_EQ(run.expectation(), "register_readable");
}

TEST(AccuracyCatalogue, EveryProcedureNamesItsMutant) {
  for (const char* id : {"ACC_LOAD_001", "ACC_NOLOAD_001", "ACC_START_001", "ACC_REG_001"}) {
    const auto* procedure = harness::Catalogue::instance().find(id);
    ASSERT_NE(procedure, nullptr) << id;
    EXPECT_FALSE(procedure->mutants.empty()) << id;
    EXPECT_FALSE(procedure->clauses.empty()) << id;
  }
}

}  // namespace
}  // namespace meterproof::suites
