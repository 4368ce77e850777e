// The journal against what really happens to processes and disks: children killed at random
// moments, a file size limit that stops a write half-way.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <random>
#include <thread>

#include "harness/errors.hpp"
#include "harness/journal/case_journal.hpp"
#include "harness/journal/event_text.hpp"
#include "harness/journal/hash.hpp"
#include "harness/journal/journal.hpp"
#include "harness/journal/journal_reader.hpp"
#include "harness/journal/run_folder.hpp"
#include "harness/journal/run_model.hpp"
#include "harness/journal/test_folder.hpp"

namespace meterproof::journal {
namespace {

std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

// Appends for ever and tells each verdict through the pipe once append() has returned.
[[noreturn]] void write_until_killed(const std::filesystem::path& path, int tell) {
  auto journal = Journal::create(path);
  for (int n = 0;; ++n) {
    journal->append("step", {{"case", "A/b/p1"}, {"text", std::string(300, 'x')}});
    journal->append("verdict", {{"case", "A/b/p1"}, {"n", n}});
    if (::write(tell, &n, sizeof n) != static_cast<ssize_t>(sizeof n)) ::_exit(1);
  }
}

TEST(JournalCrash, AfterSigkillAtAnyMomentEveryVerdictToldIsThereAndTheRunCanGoOn) {
  std::mt19937 random(7);
  for (int round = 0; round < 20; ++round) {
    const TestFolder folder;
    const auto path = folder / "journal.jsonl";
    int pipe_ends[2];
    ASSERT_EQ(::pipe(pipe_ends), 0);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      ::close(pipe_ends[0]);
      write_until_killed(path, pipe_ends[1]);
    }
    ::close(pipe_ends[1]);
    int told = -1;
    const int wanted = static_cast<int>(random() % 20);
    while (told < wanted) ASSERT_EQ(::read(pipe_ends[0], &told, sizeof told), sizeof told);
    // Somewhere inside the next few events, not at a boundary.
    std::this_thread::sleep_for(std::chrono::microseconds(random() % 2000));
    ::kill(child, SIGKILL);
    ASSERT_EQ(::waitpid(child, nullptr, 0), child);
    while (::read(pipe_ends[0], &told, sizeof told) == sizeof told) {
    }
    ::close(pipe_ends[0]);

    int last_verdict = -1;
    for (const auto& event : read_journal(path)) {
      if (text_or_empty(event, "type") == "verdict") {
        last_verdict = event.at("n").to_number<int>();
      }
    }
    EXPECT_GE(last_verdict, told) << "a verdict that was told is not in the file";
    const auto resumed = Journal::resume(path);
    EXPECT_GT(resumed->append("step", {}), resumed->history().size());
  }
}

// In a child, because the limit holds for a whole process.
TEST(JournalCrash, AWriteThatStopsHalfWayIsCutBackToTheLastWholeLine) {
  const TestFolder folder;
  const auto path = folder / "journal.jsonl";
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    ::signal(SIGXFSZ, SIG_IGN);
    auto journal = Journal::create(path);
    const rlimit limit{5000, 5000};
    if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) ::_exit(9);
    int recorded = 0;
    try {
      for (;; ++recorded) journal->append("verdict", {{"text", std::string(600, 'x')}});
    } catch (const harness::BenchError&) {
    }
    try {
      journal->append("step", {});  // would fit, but the journal has said that it failed
    } catch (const harness::BenchError&) {
      ::_exit(recorded);
    }
    ::_exit(99);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  const auto contents = read_journal_contents(path);
  EXPECT_GT(contents.events.size(), 3U);
  EXPECT_EQ(contents.events.size(), static_cast<std::size_t>(WEXITSTATUS(status)));
  EXPECT_FALSE(contents.torn);
}

TEST(CaseJournal, WritesAttachmentsWithTheirHashAndKeepsThoseOfEarlierAttempts) {
  const TestFolder runs;
  const auto folder = RunFolder::create(runs.path());
  auto journal = Journal::create(folder.journal());
  for (const char* content : {"first", "second"}) {
    harness::CaseJournal attempt(*journal, folder.path(), {"ACC_LOAD_001", "base", "p1"});
    attempt.started("p1");
    attempt.attachment("edges.csv", bytes_of(content), "edges");
    attempt.attachment("edges.csv", bytes_of("more"), "edges again");
    attempt.verdict({}, "demo", 0.1);
    EXPECT_THROW(attempt.attachment("../edges.csv", bytes_of("x"), ""), harness::InternalError);
  }
  journal->flush();
  const RunModel model(read_journal(folder.journal()));
  const CaseRecord* record = model.find("ACC_LOAD_001/base/p1");
  ASSERT_NE(record, nullptr);
  ASSERT_EQ(record->attempts.size(), 2U);
  EXPECT_EQ(record->attempts[0].attachments[0].path, "cases/ACC_LOAD_001/base/p1/edges.csv");
  EXPECT_EQ(record->attempts[1].attachments[1].path,
            "cases/ACC_LOAD_001/base/p1/attempt_2/edges_2.csv");
  for (const Attempt& attempt : record->attempts) {
    for (const auto& file : attempt.attachments) {
      EXPECT_EQ(sha256_of_file(folder.path() / file.path), file.sha256);
    }
  }
  EXPECT_EQ(sha256(bytes_of("abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

}  // namespace
}  // namespace meterproof::journal
