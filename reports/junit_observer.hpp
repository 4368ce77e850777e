// Keeps junit.xml true while the run goes on: a case that runs is an error "Interrupted" until it
// has a verdict, one that has not started is skipped "NotRun". So whatever kills the process leaves
// a valid file that says what was proved.
//
// The file is replaced as a whole (temporary file, fsync, rename), at once after the first event,
// then at most once in an interval, and by finish(). All of that happens on a thread of its own.
#pragma once

#include <boost/json/object.hpp>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "harness/journal/journal.hpp"
#include "reports/reporter.hpp"

namespace meterproof::reports {

class JunitObserver : public journal::JournalObserver {
 public:
  // dialect: see junit_dialects(). history: Journal::history() of a resumed run. Throws ConfigError
  // for an unknown dialect.
  explicit JunitObserver(const std::filesystem::path& run_folder, std::string_view dialect = "rich",
                         std::vector<boost::json::object> history = {},
                         std::chrono::milliseconds interval = std::chrono::seconds(1));
  JunitObserver(const JunitObserver&) = delete;
  JunitObserver& operator=(const JunitObserver&) = delete;
  ~JunitObserver() override;

  void on_event(const boost::json::object& event) override;
  // Writes the file once more, with all events seen so far (Journal::flush() first), and stops.
  // Throws BenchError when that last writing failed; the file is then the one before, still valid.
  void finish();

 private:
  void loop();

  const Reporter reporter_;
  const std::filesystem::path path_;
  const ReportOptions options_;
  const std::chrono::milliseconds interval_;
  journal::RunModel model_;  // the thread's own

  std::mutex mutex_;  // all below
  std::condition_variable changed_;
  std::vector<boost::json::object> unread_;
  bool finishing_ = false;
  std::string problem_;  // of the latest writing
  std::thread thread_;
};

}  // namespace meterproof::reports
