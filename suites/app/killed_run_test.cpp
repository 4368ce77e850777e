// A run that dies, whatever kills it: the source is off at once, what was recorded stays, and the
// rest can be finished.
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <mutex>
#include <random>
#include <thread>

#include "harness/journal/run_folder.hpp"
#include "suites/app/test_only/program_rig.hpp"

namespace meterproof::suites {
namespace {

using rig::ExitedWith;

// From the death of the harness to the dark bench.
constexpr std::chrono::milliseconds k_dark_within{1000};

// Harmless and short; together about two seconds on three positions.
const std::vector<std::string> k_short_plan{"--case", "SEC_ACL_002/tcp/*",
                                            "--case", "SEC_DLMS_00?/tcp/*",
                                            "--case", "ACC_LOAD_001/i*_pf1/*"};

std::vector<std::string> run_arguments(std::vector<std::string> first,
                                       const std::vector<std::string>& more) {
  first.insert(first.begin(), "run");
  first.insert(first.end(), more.begin(), more.end());
  return first;
}

// What `report` must say of a run that ended without an end: by the journal alone.
void expect_truthful_junit(const rig::fs::path& run_folder) {
  const rig::Journal journal(run_folder);
  const auto started = journal.count_by_case("case_started");
  const auto judged = journal.count_by_case("verdict");
  const auto junit = rig::read_junit(run_folder / "junit.xml");
  EXPECT_EQ(junit.size(), journal.planned().size());
  for (const std::string& id : journal.planned()) {
    ASSERT_TRUE(junit.contains(id)) << id;
    if (!started.contains(id)) {
      EXPECT_EQ(junit.at(id), "skipped NotRun") << id;
    } else if (!judged.contains(id)) {
      EXPECT_EQ(junit.at(id), "error Interrupted") << id;
    } else {
      EXPECT_NE(junit.at(id), "error Interrupted") << id;
    }
  }
}

// Every planned case has one verdict that counts, and only what had not been judged ran again.
void expect_finished(const rig::fs::path& run_folder,
                     const std::map<std::string, int>& judged_before) {
  const rig::Journal journal(run_folder);
  const auto judged = journal.count_by_case("verdict");
  const auto started = journal.count_by_case("case_started");
  for (const std::string& id : journal.planned()) {
    ASSERT_TRUE(judged.contains(id)) << id << " was never judged";
    EXPECT_EQ(judged.at(id), 1) << id;
    EXPECT_LE(started.at(id), judged_before.contains(id) ? 1 : 2) << id;
  }
  EXPECT_EQ(rig::read_junit(run_folder / "junit.xml").size(), judged.size());
  EXPECT_THAT(journal::RunFolder::open(run_folder).verify(), ::testing::IsEmpty());
}

// Runs on a separate world, ends the run with the signal after so many more events, looks at the
// source, makes the report and finishes the run.
void end_it_and_finish(int signal, unsigned seed, std::chrono::milliseconds dark_within) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  const rig::Scratch scratch;
  const rig::World world(scratch / "world", {"--scale", "500"});
  rig::Program run(scratch, run_arguments({world.bench(), "--seed", "11"}, k_short_plan));
  const rig::fs::path folder = run.run_folder();
  const rig::Journal journal(folder);
  ASSERT_TRUE(rig::comes_true([&] { return world.is_on(); }));
  std::mt19937 random(seed);
  const std::size_t moment =
      journal.count() + std::uniform_int_distribution<std::size_t>(0, 150)(random);
  // Whoever looks at the report at any time finds a whole one.
  ASSERT_TRUE(rig::comes_true([&] {
    if (rig::fs::exists(folder / "junit.xml")) rig::read_junit(folder / "junit.xml");
    return journal.count() >= moment || !run.running();
  }));
  ASSERT_TRUE(run.running());
  run.signal(signal);
  EXPECT_TRUE(
      rig::comes_true([&] { return !world.is_on(); }, harness::Deadline::after(dark_within)));
  EXPECT_EQ(run.wait().status, (bench::ExitStatus{true, SIGKILL}));
  EXPECT_FALSE(world.is_on());

