#include "bindings/blocking.hpp"

#include <pybind11/pybind11.h>

#include <chrono>
#include <exception>
#include <optional>

namespace meterproof::bindings {
namespace {

namespace py = pybind11;

constexpr std::chrono::milliseconds k_signal_look{50};

// Work that another thread does and the caller awaits.
class Awaited {
 public:
  explicit Awaited(const Work& work) : work_(work) {}

  void perform() {
    std::exception_ptr thrown;
    try {
      work_();
    } catch (...) {
      thrown = std::current_exception();
    }
    // Under the lock: the waiting side may be gone as soon as it sees the end.
    const std::lock_guard lock(mutex_);
    thrown_ = thrown;
    done_ = true;
    ended_.notify_all();
  }

  void wait(const Work& interrupted) {
    std::optional<py::error_already_set> raised;
    {
      const py::gil_scoped_release released;
      while (!ended_within(k_signal_look)) {
        const py::gil_scoped_acquire acquired;
        if (PyErr_CheckSignals() == 0) continue;
        py::error_already_set error;  // takes it from the interpreter
        if (!raised) raised.emplace(std::move(error));
        interrupted();
      }
    }
    if (raised) throw py::error_already_set(*raised);
    if (thrown_) std::rethrow_exception(thrown_);
  }

 private:
  bool ended_within(std::chrono::milliseconds span) {
    std::unique_lock lock(mutex_);
    return ended_.wait_for(lock, span, [this] { return done_; });
  }

  const Work& work_;
  std::mutex mutex_;
  std::condition_variable ended_;
  bool done_ = false;
  std::exception_ptr thrown_;
};

}  // namespace

void run_blocking(const Work& work, const Work& interrupted) {
  Awaited awaited(work);
  const std::jthread thread([&awaited] { awaited.perform(); });
  awaited.wait(interrupted);
}

WorkThread::WorkThread() : thread_([this](const std::stop_token& stop) { work_through(stop); }) {}

WorkThread::~WorkThread() = default;

void WorkThread::run(const Work& work, const Work& interrupted) {
  Awaited awaited(work);
  {
    const std::lock_guard lock(mutex_);
    queue_.push_back([&awaited] { awaited.perform(); });
  }
  given_.notify_one();
  awaited.wait(interrupted);
}

void WorkThread::work_through(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (given_.wait(lock, stop, [this] { return !queue_.empty(); })) {
    const Work next = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    next();
    lock.lock();
  }
}

}  // namespace meterproof::bindings
