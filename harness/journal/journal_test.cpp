#include "harness/journal/journal.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <future>
#include <limits>
#include <thread>

#include "harness/errors.hpp"
#include "harness/journal/event_text.hpp"
#include "harness/journal/journal_reader.hpp"
#include "harness/journal/test_folder.hpp"

namespace meterproof::journal {
namespace {

struct Recorder : JournalObserver {
  void on_event(const boost::json::object& event) override {
    seqs.push_back(event.at("seq").to_number<std::uint64_t>());
  }
  std::vector<std::uint64_t> seqs;  // read after flush() only
};

// A disk with room for so many bytes; what does not fit is written as far as it does, as
// write(2) on a full file system may do.
struct SmallDisk : AppendFile {
  struct Contents {
    std::string bytes;
    std::size_t capacity = 0;
    bool sync_fails = false;
  };
  explicit SmallDisk(Contents& on_disk) : contents(on_disk) {}
  std::error_code write(std::string_view bytes) override {
    const std::size_t room = contents.capacity - contents.bytes.size();
    contents.bytes += bytes.substr(0, room);
    return bytes.size() > room ? make_error_code(std::errc::no_space_on_device) : std::error_code{};
  }
  std::error_code sync() override {
    return contents.sync_fails ? make_error_code(std::errc::io_error) : std::error_code{};
  }
  std::error_code truncate(std::uint64_t size) override {
    contents.bytes.resize(size);
    return {};
  }
  Contents& contents;
};

TEST(Journal, EveryEventHasTheHeaderInFrontOfItsFields) {
  const TestFolder folder;
  {
    auto journal = Journal::create(folder / "journal.jsonl");
    EXPECT_EQ(journal->append("run_started", {{"run_id", "r"}}), 1U);
    journal->set_bench_clock(harness::BenchClock(60.0));
    EXPECT_EQ(journal->append("step", {{"case", "A/b/p1"}, {"text", "x"}}), 2U);
  }
  const auto events = read_journal(folder / "journal.jsonl");
  ASSERT_EQ(events.size(), 2U);
  EXPECT_FALSE(events[0].contains("bench_ns"));
  std::vector<std::string> keys;
  for (const auto& member : events[1]) keys.emplace_back(member.key());
  EXPECT_THAT(keys,
              testing::ElementsAre("seq", "t", "mono_ns", "bench_ns", "type", "case", "text"));
  EXPECT_THAT(text_or_empty(events[0], "t"),
              testing::MatchesRegex("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\\.[0-9]{3}Z"));
  EXPECT_LE(events[0].at("mono_ns").as_int64(), events[1].at("mono_ns").as_int64());
}

TEST(Journal, AnEventIsInTheFileWhenAppendReturns) {
  const TestFolder folder;
  auto journal = Journal::create(folder / "journal.jsonl");
  for (std::uint64_t n = 1; n <= 20; ++n) {
    journal->append("step", {});
    EXPECT_EQ(read_journal(folder / "journal.jsonl").size(), n);
  }
}

TEST(Journal, BytesThatAreNoTextAndNumbersThatAreNoneStayReadable) {
  const TestFolder folder;
  {
    auto journal = Journal::create(folder / "journal.jsonl");
    journal->append("property", {{"value", std::string("ok \xC3\xA4 \xFF\x80\0\n", 9)},
                                 {"list",
                                  {std::numeric_limits<double>::quiet_NaN(),
                                   -std::numeric_limits<double>::infinity(), 0.1}}});
  }
  const auto event = read_journal(folder / "journal.jsonl").at(0);
  EXPECT_EQ(text_or_empty(event, "value"), std::string("ok \xC3\xA4 \\xFF\\x80\0\n", 15));
  EXPECT_EQ(event.at("list").at(0), "NaN");
  EXPECT_EQ(event.at("list").at(1), "-Infinity");
  EXPECT_EQ(event.at("list").at(2), 0.1);
}

TEST(Journal, ManyThreadsGiveOneSequenceAndObserversSeeItInOrder) {
  const TestFolder folder;
  const auto recorder = std::make_shared<Recorder>();
  auto journal = Journal::create(folder / "journal.jsonl");
  journal->add_observer(recorder);
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&journal, t] {
        for (int i = 0; i < 50; ++i) {
          journal->append(i % 10 == 0 ? "verdict" : "step", {{"thread", t}, {"i", i}});
        }
      });
    }
  }
  journal->flush();
  ASSERT_EQ(recorder->seqs.size(), 200U);
  for (std::size_t i = 0; i < 200; ++i) EXPECT_EQ(recorder->seqs[i], i + 1);
  EXPECT_EQ(read_journal(folder / "journal.jsonl").size(), 200U);
}

TEST(Journal, ASlowObserverNeverHoldsUpAppend) {
  struct Stuck : JournalObserver {
    void on_event(const boost::json::object&) override { gate.wait(); }
    std::shared_future<void> gate;
  };
  const TestFolder folder;
  std::promise<void> open_gate;
  const auto stuck = std::make_shared<Stuck>();
  stuck->gate = open_gate.get_future().share();
  auto journal = Journal::create(folder / "journal.jsonl");
  journal->add_observer(stuck);
  for (int i = 0; i < 10; ++i) journal->append("verdict", {});
  EXPECT_EQ(read_journal(folder / "journal.jsonl").size(), 10U);
  open_gate.set_value();
}