  const auto judged = journal.count_by_case("verdict");
  const rig::Ended report = rig::run_program(scratch, {"report", folder.string()});
  EXPECT_EQ(report.status.by_signal, false);
  EXPECT_THAT(report.status.code, judged.empty() ? 4 : 3) << report.out;
  expect_truthful_junit(folder);

  EXPECT_THAT(rig::run_program(scratch, {"run", "--resume", folder.string()}), ExitedWith(0));
  expect_finished(folder, judged);
  EXPECT_FALSE(world.is_on());
}

TEST(KilledRun, SourceIsOffWithinASecondAndTheRestCanBeFinished) {
  const char* rounds = std::getenv("METERPROOF_SOAK");  // for a night
  const unsigned count = rounds ? static_cast<unsigned>(std::stoul(rounds)) : 3;
  for (unsigned seed = 1; seed <= count; ++seed) end_it_and_finish(SIGKILL, seed, k_dark_within);
}

TEST(KilledRun, AStoppedHarnessIsKilledAndTheSourceSwitchedOff) {
  // The heartbeat has to be missed first, and a busy machine may not give the supervisor its turn.
  end_it_and_finish(SIGSTOP, 4, 2 * k_dark_within);
}

TEST(KilledRun, OnTheVirtualBenchTheSameMetersComeBack) {
  const rig::Scratch scratch;
  const std::string weak = "SEC_DLMS_001/tcp/p02";
  rig::Program run(scratch, {"run", "--virtual-positions", "2", "--weakness", "p02:MUT_DLMS_001",
                             "--case", "ACC_LOAD_001/imax_pf1/*", "--case", "SEC_ACL_002/tcp/*",
                             "--case", "SEC_DLMS_001/tcp/*"});
  const rig::fs::path folder = run.run_folder();
  const rig::Journal journal(folder);
  ASSERT_TRUE(rig::comes_true([&] { return journal.count("case_started") > 0; }));
  run.signal(SIGKILL);
  run.wait();
  ASSERT_EQ(journal.count_by_case("verdict").count(weak), 0u)
      << "killed too late to prove anything";
  const auto judged = journal.count_by_case("verdict");
  EXPECT_THAT(rig::run_program(scratch, {"run", "--resume", folder.string()}), ExitedWith(1));
  expect_finished(folder, judged);
  EXPECT_EQ(journal.planned().size(), 6u);
  EXPECT_EQ(journal.verdict(weak), "fail");
  EXPECT_EQ(journal.verdict("SEC_DLMS_001/tcp/p01"), "pass");
}

TEST(InterruptedRun, OneSignalEndsItAfterTheStep) {
  for (const int signal : {SIGINT, SIGTERM}) {
    SCOPED_TRACE(signal);
    const rig::Scratch scratch;
    const rig::World world(scratch / "world", {"--scale", "500"});
    rig::Program run(scratch, run_arguments({world.bench()}, k_short_plan));
    const rig::fs::path folder = run.run_folder();
    const rig::Journal journal(folder);
    ASSERT_TRUE(rig::comes_true([&] { return journal.count("verdict") > 0; }));
    run.signal(signal);
    const rig::Ended ended = run.wait();
    EXPECT_THAT(ended, ExitedWith(3));
    EXPECT_THAT(ended.out, ::testing::HasSubstr("stopping after this step"));
    EXPECT_FALSE(world.is_on());
    ASSERT_EQ(journal.count("run_finished"), 1u);
    EXPECT_EQ(journal.events("run_finished")[0].at("stopped_by"), "signal");
    EXPECT_EQ(journal.events("run_finished")[0].at("complete"), false);
    const auto junit = rig::read_junit(folder / "junit.xml");
    EXPECT_EQ(junit.size(), journal.planned().size());
    EXPECT_GT(rig::count_of(junit, "skipped NotRun"), 0);
    EXPECT_THAT(journal::RunFolder::open(folder).verify(), ::testing::IsEmpty());
    // An interrupted case has a verdict, yet it says nothing of the meter: it runs again.
    EXPECT_THAT(rig::run_program(scratch, {"run", "--resume", folder.string()}), ExitedWith(0));
    EXPECT_EQ(rig::count_of(rig::read_junit(folder / "junit.xml"), "passed"),
              static_cast<int>(junit.size()));
  }
}

TEST(InterruptedRun, ASecondSignalAbortsTheStepAndStillMakesSafe) {
  const rig::Scratch scratch;
  // At scale 1 the no-load test takes many minutes: only an abort ends it in the time of a test.
  const rig::World world(scratch / "world");
  rig::Program run(scratch, {"run", world.bench(), "--case", "ACC_NOLOAD_001/base/*"});
  const rig::fs::path folder = run.run_folder();
  const rig::Journal journal(folder);
  ASSERT_TRUE(rig::comes_true([&] { return journal.count("case_started") == 3 && world.is_on(); }));
  run.signal(SIGINT);
  ASSERT_TRUE(rig::comes_true(
      [&] { return run.said().find("stopping after this step") != std::string::npos; }));
  run.signal(SIGINT);
  const rig::Ended ended = run.wait();
  EXPECT_THAT(ended, ExitedWith(3));
  EXPECT_THAT(ended.out, ::testing::HasSubstr("aborting"));
  EXPECT_FALSE(world.is_on());
  EXPECT_EQ(rig::count_of(rig::read_junit(folder / "junit.xml"), "error Interrupted"), 3);
}

// A source that comes back at its old port, and says that it is off.
class ReturnedSource {
 public:
  explicit ReturnedSource(std::uint16_t port)
      : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const int on = 1;
    ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(listener_, 8) != 0) {
      throw std::runtime_error("the source's port cannot be taken");
    }
    thread_ = std::jthread([this](const std::stop_token& stop) { serve(stop); });
  }
  ~ReturnedSource() {
    thread_ = {};
    ::close(listener_);
  }
  std::string heard() const {
    const std::lock_guard lock(mutex_);
    return heard_;
  }

 private:
  static bool comes(int descriptor, const std::stop_token& stop) {
    pollfd ready{descriptor, POLLIN, 0};
    while (!stop.stop_requested()) {
      if (::poll(&ready, 1, 20) > 0) return true;
    }
    return false;
  }
  void serve(const std::stop_token& stop) {
    while (comes(listener_, stop)) {
      const int connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      std::array<char, 256> buffer{};
      ssize_t got = 0;
      while (comes(connection, stop) &&
             (got = ::recv(connection, buffer.data(), buffer.size(), 0)) > 0) {
        const std::string text(buffer.data(), static_cast<std::size_t>(got));
        {
          const std::lock_guard lock(mutex_);
          heard_ += text;
        }
        if (text.find("OUTP?") != std::string::npos) ::send(connection, "0\n", 2, MSG_NOSIGNAL);
      }
      ::close(connection);
    }
  }

  int listener_;
  mutable std::mutex mutex_;
  std::string heard_;
  std::jthread thread_;
};

