// The bench of these tests is a source that was started separately and outlives the harness: it
// lives in the test, the harness that is killed is a process of its own.
#include "harness/bench/supervisor.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <condition_variable>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <random>
#include <sstream>
#include <thread>

#include "harness/bench/child_process.hpp"
#include "harness/bench/supervisor_wire.hpp"
#include "harness/errors.hpp"

namespace meterproof::bench {
namespace {

using harness::Deadline;
using harness::WallClock;
using harness::WallTime;
using std::chrono::milliseconds;
using std::chrono::seconds;

// A source that knows ON and OFF, each answered with OK.
class TestSource {
 public:
  TestSource() {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    EXPECT_EQ(::bind(listener_, reinterpret_cast<sockaddr*>(&address), length), 0);
    EXPECT_EQ(::listen(listener_, 16), 0);
    EXPECT_EQ(::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length), 0);
    url_ = "tcp://127.0.0.1:" + std::to_string(ntohs(address.sin_port));
    server_ = std::jthread([this](const std::stop_token& stop) { serve(stop); });
  }
  ~TestSource() {
    server_ = {};
    for (const auto& [socket, line] : lines_) ::close(socket);
    ::close(listener_);
  }

  const std::string& url() const { return url_; }
  bool is_on() {
    const std::lock_guard lock(mutex_);
    return on_;
  }
  int off_commands() {
    const std::lock_guard lock(mutex_);
    return offs_;
  }
  int connections() const { return connections_; }
  // When the source went off; fails the test when it does not.
  WallTime wait_off() {
    std::unique_lock lock(mutex_);
    EXPECT_TRUE(changed_.wait_for(lock, seconds(20), [this] { return !on_ && offs_ > 0; }));
    return off_since_;
  }
  // Drops every connection, as an instrument does that is tired of an idle client.
  void hang_up() { hang_up_ = true; }

 private:
  void serve(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      if (hang_up_.exchange(false)) {
        for (const auto& [socket, line] : lines_) ::close(socket);
        lines_.clear();
      }
      std::vector<pollfd> sockets{{listener_, POLLIN, 0}};
      for (const auto& [socket, line] : lines_) sockets.push_back({socket, POLLIN, 0});
      ::poll(sockets.data(), sockets.size(), 5);
      if (sockets[0].revents) {
        ++connections_;
        lines_[::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC)];
      }
      for (std::size_t i = 1; i < sockets.size(); ++i)
        if (sockets[i].revents) receive(sockets[i].fd);
    }
  }
  void receive(int socket) {
    char buffer[256];
    const ssize_t got = ::recv(socket, buffer, sizeof buffer, MSG_DONTWAIT);
    if (got <= 0) {
      ::close(socket);
      lines_.erase(socket);
      return;
    }
    std::string& line = lines_[socket];
    for (const char c : std::string_view(buffer, static_cast<std::size_t>(got))) {
      if (c != '\n') {
        line += c;
        continue;
      }
      obey(std::exchange(line, ""));
      EXPECT_EQ(::send(socket, "OK\n", 3, MSG_NOSIGNAL | MSG_DONTWAIT), 3);
    }
  }
  void obey(const std::string& command) {
    const std::lock_guard lock(mutex_);
    if (command == "ON") on_ = true;
    if (command != "OFF") return;
    on_ = false;
    ++offs_;
    off_since_ = WallClock::now();
    changed_.notify_all();
  }

  int listener_ = -1;
  std::string url_;
  std::map<int, std::string> lines_;
  std::atomic<bool> hang_up_{false};
  std::atomic<int> connections_{0};
  std::mutex mutex_;
  std::condition_variable changed_;
  bool on_ = false;
  int offs_ = 0;
  WallTime off_since_{};
  std::jthread server_;
};

class SupervisorProcess : public testing::Test {
 protected:
  SupervisorProcess()
      : log_((std::filesystem::temp_directory_path() /
              ("meterproof_supervisor_" + std::to_string(::getpid()) + ".log"))
                 .string()) {}
  ~SupervisorProcess() override { std::filesystem::remove(log_); }

