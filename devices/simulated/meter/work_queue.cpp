#include "devices/simulated/meter/work_queue.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <utility>

namespace meterproof::simulated {

// Shared with the handlers in flight, which may outlive the queue.
struct WorkQueue::Engine : std::enable_shared_from_this<Engine> {
  Engine(boost::asio::io_context& context, bool first)
      : io(context), stall(context), proven_first(first) {}

  void wake() {
    if (scheduled || (proven.empty() && others.empty())) return;
    scheduled = true;
    boost::asio::post(io, [self = shared_from_this()] { self->run_one(); });
  }

  void run_one() {
    scheduled = false;
    auto& from = proven.empty() ? others : proven;
    if (from.empty()) return;
    const Job job = std::move(from.front());
    from.pop_front();
    block_for(job());
  }

  void block_for(harness::WallDuration busy) {
    if (busy <= harness::WallDuration::zero()) {
      wake();
      return;
    }
    scheduled = true;
    stall.expires_after(busy);
    stall.async_wait([self = shared_from_this()](const boost::system::error_code&) {
      self->scheduled = false;
      self->wake();
    });
  }

  boost::asio::io_context& io;
  boost::asio::steady_timer stall;
  bool proven_first;
  bool scheduled = false;
  std::deque<Job> proven, others;
};

WorkQueue::WorkQueue(boost::asio::io_context& io, bool proven_first)
    : engine_(std::make_shared<Engine>(io, proven_first)) {}

WorkQueue::~WorkQueue() {
  clear();
  engine_->stall.cancel();
}

void WorkQueue::submit(bool proven, Job job) {
  (proven && engine_->proven_first ? engine_->proven : engine_->others).push_back(std::move(job));
  engine_->wake();
}

bool WorkQueue::free() const {
  return !engine_->scheduled && engine_->proven.empty() && engine_->others.empty();
}

void WorkQueue::busy(harness::WallDuration stall) { engine_->block_for(stall); }

void WorkQueue::clear() {
  engine_->proven.clear();
  engine_->others.clear();
}

}  // namespace meterproof::simulated