TEST(DeadBench, EndsTheRunWithErrorsAndNoHang) {
  const rig::Scratch scratch;
  rig::World world(scratch / "world", {"--scale", "500"});
  rig::Program run(scratch, run_arguments({world.bench()}, k_short_plan));
  const rig::fs::path folder = run.run_folder();
  const rig::Journal journal(folder);
  ASSERT_TRUE(rig::comes_true([&] { return journal.count("verdict") > 0; }));
  world.kill();
  const rig::Ended ended = run.wait();
  EXPECT_THAT(ended, ExitedWith(3));
  EXPECT_THAT(ended.out, ::testing::HasSubstr("meterproof: "));
  const auto judged = journal.count_by_case("verdict");
  for (const std::string& id : journal.planned()) EXPECT_TRUE(judged.contains(id)) << id;
  const auto junit = rig::read_junit(folder / "junit.xml");
  EXPECT_GT(rig::count_of(junit, "error BenchError"), 0);
  EXPECT_EQ(rig::count_of(junit, "failure"), 0) << "a dead bench was blamed on the meter";
  ASSERT_EQ(journal.count("run_finished"), 1u);

  // Nobody could confirm that the source is off. Somebody goes on trying after the run has ended,
  // until a source answers there again.
  const ReturnedSource source(world.source_port());
  EXPECT_TRUE(rig::comes_true([&] {
    return rig::read_text(folder / "supervisor_bench.log").find("the bench is safe") !=
           std::string::npos;
  }));
  EXPECT_THAT(source.heard(), ::testing::HasSubstr("OUTP OFF"));
}

}  // namespace
}  // namespace meterproof::suites
