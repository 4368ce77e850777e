#include "harness/lockstep.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "harness/errors.hpp"

namespace meterproof::harness {
namespace {

TEST(Lockstep, OneActsForAll) {
  Lockstep lockstep(3);
  std::atomic<int> acts = 0, returned = 0;
  {
    std::vector<std::jthread> positions;
    for (int i = 0; i < 3; ++i) {
      positions.emplace_back([&](std::stop_token stop) {
        for (int round = 0; round < 50; ++round) {
          lockstep.collectively(
              "load " + std::to_string(round), [&] { ++acts; }, stop);
        }
        ++returned;
      });
    }
    for (std::jthread& position : positions) position.join();
  }
  EXPECT_EQ(acts, 50);
  EXPECT_EQ(returned, 3);
}

TEST(Lockstep, APositionThatLeavesIsNotWaitedFor) {
  Lockstep lockstep(2);
  std::atomic<int> acts = 0;
  std::jthread first([&](std::stop_token stop) {
    lockstep.collectively(
        "load", [&] { ++acts; }, stop);
  });
  std::jthread second([&] { lockstep.leave(); });
  first.join();
  EXPECT_EQ(acts, 1);
}

TEST(Lockstep, DifferentSignaturesAreAnInternalErrorForAll) {
  Lockstep lockstep(2);
  std::atomic<int> acts = 0, errors = 0;
  const auto ask = [&](const char* what) {
    try {
      lockstep.collectively(what, [&] { ++acts; }, {});
    } catch (const InternalError&) {
      ++errors;
    }
  };
  {
    std::jthread first(ask, "5 A");
    std::jthread second(ask, "6 A");
  }
  EXPECT_EQ(errors, 2);
  EXPECT_EQ(acts, 0);
}

TEST(Lockstep, AFailureOfTheActReachesAll) {
  Lockstep lockstep(2);
  std::atomic<int> errors = 0;
  const auto ask = [&] {
    try {
      lockstep.collectively("load", [] { throw BenchError("source silent"); }, {});
    } catch (const BenchError&) {
      ++errors;
    }
  };
  {
    std::jthread first(ask);
    std::jthread second(ask);
  }
  EXPECT_EQ(errors, 2);
}

TEST(Lockstep, AStopEndsTheWait) {
  Lockstep lockstep(2);
  std::atomic<bool> cancelled = false;
  std::jthread alone([&](std::stop_token stop) {
    try {
      lockstep.collectively(
          "load", [] {}, stop);
    } catch (const Cancelled&) {
      cancelled = true;
    }
  });
  alone.request_stop();
  alone.join();
  EXPECT_TRUE(cancelled);
}

}  // namespace
}  // namespace meterproof::harness
