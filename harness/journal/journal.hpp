// The journal: the truth of a run, append-only, one JSON object a line (docs/journal.md).
//
// append() writes the line before it returns, so an event survives the death of the process; for a
// durable type it returns only when the line is on disk, so the event survives a power cut too. The
// others reach the disk within k_commit_delay. One commit serves all who wait for it.
//
// When a write fails (disk full, I/O error) the file is cut back to its last whole line, and this
// and every later append() throw BenchError: nothing recorded is lost, nothing half-recorded stays.
//
// Observers see every event in order, durable ones once they are on disk, on the journal's own
// thread. A slow observer never holds up append(); one that throws is dropped and named in
// problems().
#pragma once

#include <boost/json/object.hpp>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "harness/clock.hpp"
#include "harness/journal/append_file.hpp"

namespace meterproof::journal {

enum class Durability { written, durable };

// The durability docs/journal.md gives this event type.
Durability durability_of(std::string_view type);

class JournalObserver {
 public:
  virtual ~JournalObserver() = default;
  virtual void on_event(const boost::json::object& event) = 0;
};

inline constexpr std::chrono::milliseconds k_commit_delay{100};

class Journal {
 public:
  // A new file; throws BenchError when it exists or cannot be made.
  static std::unique_ptr<Journal> create(const std::filesystem::path& path);
  // Cuts a torn last line off, goes on with the next seq and the next attempt of each case, and
  // appends `resumed`. Throws ConfigError for a damaged journal, BenchError when another process
  // has it.
  static std::unique_ptr<Journal> resume(const std::filesystem::path& path);

  // history: the events that are in the file already.
  explicit Journal(std::unique_ptr<AppendFile> file, std::uint64_t size = 0,
                   std::vector<boost::json::object> history = {});
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;
  // Commits and delivers what is left.
  ~Journal();

  // Adds seq, t, mono_ns, bench_ns (once a bench clock is set) and type in front of the fields.
  // Strings are cleaned (event_text.hpp). Any thread. Returns seq. Throws BenchError as above.
  std::uint64_t append(std::string_view type, boost::json::object fields = {});
  std::uint64_t append(std::string_view type, boost::json::object fields, Durability durability);

  void set_bench_clock(const harness::BenchClock& clock);
  // Sees the events appended from now on; those before are in history().
  void add_observer(std::shared_ptr<JournalObserver> observer);
  // Returns when all appended events are on disk and every observer has seen them. Not to be
  // called by an observer.
  void flush();

  // Number of the attempt that a case_started for this case would begin, from 1.
  int next_attempt(std::string_view case_id) const;
  const std::vector<boost::json::object>& history() const { return history_; }
  // Observers that threw, and the write error if there was one; empty when all is well.
  std::vector<std::string> problems() const;

 private:
  struct Pending {
    boost::json::object event;
    std::uint64_t seq;
    bool durable;
  };

  boost::json::object with_header(std::string_view type, const boost::json::object& fields) const;
  void count_attempt(const boost::json::object& event);
  [[noreturn]] void fail(std::string what);
  void throw_if_failed() const;
  // Returns when everything up to seq is on disk.
  void commit(std::uint64_t seq);
  void deliver_loop();
  void deliver(const boost::json::object& event);

  const std::unique_ptr<AppendFile> file_;
  const std::vector<boost::json::object> history_;

  mutable std::mutex mutex_;  // all below
  std::condition_variable changed_;
  std::uint64_t size_;
  std::uint64_t written_seq_;
  std::uint64_t committed_seq_;
  std::uint64_t delivered_seq_;
  std::string failure_;
  std::vector<std::string> observer_problems_;
  std::optional<harness::BenchClock> clock_;
  std::map<std::string, int, std::less<>> attempts_;
  std::deque<Pending> pending_;
  std::vector<std::shared_ptr<JournalObserver>> observers_;
  bool closing_ = false;

  std::mutex commit_mutex_;  // one commit at a time; taken before mutex_
  std::thread thread_;
};

}  // namespace meterproof::journal
