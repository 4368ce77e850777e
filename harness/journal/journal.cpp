#include "harness/journal/journal.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json/serialize.hpp>
#include <exception>
#include <utility>

#include "harness/errors.hpp"
#include "harness/journal/event_text.hpp"
#include "harness/journal/journal_reader.hpp"

namespace meterproof::journal {
namespace {

constexpr std::array<std::string_view, 8> k_durable_types{
    "run_started", "resumed",     "case_started", "verdict",
    "energise",    "de_energise", "make_safe",    "run_finished"};

std::string utc_now() {
  const auto now =
      std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now);
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(seconds), (now - seconds).count());
}

}  // namespace

Durability durability_of(std::string_view type) {
  return std::find(k_durable_types.begin(), k_durable_types.end(), type) != k_durable_types.end()
             ? Durability::durable
             : Durability::written;
}

std::unique_ptr<Journal> Journal::create(const std::filesystem::path& path) {
  return std::make_unique<Journal>(open_append_file(path, OpenAs::fresh));
}

std::unique_ptr<Journal> Journal::resume(const std::filesystem::path& path) {
  // The lock first: what is read must not change any more.
  auto file = open_append_file(path, OpenAs::existing);
  JournalContents contents = read_journal_contents(path);
  if (contents.torn) {
    if (const auto problem = file->truncate(contents.whole_bytes)) {
      throw harness::BenchError("cannot cut the torn last line of " + path.string() + ": " +
                                problem.message());
    }
  }
  const std::uint64_t last = contents.events.size();
  auto journal =
      std::make_unique<Journal>(std::move(file), contents.whole_bytes, std::move(contents.events));
  journal->append("resumed", {{"from_seq", last}});
  return journal;
}

Journal::Journal(std::unique_ptr<AppendFile> file, std::uint64_t size,
                 std::vector<boost::json::object> history)
    : file_(std::move(file)),
      history_(std::move(history)),
      size_(size),
      written_seq_(history_.size()),
      committed_seq_(history_.size()),
      delivered_seq_(history_.size()) {
  for (const auto& event : history_) count_attempt(event);
  thread_ = std::thread([this] { deliver_loop(); });
}

Journal::~Journal() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

std::uint64_t Journal::append(std::string_view type, boost::json::object fields) {
  return append(type, std::move(fields), durability_of(type));
}

std::uint64_t Journal::append(std::string_view type, boost::json::object fields,
                              Durability durability) {
  const boost::json::object cleaned = clean(fields);
  std::uint64_t seq = 0;
  {
    const std::lock_guard lock(mutex_);
    throw_if_failed();
    boost::json::object event = with_header(type, cleaned);
    const std::string line = boost::json::serialize(event) + '\n';
    if (const auto problem = file_->write(line)) {
      // Even if the cut fails too, readers take the rest for a torn last line.
      const bool cut = !file_->truncate(size_);
      fail(fmt::format("the journal cannot be written: {}{}", problem.message(),
                       cut ? "" : " (and its last line is torn)"));
    }
    size_ += line.size();
    seq = ++written_seq_;
    count_attempt(event);
    pending_.push_back({std::move(event), seq, durability == Durability::durable});
  }
  changed_.notify_all();
  if (durability == Durability::durable) commit(seq);
  return seq;
}

boost::json::object Journal::with_header(std::string_view type,
                                         const boost::json::object& fields) const {
  boost::json::object event;
  event.reserve(fields.size() + 5);
  const harness::WallTime now = harness::WallClock::now();
  event["seq"] = written_seq_ + 1;
  event["t"] = utc_now();
  event["mono_ns"] =
      std::chrono::duration_cast<std::chrono::nanoseconds>(now.time_since_epoch()).count();
  if (clock_) event["bench_ns"] = clock_->at(now).nanoseconds;
  event["type"] = clean_utf8(type);
  for (const auto& field : fields) {
    if (!event.emplace(field.key(), field.value()).second) {
      throw harness::InternalError("the journal itself sets the field " + std::string(field.key()));
    }
  }
  return event;
}