TEST(Journal, AnObserverThatThrowsIsGivenUpAndTheOthersGoOn) {
  struct Broken : JournalObserver {
    void on_event(const boost::json::object&) override { throw std::runtime_error("no paper"); }
  };
  const TestFolder folder;
  const auto recorder = std::make_shared<Recorder>();
  auto journal = Journal::create(folder / "journal.jsonl");
  journal->add_observer(std::make_shared<Broken>());
  journal->add_observer(recorder);
  journal->append("step", {});
  journal->append("step", {});
  journal->flush();
  EXPECT_THAT(recorder->seqs, testing::ElementsAre(1, 2));
  EXPECT_THAT(journal->problems(), testing::ElementsAre(testing::HasSubstr("no paper")));
}

TEST(Journal, AFullDiskLosesNothingRecordedAndIsToldFromThenOn) {
  SmallDisk::Contents disk{.bytes = {}, .capacity = 1000};
  std::size_t recorded = 0;
  {
    Journal journal(std::make_unique<SmallDisk>(disk));
    try {
      for (;; ++recorded) journal.append("step", {{"text", std::string(50, 'x')}});
    } catch (const harness::BenchError& error) {
      EXPECT_THAT(error.what(), testing::HasSubstr("No space left"));
    }
    EXPECT_THROW(journal.append("step", {}), harness::BenchError);
    EXPECT_THROW(journal.append("verdict", {}), harness::BenchError);
    EXPECT_THAT(journal.problems(), testing::ElementsAre(testing::HasSubstr("No space left")));
  }
  EXPECT_GT(recorded, 3U);
  const JournalContents contents = parse_journal(disk.bytes, "disk");
  EXPECT_EQ(contents.events.size(), recorded);
  EXPECT_FALSE(contents.torn);
}

TEST(Journal, ADurableEventThatDoesNotReachTheDiskIsAnErrorAtOnce) {
  SmallDisk::Contents disk{.bytes = {}, .capacity = 10000, .sync_fails = true};
  Journal journal(std::make_unique<SmallDisk>(disk));
  EXPECT_THROW(journal.append("verdict", {}), harness::BenchError);
  disk.sync_fails = false;  // a later success proves nothing about the lost pages
  EXPECT_THROW(journal.append("verdict", {}), harness::BenchError);
}

TEST(Journal, ResumeCutsATornLineAndGoesOnWithSeqAndAttempts) {
  const TestFolder folder;
  const auto path = folder / "journal.jsonl";
  {
    auto journal = Journal::create(path);
    journal->append("case_started", {{"case", "A/b/p1"}, {"attempt", 1}});
    journal->append("case_started", {{"case", "A/b/p1"}, {"attempt", 2}});
  }
  std::ofstream(path, std::ios::app) << R"({"seq":3,"type":"ver)";
  {
    auto journal = Journal::resume(path);
    EXPECT_EQ(journal->history().size(), 2U);
    EXPECT_EQ(journal->next_attempt("A/b/p1"), 3);
    EXPECT_EQ(journal->next_attempt("A/b/p2"), 1);
    EXPECT_EQ(journal->append("step", {}), 4U);
  }
  const auto events = read_journal(path);
  ASSERT_EQ(events.size(), 4U);
  EXPECT_EQ(text_or_empty(events[2], "type"), "resumed");
  EXPECT_EQ(events[2].at("from_seq"), 2);
}

TEST(Journal, TwoProcessesCannotWriteTheSameOne) {
  const TestFolder folder;
  const auto journal = Journal::create(folder / "journal.jsonl");
  EXPECT_THROW(Journal::resume(folder / "journal.jsonl"), harness::BenchError);
  EXPECT_THROW(Journal::create(folder / "journal.jsonl"), harness::BenchError);
}

TEST(JournalReader, ADamagedLineInTheMiddleIsNamedATornLastOneIsNot) {
  const std::string first = R"({"seq":1,"type":"a"})"
                            "\n";
  const std::string third = R"({"seq":3,"type":"c"})"
                            "\n";
  EXPECT_EQ(parse_journal(first + "{broken\n", "j").events.size(), 1U);
  EXPECT_TRUE(parse_journal(first + std::string(100, '\0'), "j").torn);
  EXPECT_EQ(parse_journal("", "j").events.size(), 0U);
  try {
    parse_journal(first + "{broken\n" + third, "j.jsonl");
    FAIL() << "a damaged middle was accepted";
  } catch (const harness::ConfigError& error) {
    EXPECT_THAT(error.what(), testing::StartsWith("j.jsonl:2: the journal is damaged"));
  }
  EXPECT_THROW(parse_journal(first + third + first, "j"), harness::ConfigError) << "a lost line";
}

}  // namespace
}  // namespace meterproof::journal
