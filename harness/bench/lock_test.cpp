#include "harness/bench/lock.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "harness/bench/child_process.hpp"
#include "harness/errors.hpp"

namespace meterproof::bench {
namespace {

class ResourceLocks : public testing::Test {
 protected:
  ResourceLocks() {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "meterproof_lock_XXXXXX").string();
    directory_ = ::mkdtemp(pattern.data());
  }
  ~ResourceLocks() override { std::filesystem::remove_all(directory_); }

  // The refusal, or "" when the lock was free.
  std::string attempt(const std::string& link) {
    try {
      const ResourceLock lock(link, LockOwner::self("this bench"), directory_);
      return "";
    } catch (const harness::BenchError& error) {
      return error.what();
    }
  }
  std::string directory_;
};

constexpr const char* k_link = "tcp://127.0.0.1:5025";

TEST_F(ResourceLocks, ASecondProcessIsToldWhoHoldsIt) {
  ChildProcess other({own_program("meterproof-bench-helper"), "lock", directory_, k_link});
  other.wait_line([](std::string_view line) { return line == "ready"; },
                  harness::Deadline::after(std::chrono::seconds(20)));
  const std::string refusal = attempt(k_link);
  EXPECT_NE(refusal.find(std::string(k_link) + " is in use by pid " + std::to_string(other.pid())),
            std::string::npos)
      << refusal;
  EXPECT_NE(refusal.find("bench 'the other bench'"), std::string::npos) << refusal;
  EXPECT_NE(refusal.find("meterproof-bench-helper lock"), std::string::npos) << refusal;
  EXPECT_EQ(attempt("tcp://127.0.0.1:5026"), "");
  // The kernel gives it back, however the other one ends.
  other.send_signal(9);
  other.wait_exit(harness::Deadline::after(std::chrono::seconds(20)));
  EXPECT_EQ(attempt(k_link), "");
}

TEST_F(ResourceLocks, AChildDoesNotKeepTheLockAlive) {
  std::optional<ResourceLock> lock(std::in_place, k_link, LockOwner::self("b"), directory_);
  ChildProcess child({own_program("meterproof-bench-helper"), "wait"});
  child.wait_line([](std::string_view line) { return line == "ready"; },
                  harness::Deadline::after(std::chrono::seconds(20)));
  lock.reset();
  EXPECT_EQ(attempt(k_link), "");
}

TEST_F(ResourceLocks, OneResourceHasOneKeyHoweverItIsWritten) {
  EXPECT_EQ(lock_key("tcp://127.0.0.1:4059?bind=127.0.0.5"), "tcp://127.0.0.1:4059");
  const std::string device = directory_ + "/ttyX", alias = directory_ + "/optical";
  std::ofstream(device) << "";
  std::filesystem::create_symlink(device, alias);
  EXPECT_EQ(lock_key("serial://" + device + "?baud=300"), lock_key("serial://" + alias));
}

TEST_F(ResourceLocks, AMutilatedOwnerIsNoReasonToFail) {
  const ResourceLock lock(k_link, LockOwner::self("b"), directory_);
  for (const auto& entry : std::filesystem::directory_iterator(directory_))
    std::ofstream(entry.path()) << "{\"pid\": \"x";
  EXPECT_NE(attempt(k_link).find("another process"), std::string::npos);
}

TEST_F(ResourceLocks, ABenchIsLockedWholeOrNotAtAll) {
  Bench bench;
  bench.name = "b";
  bench.source = std::make_shared<const Instrument>(Instrument{.link = "tcp://127.0.0.1:1"});
  bench.reference = std::make_shared<const Instrument>(Instrument{.link = "tcp://127.0.0.1:2"});
  Position position;
  position.interfaces["tcp"].link = "tcp://127.0.0.1:3";
  bench.positions.push_back(position);
  {
    const auto locks = lock_bench(bench, directory_);
    EXPECT_EQ(locks.size(), 3u);
    EXPECT_NE(attempt("tcp://127.0.0.1:3"), "");
  }
  {
    const ResourceLock last("tcp://127.0.0.1:3", LockOwner::self("b"), directory_);
    EXPECT_THROW(lock_bench(bench, directory_), harness::BenchError);
    EXPECT_EQ(attempt("tcp://127.0.0.1:1"), "");
  }
}

}  // namespace
}  // namespace meterproof::bench
