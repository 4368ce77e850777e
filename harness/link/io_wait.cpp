#include "harness/link/io_wait.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <ctime>

#include "harness/errors.hpp"

namespace meterproof::link {
namespace {

// One event descriptor for each thread: a thread waits for one thing at a time, so a stop meant for
// another thread's wait can never be eaten by this one.
class ThreadWake {
 public:
  ThreadWake() : event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (!event_) throw harness::BenchError("no descriptor left for waiting");
  }
  int get() const { return event_.get(); }
  void drain() const {
    std::uint64_t count = 0;
    while (::read(event_.get(), &count, sizeof count) < 0 && errno == EINTR) {
    }
  }

 private:
  Descriptor event_;
};

timespec to_timespec(harness::WallDuration span) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(span);
  const auto rest = std::chrono::duration_cast<std::chrono::nanoseconds>(span - seconds);
  return {static_cast<time_t>(seconds.count()), static_cast<long>(rest.count())};
}

struct WakeThread {
  int event;
  void operator()() const noexcept {
    const std::uint64_t one = 1;
    while (::write(event, &one, sizeof one) < 0 && errno == EINTR) {
    }
  }
};

}  // namespace

Descriptor::~Descriptor() {
  if (fd_ >= 0) ::close(fd_);
}

Result<short> wait_ready(int fd, short events, Deadline deadline, const std::stop_token& stop) {
  static thread_local ThreadWake wake;
  if (stop.stop_requested()) return LinkError::cancelled;
  std::array<pollfd, 2> watched{{{fd, events, 0}, {wake.get(), POLLIN, 0}}};
  int ready = 0;
  {
    const std::stop_callback on_stop(stop, WakeThread{wake.get()});
    do {
      timespec left{};
      const bool forever = deadline.when() == harness::WallTime::max();
      if (!forever) left = to_timespec(deadline.remaining());
      ready =
          ::ppoll(watched.data(), stop.stop_possible() ? 2 : 1, forever ? nullptr : &left, nullptr);
    } while (ready < 0 && errno == EINTR);
  }
  if (stop.stop_requested()) {
    wake.drain();
    return LinkError::cancelled;
  }
  if (ready < 0) return system_error();
  if (ready == 0) return LinkError::timeout;
  return watched[0].revents;
}

Result<void> wait_until(harness::WallTime when, const std::stop_token& stop) {
  const auto waited = wait_ready(-1, 0, Deadline::at(when), stop);
  if (waited || waited.error() == LinkError::timeout) return boost::system::in_place_value;
  return waited.error();
}

Error system_error() { return {errno, boost::system::system_category()}; }

}  // namespace meterproof::link
