#include "reports/junit_observer.hpp"

#include <exception>
#include <utility>

#include "harness/errors.hpp"
#include "harness/journal/write_file.hpp"
#include "reports/regenerate.hpp"

namespace meterproof::reports {

JunitObserver::JunitObserver(const std::filesystem::path& run_folder, std::string_view dialect,
                             std::vector<boost::json::object> history,
                             std::chrono::milliseconds interval)
    : reporter_(junit_reporter(dialect)),
      path_(run_folder / reporter_.file_name),
      options_{attachment_prefix(run_folder)},
      interval_(interval),
      unread_(std::move(history)) {
  thread_ = std::thread([this] { loop(); });
}

JunitObserver::~JunitObserver() {
  try {
    finish();
  } catch (const std::exception&) {
    // Who wants to know calls finish().
  }
}

void JunitObserver::on_event(const boost::json::object& event) {
  {
    const std::lock_guard lock(mutex_);
    unread_.push_back(event);
  }
  changed_.notify_all();
}

void JunitObserver::finish() {
  {
    const std::lock_guard lock(mutex_);
    finishing_ = true;
  }
  changed_.notify_all();
  if (!thread_.joinable()) return;
  thread_.join();
  if (!problem_.empty()) throw harness::BenchError(problem_);
}

void JunitObserver::loop() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return !unread_.empty() || finishing_; });
    const bool last = finishing_;
    const std::vector<boost::json::object> events = std::exchange(unread_, {});
    lock.unlock();
    std::string problem;
    try {
      for (const auto& event : events) model_.add(event);
      journal::write_file_atomically(path_, reporter_.render(model_, options_));
    } catch (const std::exception& error) {
      problem = error.what();
    }
    lock.lock();
    problem_ = std::move(problem);
    if (last) return;
    changed_.wait_for(lock, interval_, [this] { return finishing_; });
  }
}

}  // namespace meterproof::reports
