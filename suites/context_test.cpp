#include "suites/context.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "harness/errors.hpp"
#include "harness/lockstep.hpp"

namespace meterproof::suites {
namespace {

// Remembers the loads that were applied, one after the other.
class RecordingSupply : public devices::Supply {
 public:
  devices::Energised energise(const devices::Load& load, std::stop_token) override {
    if (broken) throw harness::BenchError("the source does not answer");
    ++applied;
    ++holding;
    last = to_string(load);
    return devices::Energised(std::shared_ptr<void>(nullptr, [this](void*) { --holding; }));
  }
  std::atomic<int> applied = 0, holding = 0;
  bool broken = false;
  std::string last;
};

// Runs the body on a thread for each position of one stage.
void on_positions(int positions, const std::shared_ptr<RecordingSupply>& supply,
                  const std::function<void(Context&, int)>& body) {
  harness::Lockstep lockstep(positions);
  const harness::BenchClock clock;
  harness::Resources resources;
  resources.put<StageSupply>(std::make_shared<StageSupply>(supply));
  std::vector<std::jthread> threads;
  for (int position = 0; position < positions; ++position) {
    threads.emplace_back([&, position] {
      harness::ContextParts parts;
      parts.clock = &clock;
      parts.resources = &resources;
      parts.lockstep = &lockstep;
      harness::Context base(parts);
      Context context(base);
      body(context, position);
      lockstep.leave();
    });
  }
}

devices::Load load_of(double amperes) { return devices::balanced_load(3, {230}, {amperes}, {0}); }

TEST(StageSupply, AllPositionsShareOneLoad) {
  const auto supply = std::make_shared<RecordingSupply>();
  std::atomic<int> wrong = 0;
  on_positions(4, supply, [&](Context& ctx, int) {
    const auto held = ctx.energise(load_of(5));
    if (supply->holding != 1 || supply->applied != 1) ++wrong;
  });
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(supply->applied, 1);
  EXPECT_EQ(supply->holding, 0) << "the last position takes the load along";
  EXPECT_EQ(supply->last, to_string(load_of(5)));
}

TEST(StageSupply, TheLoadStaysForThoseWhoStillNeedIt) {
  const auto supply = std::make_shared<RecordingSupply>();
  std::atomic<bool> others_gone = false;
  std::atomic<int> left = 0, held_at_the_end = 0;
  on_positions(3, supply, [&](Context& ctx, int position) {
    auto held = ctx.energise(load_of(5));
    if (position != 0) {
      held = {};
      if (++left == 2) {
        others_gone = true;
        others_gone.notify_all();
      }
      return;
    }
    others_gone.wait(false);
    held_at_the_end = supply->holding.load();
  });
  EXPECT_EQ(held_at_the_end, 1);
}

TEST(StageSupply, ReleaseReturnsWhenNobodyHoldsTheLoad) {
  const auto supply = std::make_shared<RecordingSupply>();
  std::atomic<int> wrong = 0;
  on_positions(4, supply, [&](Context& ctx, int) {
    for (int round = 0; round < 20; ++round) {
      const auto voltage = ctx.energise(load_of(0));
      auto load = ctx.energise(load_of(100));
      if (supply->holding != 2) ++wrong;
      ctx.release(std::move(load));
      if (supply->holding != 1) ++wrong;
      ctx.release({});  // nobody begins the next round before all have looked
    }
  });
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(supply->applied, 40);
  EXPECT_EQ(supply->holding, 0);
}

TEST(StageSupply, ABrokenSourceReachesEveryPosition) {
  const auto supply = std::make_shared<RecordingSupply>();
  supply->broken = true;
  std::atomic<int> told = 0;
  on_positions(3, supply, [&](Context& ctx, int) {
    try {
      const auto held = ctx.energise(load_of(5));
    } catch (const harness::BenchError&) {
      ++told;
    }
  });
  EXPECT_EQ(told, 3);
}

TEST(StageSupply, APositionThatHasLeftIsNotWaitedFor) {
  const auto supply = std::make_shared<RecordingSupply>();
  std::atomic<int> served = 0;
  on_positions(3, supply, [&](Context& ctx, int position) {
    if (position == 2) return;
    const auto held = ctx.energise(load_of(1));
    ++served;
  });
  EXPECT_EQ(served, 2);
  EXPECT_EQ(supply->holding, 0);
}

}  // namespace
}  // namespace meterproof::suites
