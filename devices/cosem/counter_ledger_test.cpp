#include "devices/cosem/counter_ledger.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <thread>

#include "harness/errors.hpp"

namespace meterproof::cosem {
namespace {

class CounterLedgerFile : public testing::Test {
 protected:
  CounterLedgerFile() {
    std::string pattern = testing::TempDir() + "counter_ledger.XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
    path_ = folder_ + "/ledger/counters";
  }
  ~CounterLedgerFile() override { std::filesystem::remove_all(folder_); }
  std::shared_ptr<const CounterLedger> ledger() const {
    return std::make_shared<const CounterLedger>(path_);
  }

  std::string folder_, path_;
};

TEST_F(CounterLedgerFile, ALaterRunStartsAboveTheLastOne) {
  std::uint32_t last = 0;
  for (int run = 0; run < 3; ++run) {
    InvocationCounter counter(ledger(), "a/b/c");
    for (int message = 0; message < 200; ++message) {
      const auto taken = counter.take();
      ASSERT_TRUE(taken);
      EXPECT_GT(*taken, last);
      last = *taken;
    }
    EXPECT_GT(ledger()->first_unused("a/b/c"), last);
  }
  EXPECT_EQ(InvocationCounter(ledger(), "another").take(), 1U);
}

TEST_F(CounterLedgerFile, ARunThatIsKilledRepeatsNothing) {
  int pipe_ends[2];
  ASSERT_EQ(::pipe(pipe_ends), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    InvocationCounter counter(ledger(), "a/b/c");
    std::uint32_t taken = 0;
    for (int message = 0; message < 1000; ++message) taken = counter.take().value_or(0);
    (void)!::write(pipe_ends[1], &taken, sizeof taken);
    ::kill(::getpid(), SIGKILL);
  }
  ::close(pipe_ends[1]);
  std::uint32_t last = 0;
  ASSERT_EQ(::read(pipe_ends[0], &last, sizeof last), static_cast<ssize_t>(sizeof last));
  ::close(pipe_ends[0]);
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(last, 1000U);
  EXPECT_GT(InvocationCounter(ledger(), "a/b/c").take().value(), last);
}

TEST_F(CounterLedgerFile, TwoHarnessesAtOnceNeverTakeTheSameNumber) {
  std::set<std::uint32_t> seen;
  std::mutex mutex;
  const auto use = [&] {
    InvocationCounter counter(ledger(), "a/b/c");
    for (int message = 0; message < 500; ++message) {
      const auto taken = counter.take();
      const std::scoped_lock lock(mutex);
      EXPECT_TRUE(seen.insert(taken.value()).second) << *taken;
    }
  };
  std::thread one(use), two(use);
  one.join();
  two.join();
  EXPECT_EQ(seen.size(), 1000U);
}

TEST_F(CounterLedgerFile, TheLastNumberIsTheLastAndStaysSo) {
  {
    InvocationCounter counter(ledger(), "a/b/c");
    counter.set(0xFFFFFFFE);
    EXPECT_EQ(counter.take(), 0xFFFFFFFEU);
    EXPECT_EQ(counter.take(), 0xFFFFFFFFU);
    EXPECT_FALSE(counter.take());
  }
  EXPECT_FALSE(InvocationCounter(ledger(), "a/b/c").take());
}

TEST_F(CounterLedgerFile, WhatAMeterHasSeenRaisesIt) {
  InvocationCounter counter(ledger(), "a/b/c");
  counter.raise_to(5000);
  EXPECT_EQ(counter.take(), 5000U);
  counter.raise_to(10);
  EXPECT_EQ(counter.take(), 5001U);
  EXPECT_GT(ledger()->first_unused("a/b/c"), 5001U);
}

TEST_F(CounterLedgerFile, AnAttackMayGoBackButTheLedgerDoesNot) {
  InvocationCounter counter(ledger(), "a/b/c");
  counter.raise_to(100);
  EXPECT_EQ(counter.take(), 100U);
  counter.set(7);
  EXPECT_EQ(counter.take(), 7U);
  EXPECT_GT(ledger()->first_unused("a/b/c"), 100U);
}

TEST_F(CounterLedgerFile, AFileThatIsNoLedgerIsABenchError) {
  std::filesystem::create_directories(folder_ + "/ledger");
  for (const char* text : {"a\n", "a b\n", "a 1 2\n", "a 99999999999\n", "\n"}) {
    std::ofstream(path_) << text;
    EXPECT_THROW((void)ledger()->first_unused("a"), harness::BenchError) << text;
  }
}

TEST_F(CounterLedgerFile, ALedgerThatCannotBeWrittenGivesNoNumbers) {
  std::ofstream(folder_ + "/file") << "x";
  const auto nowhere = std::make_shared<const CounterLedger>(folder_ + "/file/ledger");
  EXPECT_THROW(InvocationCounter(nowhere, "a").take(), harness::BenchError);
}

TEST(CounterName, TellsKeysApartAndDoesNotContainThem) {
  const Bytes title(8, std::byte{0x4D});
  SecurityKeys keys;
  const std::string one = counter_name(title, "management", keys);
  EXPECT_EQ(one.rfind("4D4D4D4D4D4D4D4D/management/", 0), 0U);
  EXPECT_EQ(one.find(to_hex(keys.encryption)), std::string::npos);
  keys.encryption[0] = std::byte{1};
  EXPECT_NE(counter_name(title, "management", keys), one);
}

}  // namespace
}  // namespace meterproof::cosem