  ChildProcess energised_harness(const std::string& how = "supervised") {
    ChildProcess harness({own_program("meterproof-bench-helper"), how,
                          own_program("meterproof-supervisor"), log_, source_.url()});
    harness.wait_line([](std::string_view line) { return line == "ready"; },
                      Deadline::after(seconds(20)));
    // The harness does not wait for the answer; the source needs a moment to obey.
    while (!source_.is_on()) std::this_thread::yield();
    return harness;
  }
  std::string log() const {
    std::ostringstream text;
    text << std::ifstream(log_).rdbuf();
    return text.str();
  }
  SupervisorOptions options() const {
    SupervisorOptions options;
    options.log_file = log_;
    return options;
  }
  OffCommand off() const { return {source_.url(), "OFF\n", "OK"}; }

  TestSource source_;
  std::string log_;
};

// Not a measurement of speed: one second is the safety requirement itself.
constexpr seconds k_safety_limit{1};

TEST_F(SupervisorProcess, SwitchesOffWithinASecondOfTheHarnessBeingKilledAtAnyMoment) {
  std::mt19937 random(20261122);
  for (int round = 0; round < 5; ++round) {
    ChildProcess harness = energised_harness();
    // The moment itself is what is tested: before, between and after heartbeats.
    std::this_thread::sleep_for(milliseconds(random() % 250));
    EXPECT_TRUE(source_.is_on());
    const WallTime killed = WallClock::now();
    harness.send_signal(SIGKILL);
    EXPECT_LT(source_.wait_off() - killed, k_safety_limit) << log();
  }
}

TEST_F(SupervisorProcess, ASiblingThatHoldsTheSocketOpenDoesNotHideTheDeath) {
  ChildProcess harness = energised_harness("supervised-leak");
  const WallTime killed = WallClock::now();
  harness.send_signal(SIGKILL);
  EXPECT_LT(source_.wait_off() - killed, k_safety_limit) << log();
  EXPECT_NE(log().find("no heartbeat"), std::string::npos) << log();
}

TEST_F(SupervisorProcess, KillsAHarnessThatHangsAndSwitchesOff) {
  ChildProcess harness = energised_harness();
  const WallTime stopped = WallClock::now();
  harness.send_signal(SIGSTOP);
  EXPECT_LT(source_.wait_off() - stopped, k_safety_limit) << log();
  EXPECT_EQ(harness.wait_exit(Deadline::after(seconds(20))), (ExitStatus{true, SIGKILL}));
}

TEST_F(SupervisorProcess, OpensANewConnectionWhenTheInstrumentHungUpOnIt) {
  ChildProcess harness = energised_harness();
  source_.hang_up();
  harness.send_signal(SIGKILL);
  source_.wait_off();
}

TEST_F(SupervisorProcess, GoesQuietlyAfterAGoodbye) {
  {
    Supervisor supervisor(options());
    supervisor.arm({off()}, Deadline::after(seconds(20)));
    EXPECT_TRUE(supervisor.alive());
    supervisor.goodbye();
    EXPECT_FALSE(supervisor.alive());
  }
  EXPECT_EQ(source_.off_commands(), 0);
}

TEST_F(SupervisorProcess, SwitchesOffWhenItIsDroppedWithoutAGoodbye) {
  {
    Supervisor supervisor(options());
    supervisor.arm({off()}, Deadline::after(seconds(20)));
  }
  EXPECT_EQ(source_.off_commands(), 1) << "and this process still lives";
}

TEST_F(SupervisorProcess, SwitchesOffWhenAsked) {
  Supervisor supervisor(options());
  supervisor.arm({off()}, Deadline::after(seconds(20)));
  supervisor.switch_off(Deadline::after(seconds(20)));
  EXPECT_EQ(source_.off_commands(), 1);
  EXPECT_TRUE(supervisor.alive());
  supervisor.goodbye();
}

