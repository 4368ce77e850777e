#include "harness/scheduler.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <deque>
#include <filesystem>
#include <thread>

#include "harness/context.hpp"
#include "harness/errors.hpp"
#include "harness/journal/journal.hpp"
#include "harness/journal/journal_reader.hpp"

namespace meterproof::harness {
namespace {

class FakeBench : public BenchPort {
 public:
  std::vector<PositionInfo> positions() const override {
    return {{"p1", "t", {}}, {"p2", "t", {}}};
  }
  const Resources& resources(const std::string&) const override { return resources_; }
  const BenchClock& clock() const override { return clock_; }
  std::shared_ptr<void> hold_voltage(std::stop_token) override {
    if (source_broken) throw BenchError("source silent");
    ++holds;
    ++holds_taken;
    most_holds = std::max(most_holds, holds.load());
    return std::shared_ptr<void>(nullptr, [this](void*) { --holds; });
  }
  bool healthy(const std::string& position, std::stop_token) override {
    if (probe_throws) throw std::bad_alloc();
    const std::lock_guard lock(mutex_);
    return !sick.contains(position);
  }
  WallDuration recovery_time(const std::string&) const override {
    return std::chrono::milliseconds(1);
  }
  void power_cycle(std::stop_token) override {
    ++cycles;
    if (on_cycle) on_cycle();
    const std::lock_guard lock(mutex_);
    if (cycle_cures) sick.clear();
  }
  void fall_sick(const std::string& position) {
    const std::lock_guard lock(mutex_);
    sick.insert(position);
  }

  std::set<std::string> sick;
  bool cycle_cures = true;
  bool source_broken = false;
  bool probe_throws = false;
  std::atomic<int> holds = 0;
  int holds_taken = 0, most_holds = 0;
  std::atomic<int> cycles = 0;
  std::function<void()> on_cycle;

 private:
  std::mutex mutex_;
  Resources resources_;
  BenchClock clock_;
};

class SchedulerTest : public testing::Test {
 protected:
  SchedulerTest() {
    char name[] = "/tmp/meterproof_scheduler_XXXXXX";
    folder_ = ::mkdtemp(name);
    journal_ = journal::Journal::create(folder_ / "journal.jsonl");
  }
  ~SchedulerTest() override {
    journal_.reset();
    std::filesystem::remove_all(folder_);
  }

  Procedure& add(std::string id, std::function<void(Context&)> body) {
    Procedure procedure;
    procedure.id = std::move(id);
    procedure.suite = "s";
    procedure.body = std::move(body);
    pending_.push_back(std::move(procedure));
    return pending_.back();
  }
  std::unique_ptr<Scheduler> scheduler(SchedulerOptions options = {}) {
    for (Procedure& procedure : pending_) catalogue_.add(procedure);
    plan_ = make_plan(catalogue_, bench_.positions(), {});
    options.run_folder = folder_;
    return std::make_unique<Scheduler>(plan_, bench_, *journal_, options);
  }