void Journal::count_attempt(const boost::json::object& event) {
  if (text_or_empty(event, "type") == "case_started") ++attempts_[text_or_empty(event, "case")];
}

int Journal::next_attempt(std::string_view case_id) const {
  const std::lock_guard lock(mutex_);
  const auto found = attempts_.find(case_id);
  return found == attempts_.end() ? 1 : found->second + 1;
}

void Journal::set_bench_clock(const harness::BenchClock& clock) {
  const std::lock_guard lock(mutex_);
  clock_ = clock;
}

void Journal::add_observer(std::shared_ptr<JournalObserver> observer) {
  const std::lock_guard lock(mutex_);
  observers_.push_back(std::move(observer));
}

std::vector<std::string> Journal::problems() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> all = observer_problems_;
  if (!failure_.empty()) all.push_back(failure_);
  return all;
}

void Journal::throw_if_failed() const {
  if (!failure_.empty()) throw harness::BenchError(failure_);
}

void Journal::fail(std::string what) {
  if (failure_.empty()) failure_ = std::move(what);
  throw harness::BenchError(failure_);
}

void Journal::commit(std::uint64_t seq) {
  const std::lock_guard one_at_a_time(commit_mutex_);
  std::uint64_t reached = 0;
  {
    const std::lock_guard lock(mutex_);
    if (committed_seq_ >= seq) return;
    throw_if_failed();
    reached = written_seq_;
  }
  const auto problem = file_->sync();
  {
    const std::lock_guard lock(mutex_);
    // After a failed sync the kernel may have dropped the pages: no later success can be trusted.
    if (problem) fail("the journal cannot be brought to disk: " + problem.message());
    committed_seq_ = reached;
  }
  changed_.notify_all();
}

void Journal::flush() {
  std::unique_lock lock(mutex_);
  const std::uint64_t seq = written_seq_;
  lock.unlock();
  commit(seq);
  lock.lock();
  changed_.wait(lock, [&] { return delivered_seq_ >= seq; });
}

void Journal::deliver_loop() {
  auto next_commit = harness::WallClock::now() + k_commit_delay;
  std::unique_lock lock(mutex_);
  while (true) {
    const auto due = [&] { return !pending_.empty() || closing_; };
    if (written_seq_ > committed_seq_ && failure_.empty()) {
      changed_.wait_until(lock, next_commit, due);
    } else {
      changed_.wait(lock, due);
    }
    const bool last_round = closing_ && pending_.empty();
    const bool late = harness::WallClock::now() >= next_commit;
    const bool needed =
        !pending_.empty() && pending_.front().durable && pending_.front().seq > committed_seq_;
    if (failure_.empty() && written_seq_ > committed_seq_ && (needed || late || last_round)) {
      const std::uint64_t seq = written_seq_;
      lock.unlock();
      try {
        commit(seq);
      } catch (const harness::BenchError&) {
        // Kept as the failure that every append() and problems() tell.
      }
      next_commit = harness::WallClock::now() + k_commit_delay;
      lock.lock();
    }
    if (last_round) return;
    if (pending_.empty()) continue;
    const Pending pending = std::move(pending_.front());
    pending_.pop_front();
    lock.unlock();
    deliver(pending.event);
    lock.lock();
    delivered_seq_ = pending.seq;
    lock.unlock();
    changed_.notify_all();
    lock.lock();
  }
}

void Journal::deliver(const boost::json::object& event) {
  std::vector<std::shared_ptr<JournalObserver>> observers;
  {
    const std::lock_guard lock(mutex_);
    observers = observers_;
  }
  for (const auto& observer : observers) {
    std::string problem;
    try {
      observer->on_event(event);
      continue;
    } catch (const std::exception& error) {
      problem = error.what();
    } catch (...) {
      problem = "an unknown exception";
    }
    const std::lock_guard lock(mutex_);
    observer_problems_.push_back("a report was given up: " + problem);
    std::erase(observers_, observer);
  }
}

}  // namespace meterproof::journal