TEST_F(SupervisorProcess, IsNotReadyWithoutItsOwnConnection) {
  Supervisor supervisor(options());
  // Port 1 of loopback: nobody listens.
  EXPECT_THROW(
      supervisor.arm({off(), {"tcp://127.0.0.1:1", "OFF\n", ""}}, Deadline::after(seconds(20))),
      harness::BenchError);
}

TEST_F(SupervisorProcess, TellsAWrongAnswerFromAConfirmation) {
  Supervisor supervisor(options());
  supervisor.arm({{source_.url(), "OFF\n", "SURE"}}, Deadline::after(seconds(20)));
  EXPECT_THROW(supervisor.switch_off(Deadline::after(seconds(20))), harness::BenchError);
  supervisor.goodbye();
}

TEST_F(SupervisorProcess, UsesOneConnectionForSeveralCommandsToOneInstrument) {
  Supervisor supervisor(options());
  supervisor.arm({{source_.url(), "OFF\n", ""}, {source_.url(), "OFF?\n", "OK"}},
                 Deadline::after(seconds(20)));
  supervisor.switch_off(Deadline::after(seconds(20)));
  EXPECT_EQ(source_.off_commands(), 1);
  EXPECT_EQ(source_.connections(), 1);
  supervisor.goodbye();
}

TEST_F(SupervisorProcess, SurvivesTheSignalsThatEndTheHarness) {
  std::atomic<bool> lost{false};
  SupervisorOptions watched = options();
  watched.on_lost = [&] { lost = true; };
  Supervisor supervisor(watched);
  supervisor.arm({off()}, Deadline::after(seconds(20)));
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) ::kill(supervisor.pid(), number);
  supervisor.switch_off(Deadline::after(seconds(20)));
  EXPECT_TRUE(supervisor.alive());
  EXPECT_NE(::getsid(supervisor.pid()), ::getsid(0));
  EXPECT_FALSE(lost);
  supervisor.goodbye();
}

TEST_F(SupervisorProcess, TellsTheHarnessWhenItIsGoneItself) {
  std::mutex mutex;
  std::condition_variable changed;
  bool lost = false;
  SupervisorOptions watched = options();
  watched.on_lost = [&] {
    const std::lock_guard lock(mutex);
    lost = true;
    changed.notify_all();
  };
  Supervisor supervisor(watched);
  supervisor.arm({off()}, Deadline::after(seconds(20)));
  ::kill(supervisor.pid(), SIGKILL);
  std::unique_lock lock(mutex);
  EXPECT_TRUE(changed.wait_for(lock, seconds(20), [&] { return lost; }));
  EXPECT_FALSE(supervisor.alive());
  EXPECT_THROW(supervisor.switch_off(Deadline::after(seconds(20))), harness::BenchError);
}

TEST(SupervisorWire, CarriesAnyOctets) {
  const std::vector<OffCommand> commands{{"tcp://127.0.0.1:1", std::string("\0\n:7\xff", 5), ""},
                                         {"pty:///dev/pts/1", "OFF\r\n", "OK"}};
  const auto message = decoded(encoded(arm_message(commands)));
  ASSERT_TRUE(message);
  const auto read = arm_commands(*message);
  ASSERT_TRUE(read);
  ASSERT_EQ(read->size(), 2u);
  EXPECT_EQ(read->at(0).bytes, commands[0].bytes);
  EXPECT_EQ(read->at(1).expected_reply, "OK");
}

TEST(SupervisorWire, RefusesWhatIsNoMessage) {
  for (const char* text : {"", "x", "a5:abc", "a:abc", "a99999999999999999999:abc", "a-1:x", "a3"})
    EXPECT_FALSE(decoded(text)) << text;
  EXPECT_FALSE(arm_commands(*decoded("a3:abc")));
  EXPECT_FALSE(arm_commands(*decoded("h")));
}

TEST(SupervisorWire, NamesAProcessByPidAndStart) {
  EXPECT_GT(process_start_time(::getpid()), 0u);
  EXPECT_EQ(process_start_time(::getpid()), process_start_time(::getpid()));
  EXPECT_EQ(process_start_time(0x7ffffffe), 0u);
}

}  // namespace
}  // namespace meterproof::bench
