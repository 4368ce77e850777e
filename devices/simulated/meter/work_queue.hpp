// WorkQueue: the meter has one processor. Requests of clients that have proven a key go first, the
// others follow in the order they came; the weak meter (BOT_001) takes everything in order and
// stalls while it writes a log entry for each failed login.
#pragma once

#include <deque>
#include <functional>
#include <memory>

#include "harness/clock.hpp"

namespace boost::asio {
class io_context;
}

namespace meterproof::simulated {

class WorkQueue {
 public:
  // A piece of work; how long the processor is blocked after it.
  using Job = std::function<harness::WallDuration()>;

  WorkQueue(boost::asio::io_context& io, bool proven_first);
  ~WorkQueue();
  WorkQueue(const WorkQueue&) = delete;
  WorkQueue& operator=(const WorkQueue&) = delete;

  void submit(bool proven, Job job);
  // Nothing waits and the processor is free: work that would be next anyway may be done at once,
  // without a turn through the queue. Tell busy() what it cost.
  bool free() const;
  void busy(harness::WallDuration stall);
  void clear();

 private:
  struct Engine;
  std::shared_ptr<Engine> engine_;
};

}  // namespace meterproof::simulated
