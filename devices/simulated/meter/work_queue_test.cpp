#include "devices/simulated/meter/work_queue.hpp"

#include <gmock/gmock.h>

#include <boost/asio/io_context.hpp>
#include <string>

namespace meterproof::simulated {
namespace {

using ::testing::ElementsAre;

struct QueueOrder {
  explicit QueueOrder(bool proven_first) : queue(io, proven_first) {}

  void submit(bool proven, std::string name, harness::WallDuration stall = {}) {
    queue.submit(proven, [this, name = std::move(name), stall] {
      done.push_back(name);
      return stall;
    });
  }

  boost::asio::io_context io;
  WorkQueue queue;
  std::vector<std::string> done;
};

TEST(WorkQueue, WhoHasProvenAKeyGoesFirst) {
  QueueOrder order(true);
  order.submit(false, "stranger 1");
  order.submit(false, "stranger 2");
  order.submit(true, "head-end");
  order.io.run();
  EXPECT_THAT(order.done, ElementsAre("head-end", "stranger 1", "stranger 2"));
}

TEST(WorkQueue, TheWeakMeterTakesAllInOrderAndStalls) {
  QueueOrder order(false);
  order.submit(false, "stranger 1", std::chrono::milliseconds(1));
  order.submit(false, "stranger 2", std::chrono::milliseconds(1));
  order.submit(true, "head-end");
  const auto start = harness::WallClock::now();
  order.io.run();
  EXPECT_THAT(order.done, ElementsAre("stranger 1", "stranger 2", "head-end"));
  EXPECT_GE(harness::WallClock::now() - start, std::chrono::milliseconds(2));
}

TEST(WorkQueue, WhatIsClearedIsNotDone) {
  QueueOrder order(true);
  order.submit(false, "stranger");
  order.queue.clear();
  order.submit(true, "head-end");
  order.io.run();
  EXPECT_THAT(order.done, ElementsAre("head-end"));
}

TEST(WorkQueue, IsFreeOnlyWhenNothingWaitsAndTheProcessorRests) {
  QueueOrder order(true);
  EXPECT_TRUE(order.queue.free());
  order.submit(false, "stranger");
  EXPECT_FALSE(order.queue.free()) << "somebody waits";
  order.io.run();
  EXPECT_TRUE(order.queue.free());
  order.queue.busy(std::chrono::milliseconds(1));
  EXPECT_FALSE(order.queue.free()) << "the processor is blocked";
  order.submit(true, "head-end");
  order.io.restart();
  order.io.run();
  EXPECT_THAT(order.done, ElementsAre("stranger", "head-end"));
  EXPECT_TRUE(order.queue.free());
}

}  // namespace
}  // namespace meterproof::simulated
