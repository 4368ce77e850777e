#include "harness/bench/child_process.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "harness/errors.hpp"

namespace meterproof::bench {
namespace {

using harness::Deadline;
using std::chrono::seconds;

Deadline soon() { return Deadline::after(seconds(20)); }
std::string helper() { return own_program("meterproof-bench-helper"); }
bool is_ready(std::string_view line) { return line == "ready"; }
bool any_line(std::string_view) { return true; }

TEST(ChildProcess, TellsAnExitCodeFromASignal) {
  ChildProcess nine({helper(), "exit", "9"});
  EXPECT_EQ(nine.wait_exit(soon()), (ExitStatus{false, 9}));
  ChildProcess killed({helper(), "die"});
  EXPECT_EQ(killed.wait_exit(soon()), (ExitStatus{true, SIGKILL}));
  EXPECT_EQ(to_string(*killed.exit_status()), "killed by signal 9");
}

TEST(ChildProcess, StartsWhereItIsToldTo) {
  ChildOptions options;
  options.start_directory = "/usr";
  ChildProcess child({"/bin/pwd"}, options);
  EXPECT_EQ(child.wait_line(any_line, soon()), "/usr");
}

TEST(ChildProcess, ReadsLinesUntilTheWantedOne) {
  ChildProcess child({helper(), "say", "one", "two words", "", "four"});
  EXPECT_EQ(child.wait_line([](std::string_view line) { return line.starts_with("two"); }, soon()),
            "two words");
  EXPECT_EQ(child.wait_line(any_line, soon()), "");
  EXPECT_EQ(child.wait_line(any_line, soon()), "four");
  try {
    child.wait_line(any_line, soon());
    FAIL() << "a line after the last";
  } catch (const harness::BenchError& error) {
    EXPECT_NE(std::string(error.what()).find("ended its output too soon"), std::string::npos);
    EXPECT_NE(std::string(error.what()).find("two words"), std::string::npos);
  }
}

TEST(ChildProcess, WaitingForALineEndsAtTheDeadlineAndOnAStop) {
  ChildProcess child({helper(), "wait"});
  child.wait_line(is_ready, soon());
  EXPECT_THROW(child.wait_line(any_line, Deadline::after(std::chrono::milliseconds(1))),
               harness::BenchError);
  std::stop_source stop;
  stop.request_stop();
  EXPECT_THROW(child.wait_line(any_line, soon(), stop.get_token()), harness::Cancelled);
  EXPECT_EQ(child.exit_status(), std::nullopt);
}

TEST(ChildProcess, TerminatesThePoliteAndTheStubborn) {
  ChildProcess polite({helper(), "wait"});
  polite.wait_line(is_ready, soon());
  EXPECT_EQ(polite.terminate(), (ExitStatus{true, SIGTERM}));
  ChildProcess stubborn({helper(), "stubborn"});
  stubborn.wait_line(is_ready, soon());
  EXPECT_EQ(stubborn.terminate(std::chrono::milliseconds(20)), (ExitStatus{true, SIGKILL}));
}

TEST(ChildProcess, LeavesNobodyBehind) {
  int pid = 0;
  {
    ChildProcess child({helper(), "stubborn"});
    child.wait_line(is_ready, soon());
    pid = child.pid();
    EXPECT_EQ(::kill(pid, 0), 0);
  }
  EXPECT_EQ(::kill(pid, 0), -1);
  EXPECT_EQ(errno, ESRCH);
}

TEST(ChildProcess, InheritsNoDescriptorOfOurs) {
  const int leak = ::open("/dev/null", O_RDONLY);  // without CLOEXEC, as a careless library does
  const int leak_high = ::fcntl(leak, F_DUPFD, 500);
  ChildProcess child({helper(), "descriptors"});
  // Three standard ones, and the one with which ls reads the directory.
  EXPECT_EQ(child.wait_line(any_line, soon()), "4");
  ::close(leak);
  ::close(leak_high);
}

TEST(ChildProcess, HasItsOwnGroupEnvironmentAndSignalMask) {
  ChildProcess grouped({helper(), "group"});
  EXPECT_EQ(grouped.wait_line(any_line, soon()), "own");
  ChildOptions together;
  together.own_group = false;
  ChildProcess beside({helper(), "group"}, together);
  EXPECT_EQ(beside.wait_line(any_line, soon()), "inherited");

  ChildOptions with_variable;
  with_variable.environment["METERPROOF_TEST_VALUE"] = "a b";
  ChildProcess environment({helper(), "environment", "METERPROOF_TEST_VALUE"}, with_variable);
  EXPECT_EQ(environment.wait_line(any_line, soon()), "a b");

  sigset_t blocked, before;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &blocked, &before);
  ChildProcess child({helper(), "wait"});
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  child.wait_line(is_ready, soon());
  EXPECT_EQ(child.terminate(seconds(20)), (ExitStatus{true, SIGTERM}));
}

TEST(ChildProcess, WritesItsLog) {
  const auto log = std::filesystem::temp_directory_path() /
                   ("meterproof_child_" + std::to_string(::getpid()) + ".log");
  ChildOptions options;
  options.log_file = log.string();
  {
    ChildProcess child({helper(), "say", "for the log"}, options);
    child.wait_line([](std::string_view line) { return line == "for the log"; }, soon());
  }
  std::ostringstream text;
  text << std::ifstream(log).rdbuf();
  EXPECT_EQ(text.str(), "for the log\n");
  std::filesystem::remove(log);
}

TEST(ChildProcess, SaysWhyItCannotStart) {
  EXPECT_THROW(ChildProcess({"/nowhere/at/all"}), harness::BenchError);
  EXPECT_THROW(ChildProcess({"no-such-program-of-ours"}), harness::BenchError);
  EXPECT_THROW(own_program("no-such-program-of-ours"), harness::BenchError);
}

}  // namespace
}  // namespace meterproof::bench