  std::filesystem::path folder_;
  std::unique_ptr<journal::Journal> journal_;
  std::deque<Procedure> pending_;
  Catalogue catalogue_;
  Plan plan_;
  FakeBench bench_;
};

TEST_F(SchedulerTest, TheFirstCaseAskedForRunsTheStageOnAllPositions) {
  std::atomic<int> runs = 0;
  add("A", [&](Context&) { ++runs; });
  auto s = scheduler();
  EXPECT_EQ(s->result({"A", "base", "p2"}).verdict, Verdict::pass);
  EXPECT_EQ(runs, 2);
  EXPECT_EQ(s->result({"A", "base", "p1"}).verdict, Verdict::pass);
  EXPECT_EQ(runs, 2);
}

TEST_F(SchedulerTest, AskingAgainIsANewAttempt) {
  add("A", [](Context&) {});
  auto s = scheduler();
  EXPECT_EQ(s->result({"A", "base", "p1"}).attempt, 1);
  EXPECT_EQ(s->result({"A", "base", "p1"}).attempt, 2);
}

TEST_F(SchedulerTest, EveryKindOfTroubleHasItsVerdict) {
  add("A", [](Context& c) { c.control_before("login", false, "refused"); });
  add("B", [](Context& c) { c.expect(false, "refused", "it answered"); });
  add("C", [](Context&) { throw BenchError("cable"); });
  add("D", [](Context&) { throw std::out_of_range("bug"); });
  add("E", [](Context& c) {
    c.measure({.name = "e",
               .unit = "%",
               .value = 0.1,
               .expanded_uncertainty = 1,
               .lower_limit = -1.0,
               .upper_limit = 1.0});
  });
  add("F", [](Context& c) { c.control_after("login", false, "silent"); });
  add("G", [](Context& c) {
    c.must_recover("login", false, "silent");
    throw std::out_of_range("the case went on");
  });
  auto s = scheduler();
  s->run_all();
  const auto results = s->results();
  const auto of = [&](const char* id) { return results.at({id, "base", "p1"}); };
  EXPECT_EQ(of("A").verdict, Verdict::inconclusive);
  EXPECT_EQ(of("B").verdict, Verdict::fail);
  EXPECT_EQ(of("B").expectation, "refused");
  EXPECT_EQ(of("C").verdict, Verdict::error);
  EXPECT_EQ(of("C").type, "BenchError");
  EXPECT_EQ(of("D").type, "InternalError");
  EXPECT_EQ(of("E").verdict, Verdict::inconclusive);
  EXPECT_EQ(of("F").verdict, Verdict::fail);
  EXPECT_EQ(of("F").expectation, "recovers");
  EXPECT_EQ(of("G").verdict, Verdict::fail);
  EXPECT_EQ(of("G").expectation, "recovers");
  EXPECT_EQ(bench_.holds, 0);
}

TEST_F(SchedulerTest, LockstepStagesActTogetherAndALeaverIsNotWaitedFor) {
  std::atomic<int> acts = 0;
  Procedure& p = add("A", [&](Context& c) {
    if (c.id().position == "p2") return;
    c.collectively("5 A", [&] { ++acts; });
  });
  p.declaration.changes_supply = true;
  p.declaration.supply = Supply::load;
  auto s = scheduler();
  s->run_all();
  EXPECT_EQ(acts, 1);
}

TEST_F(SchedulerTest, ASickPositionIsPowerCycledAndGoesOn) {
  std::atomic<int> ran = 0;
  add("A", [&](Context& c) {
    if (c.id().position == "p1") bench_.fall_sick("p1");
  });
  add("B", [&](Context&) { ++ran; });
  auto s = scheduler();
  s->run_all();
  EXPECT_EQ(bench_.cycles, 1);
  EXPECT_EQ(ran, 2);
  EXPECT_EQ(s->results().at({"B", "base", "p1"}).verdict, Verdict::pass);
}

TEST_F(SchedulerTest, APositionThatStaysSickIsQuarantinedAndTheOthersGoOn) {
  bench_.cycle_cures = false;
  add("A", [&](Context& c) {
    if (c.id().position == "p1") bench_.fall_sick("p1");
  });
  add("B", [](Context&) {});
  auto s = scheduler();
  s->run_all();
  EXPECT_EQ(s->results().at({"A", "base", "p1"}).verdict, Verdict::pass);
  EXPECT_EQ(s->results().at({"B", "base", "p1"}).type, "Quarantined");
  EXPECT_EQ(s->results().at({"B", "base", "p2"}).verdict, Verdict::pass);
}

TEST_F(SchedulerTest, GuestsRunWhileTheHostHoldsAndADisturbedHostIsRepeatedAlone) {
  std::atomic<int> host_runs = 0, guest_runs = 0, guests_seen_by_host = -1;
  Procedure& host = add("HOST", [&](Context& c) {
    ++host_runs;
    while (guest_runs < 2 && !c.stop().stop_requested()) std::this_thread::yield();
    guests_seen_by_host = guest_runs.load();
    c.expect(c.id().position == "p2" || host_runs > 2, "no_pulse");
  });
  host.declaration.changes_supply = true;
  host.declaration.hosts_guests = true;
  add("GUEST", [&](Context&) { ++guest_runs; });
  auto s = scheduler();
  s->run_all();
  EXPECT_EQ(guests_seen_by_host, 2);
  EXPECT_EQ(host_runs, 3);
  EXPECT_EQ(s->results().at({"HOST", "base", "p1"}).verdict, Verdict::pass);
  EXPECT_EQ(s->results().at({"HOST", "base", "p1"}).attempt, 2);
}

TEST_F(SchedulerTest, AGuestThatFallsSickIsMendedAfterItsHostAndThenGoesOn) {
  std::atomic<bool> host_runs = false, cycled_under_host = false;
  std::atomic<int> sick_guests = 0, later_guests = 0;
  bench_.on_cycle = [&] { cycled_under_host = host_runs.load(); };
  Procedure& host = add("HOST", [&](Context& c) {
    if (c.id().position != "p1") return;
    host_runs = true;
    // As long as it takes until a mended guest could go on.
    while (sick_guests < 1 || later_guests < 1) std::this_thread::yield();
    for (int i = 0; i < 100000 && bench_.cycles == 0; ++i) std::this_thread::yield();
    host_runs = false;
  });
  host.declaration.changes_supply = true;
  host.declaration.hosts_guests = true;
  add("GUEST_A", [&](Context& c) {
    if (c.id().position != "p2") return;
    bench_.fall_sick("p2");
    ++sick_guests;
  });
  add("GUEST_B", [&](Context&) { ++later_guests; });
  auto s = scheduler();
  s->run_all();
  EXPECT_EQ(bench_.cycles, 1);
  EXPECT_FALSE(cycled_under_host);
  EXPECT_EQ(s->results().at({"GUEST_B", "base", "p2"}).verdict, Verdict::pass);
}

TEST_F(SchedulerTest, TheHeldVoltageIsRenewedWithoutAGap) {
  add("A", [&](Context&) { EXPECT_EQ(bench_.holds, 1); }).declaration.one_position_at_a_time = true;
  add("B", [&](Context&) { EXPECT_EQ(bench_.holds, 1); }).declaration.one_position_at_a_time = true;
  auto s = scheduler({.renew_supply = {}});
  s->run_all();
  EXPECT_EQ(bench_.holds_taken, 2);
  EXPECT_EQ(bench_.most_holds, 2);
  EXPECT_EQ(bench_.holds, 0);
}

TEST_F(SchedulerTest, ABrokenSourceIsAnErrorOfEveryCaseOfTheBlock) {
  bench_.source_broken = true;
  add("A", [](Context&) {});
  auto s = scheduler();
  s->run_all();
  EXPECT_EQ(s->results().at({"A", "base", "p1"}).type, "BenchError");
}

TEST_F(SchedulerTest, AStopAfterTheStepInterruptsAtTheNextStepAndLeavesTheRestUnrun) {
  std::stop_source stop;
  add("A", [&](Context& c) {
    stop.request_stop();
    c.step("next");
  }).declaration.one_position_at_a_time = true;
  add("B", [](Context&) {});
  auto s = scheduler({.after_step = stop.get_token()});
  s->run_all();
  ASSERT_EQ(s->results().size(), 1u);
  EXPECT_EQ(s->results().at({"A", "base", "p1"}).type, "Interrupted");
}

TEST_F(SchedulerTest, AFailureOutsideAProcedureEndsTheRunAndReachesTheCaller) {
  add("A", [](Context&) {});
  auto s = scheduler();
  bench_.probe_throws = true;
  EXPECT_THROW(s->run_all(), std::bad_alloc);
}

TEST_F(SchedulerTest, OneSeedGivesTheSameChoices) {
  std::vector<std::uint64_t> drawn;
  Procedure& p = add("A", [&](Context& c) { drawn.push_back(c.random("nonce")()); });
  p.declaration.one_position_at_a_time = true;
  auto s = scheduler({.seed = 7});
  s->run_all();
  s->result({"A", "base", "p1"});
  s->result({"A", "base", "p1"});
  ASSERT_EQ(drawn.size(), 4u);
  EXPECT_EQ(drawn[0], drawn[2]);
  EXPECT_NE(drawn[0], drawn[1]);
}

}  // namespace
}  // namespace meterproof::harness
