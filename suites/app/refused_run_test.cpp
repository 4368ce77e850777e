// Runs that must not begin, or must end early: a wrong bench file, a bench in use, a full disk. And
// the five exit codes.
#include "harness/journal/run_folder.hpp"
#include "suites/app/test_only/program_rig.hpp"

namespace meterproof::suites {
namespace {

using rig::ExitedWith;
using ::testing::HasSubstr;
using ::testing::Not;

// "bench.toml:12", for the line in which the text stands.
std::string place_of(const std::string& file, const std::string& text) {
  const auto at = file.find(text);
  if (at == std::string::npos) ADD_FAILURE() << "no '" << text << "'";
  return "bench.toml:" +
         std::to_string(1 + std::count(file.begin(), file.begin() + static_cast<long>(at), '\n'));
}

class WrongBenchFile : public ::testing::Test {
 protected:
  // Nothing was energised and no run folder is left.
  void expect_untouched() {
    EXPECT_FALSE(world_.is_on());
    EXPECT_FALSE(rig::fs::exists(scratch_ / "runs"));
  }
  rig::Ended run(const std::string& text) {
    rig::write_text(world_.directory() / "bench.toml", text);
    return rig::run_program(scratch_, {"run", world_.bench()});
  }
  const rig::Scratch scratch_;
  const rig::World world_{scratch_ / "world", {"--scale", "500"}};
  const std::string good_ = world_.bench_text();
};

TEST_F(WrongBenchFile, EveryProblemIsNamedAtOnceWithItsLine) {
  std::string text = rig::replaced(good_, "max_voltage = \"276 V\"", "max_voltage = \"276 A\"");
  text = rig::replaced(text, "name = \"p02\"", "name = \"p01\"");
  text = rig::replaced(text, "[reference]\ndriver = \"scpi\"", "[reference]\ndriver = \"scip\"");
  text = rig::replaced(text, "allow_state_changing = true", "allow_state_chaning = true");
  text = rig::replaced(text, "p03_reader_password.txt", "p03_nowhere.txt");
  const rig::Ended ended = run(text);
  EXPECT_THAT(ended, ExitedWith(2));
  EXPECT_THAT(ended.out, HasSubstr(place_of(text, "276 A")));
  EXPECT_THAT(ended.out, HasSubstr(place_of(text, "scip\"")));
  EXPECT_THAT(ended.out, HasSubstr("did you mean 'scpi'"));
  EXPECT_THAT(ended.out, HasSubstr(place_of(text, "allow_state_chaning")));
  EXPECT_THAT(ended.out, HasSubstr(place_of(text, "p03_nowhere.txt")));
  EXPECT_THAT(ended.out, HasSubstr("p01"));
  expect_untouched();
}

TEST_F(WrongBenchFile, AScaledClockIsRefusedBesideARealDevice) {
  const auto reference = good_.find("[reference]");
  const std::string text =
      good_.substr(0, reference) +
      rig::replaced(good_.substr(reference), "simulated = true", "simulated = false");
  const rig::Ended ended = run(text);
  EXPECT_THAT(ended, ExitedWith(2));
  EXPECT_THAT(ended.out, HasSubstr(place_of(text, "time_scale")));
  expect_untouched();
}

TEST_F(WrongBenchFile, NoFileNoTomlAndAnUnknownOptionAreConfigurationErrors) {
  const rig::Ended nowhere = rig::run_program(scratch_, {"run", "nowhere.toml"});
  EXPECT_THAT(nowhere, ExitedWith(2));
  EXPECT_THAT(nowhere.out, HasSubstr("nowhere.toml"));
  const rig::Ended no_toml = run("[bench\n");
  EXPECT_THAT(no_toml, ExitedWith(2));
  EXPECT_THAT(no_toml.out, HasSubstr("bench.toml:1"));
  EXPECT_THAT(rig::run_program(scratch_, {"run", "--teir", "demo"}), ExitedWith(2));
  EXPECT_THAT(rig::run_program(scratch_, {"run", "--weakness", "MUT_NONE"}), ExitedWith(2));
  EXPECT_THAT(rig::run_program(scratch_, {"run", "--resume", "nowhere"}), ExitedWith(2));
  EXPECT_THAT(rig::run_program(scratch_, {"report", "nowhere"}), ExitedWith(2));
  expect_untouched();
}

TEST_F(WrongBenchFile, CheckTellsGoodFromBadFromUnreachable) {
  const rig::Ended good = rig::run_program(scratch_, {"check", world_.bench()});
  EXPECT_THAT(good.out, HasSubstr("p03.optical"));
  EXPECT_THAT(good.out, HasSubstr("reachable"));

  const auto source = good_.find("tcp://", good_.find("[source]"));
  const std::string url = good_.substr(source, good_.find('"', source) - source);
  rig::write_text(world_.directory() / "bench.toml",
                  rig::replaced(good_, url, "tcp://127.0.0.1:1"));
  const rig::Ended unreachable = rig::run_program(scratch_, {"check", world_.bench()});
  EXPECT_THAT(unreachable, ExitedWith(3));
  EXPECT_THAT(unreachable.out, HasSubstr("refused"));
  EXPECT_THAT(rig::run_program(scratch_, {"check", "--no-probe", world_.bench()}), ExitedWith(0));

  rig::write_text(world_.directory() / "bench.toml", rig::replaced(good_, "[source]", "[sauce]"));
  EXPECT_THAT(rig::run_program(scratch_, {"check", world_.bench()}), ExitedWith(2));
  expect_untouched();
}

TEST(BenchInUse, ASecondRunIsRefusedAndTheFirstNotDisturbed) {
  const rig::Scratch scratch;
  const rig::World world(scratch / "world", {"--scale", "500"});
  rig::Program first(scratch, {"run", world.bench(), "--suite", "accuracy"});
  const rig::fs::path folder = first.run_folder();
  ASSERT_TRUE(rig::comes_true([&] { return world.is_on(); }));

  const rig::Ended second =
      rig::run_program(scratch, {"run", world.bench(), "--runs", "others", "--suite", "security"});
  ASSERT_TRUE(first.running()) << "the first was over too soon to prove anything";
  EXPECT_THAT(second, ExitedWith(3));
  EXPECT_THAT(second.out, HasSubstr("in use by pid "));
  EXPECT_THAT(second.out, HasSubstr("--suite accuracy"));  // its owner's command
  for (const auto& entry : rig::fs::directory_iterator(scratch / "others")) {
    EXPECT_EQ(rig::Journal(entry).count("energise"), 0u);
  }
  const rig::Ended resumed = rig::run_program(scratch, {"run", "--resume", folder.string()});
  EXPECT_THAT(resumed, ExitedWith(3));
  EXPECT_THAT(resumed.out, HasSubstr("being written by another process"));

  EXPECT_THAT(first.wait(), ExitedWith(0));
  EXPECT_EQ(rig::Journal(folder).count("health"), 0u) << "somebody switched its source off";
  EXPECT_FALSE(world.is_on());
}

// Runs with runs/ on a file system of that many KiB, and hands out what was left on it.
struct FullDisk {
  rig::Ended ended;
  rig::fs::path run_folder;
};
FullDisk run_on_small_disk(const rig::Scratch& scratch, const rig::World& world, int kilobytes) {
  rig::fs::create_directories(scratch / "runs");
  const std::string script = "mount -t tmpfs -o size=" + std::to_string(kilobytes) +
                             "k small runs || exit 99\n"
                             "\"$0\" \"$@\"; code=$?; cp -r runs kept; exit $code";
  FullDisk disk;
  disk.ended = rig::run_program(
      scratch, {"run", world.bench(), "--suite", "security", "--case", "*/tcp/*"},
      {"/usr/bin/unshare", "--user", "--map-root-user", "--mount", "/bin/sh", "-c", script});
  if (rig::fs::exists(scratch / "kept")) {
    for (const auto& entry : rig::fs::directory_iterator(scratch / "kept")) disk.run_folder = entry;
  }
  return disk;
}

TEST(FullDisk, EndsTheRunWithAClearErrorTheBenchSafeAndTheJournalWhole) {
  for (const int kilobytes : {160, 200, 260}) {
    SCOPED_TRACE(kilobytes);
    const rig::Scratch scratch;
    const rig::World world(scratch / "world", {"--scale", "500"});
    const FullDisk disk = run_on_small_disk(scratch, world, kilobytes);
    if (disk.run_folder.empty()) GTEST_SKIP() << "no file system of our own: " << disk.ended.out;
    EXPECT_THAT(disk.ended, ExitedWith(3));
    EXPECT_THAT(disk.ended.out, HasSubstr("No space left on device"));
    EXPECT_FALSE(world.is_on());
    // Every verdict that was told stands in the journal, which can be read to its end.
    const rig::Journal journal(disk.run_folder);
    const auto judged = journal.count_by_case("verdict");
    for (const std::string& id : journal.planned()) {
      const auto slash = id.rfind('/');
      const std::string told =
          id.substr(slash + 1) + "  pass         " + id.substr(0, slash) + "\n";
      EXPECT_TRUE(disk.ended.out.find(told) == std::string::npos || judged.contains(id)) << id;
    }
    // On a disk with room, the report can be made.
    const rig::Ended report = rig::run_program(scratch, {"report", disk.run_folder.string()});
    EXPECT_THAT(report.status.code, ::testing::AnyOf(3, 4)) << report.out;
    EXPECT_EQ(rig::read_junit(disk.run_folder / "junit.xml").size(), journal.planned().size());
  }
}

TEST(ExitCode, TellsHowItEnded) {
  const rig::Scratch scratch;
  const rig::World world(scratch / "world", {"--scale", "500", "--weakness", "p02:MUT_DLMS_001"});
  const auto run = [&](const std::vector<std::string>& selection) {
    std::vector<std::string> arguments{"run", world.bench(), "--quiet"};
    arguments.insert(arguments.end(), selection.begin(), selection.end());
    return rig::run_program(scratch, arguments);
  };
  EXPECT_THAT(run({"--case", "SEC_DLMS_001/tcp/p01"}), ExitedWith(0));
  EXPECT_THAT(run({"--case", "SEC_DLMS_001/tcp/*"}), ExitedWith(1));
  // Skipped for a stated reason only (it wants scale 1): nothing was judged.
  EXPECT_THAT(run({"--case", "SEC_AUTH_009/*"}), ExitedWith(4));
  EXPECT_THAT(run({"--case", "NO_SUCH_CASE"}), ExitedWith(4));

  const rig::Scratch frozen_scratch;
  const rig::World frozen(frozen_scratch / "world",
                          {"--scale", "500", "--weakness", "REFERENCE_FROZEN"});
  const rig::Ended bench_fault = rig::run_program(
      frozen_scratch, {"run", frozen.bench(), "--case", "ACC_LOAD_001/imax_pf1/p01"});
  EXPECT_THAT(bench_fault, ExitedWith(3));
}

TEST(Selection, BySuiteIdSeverityAndClauseIsWhatRuns) {
  const rig::Scratch scratch;
  const rig::World world(scratch / "world", {"--scale", "500"});
  const auto listed = [&](const std::vector<std::string>& selection) {
    std::vector<std::string> arguments{"list"};
    arguments.insert(arguments.end(), selection.begin(), selection.end());
    return rig::run_program(scratch, arguments).out;
  };
  EXPECT_THAT(listed({"--suite", "accuracy"}), HasSubstr("ACC_LOAD_001"));
  EXPECT_THAT(listed({"--suite", "accuracy"}), Not(HasSubstr("SEC_")));
  EXPECT_THAT(listed({"--severity", "critical"}), HasSubstr("SEC_AUTH_005"));
  EXPECT_THAT(listed({"--severity", "critical"}), Not(HasSubstr("SEC_AUTH_004")));  // medium
  EXPECT_THAT(listed({"--clause", "62053-21"}), HasSubstr("ACC_NOLOAD_001"));
  EXPECT_THAT(listed({"--clause", "62053-21"}), Not(HasSubstr("SEC_")));
  EXPECT_THAT(listed({"--case", "SEC_ACL_*"}), HasSubstr("SEC_ACL_003"));
  EXPECT_THAT(listed({"--case", "SEC_ACL_*"}), Not(HasSubstr("SEC_AUTH")));

  rig::Program run(scratch, {"run", world.bench(), "--suite", "accuracy", "--severity", "critical",
                             "--clause", "62053-21", "--case", "ACC_*/imax_pf1/p0[12]"});
  const rig::fs::path folder = run.run_folder();
  EXPECT_THAT(run.wait(), ExitedWith(0));
  EXPECT_THAT(
      rig::Journal(folder).planned(),
      ::testing::UnorderedElementsAre("ACC_LOAD_001/imax_pf1/p01", "ACC_LOAD_001/imax_pf1/p02"));
}

}  // namespace
}  // namespace meterproof::suites
