// meterproof listen, on a pseudo-terminal that real meters' pushes were written to.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <mutex>
#include <thread>

#include "harness/bench/secrets.hpp"
#include "harness/errors.hpp"
#include "harness/link/link.hpp"
#include "harness/link/test_only/pty_pair.hpp"
#include "suites/app/commands.hpp"

namespace meterproof::suites {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string pushed(std::string_view id) {
  std::ifstream file(METERPROOF_SOURCE_DIR "/devices/push/test_data/pushes.json");
  const auto document = boost::json::parse(std::string(std::istreambuf_iterator<char>(file), {}));
  for (const auto& push : document.at("pushes").as_array()) {
    if (push.at("id").as_string() != id) continue;
    const auto octets = bench::parse_hex(std::string(push.at("octets").as_string())).value();
    std::string text;
    for (const std::byte octet : octets) text.push_back(static_cast<char>(octet));
    return text;
  }
  throw std::out_of_range(std::string(id));
}

class Listen : public testing::Test {
 protected:
  // The exit code; what was printed is in out. Opening a line throws away what it held before, so
  // the meter pushes again and again until the listener has ended.
  int hear(const std::string& octets, ListenCommand command) {
    const link::PtyPair pty;
    command.url = "pty://" + pty.path + "?baud=2400";
    if (command.seconds <= 0) command.seconds = 20;  // for a listener that hears nothing
    std::jthread meter([&](const std::stop_token& stop) {
      std::mutex mutex;
      std::condition_variable_any stopped;
      std::unique_lock lock(mutex);
      do pty.write(octets);
      while (!stopped.wait_for(lock, stop, std::chrono::milliseconds(100),
                               [&] { return stop.stop_requested(); }));
    });
    testing::internal::CaptureStdout();
    const int code = listen_command(command);
    out = testing::internal::GetCapturedStdout();
    return code;
  }
  std::string out;
};

TEST_F(Listen, PrintsAPushInTheClear) {
  EXPECT_EQ(hear(pushed("kaifa-hdlc"), {.count = 1}), 0);
  EXPECT_THAT(out, HasSubstr("push over HDLC"));
  EXPECT_THAT(out, HasSubstr("MA304H4D"));
}

TEST_F(Listen, OpensACipheredPushWithTheKeyOfAFileOnly) {
  EXPECT_EQ(hear(pushed("tirol-mbus"), {.count = 1}), 1);
  EXPECT_THAT(out, Not(HasSubstr("1-0:1.8.0.255")));
  const std::string path = testing::TempDir() + "listen_key";
  std::ofstream(path) << "101112131415161718191A1B1C1D1E1F\n";
  EXPECT_EQ(hear(pushed("tirol-mbus"), {.key_file = path, .count = 1}), 0);
  EXPECT_THAT(out, HasSubstr("1-0:1.8.0.255      9108 Wh"));
  EXPECT_THAT(out, Not(HasSubstr("101112131415")));
  std::filesystem::remove(path);
}

TEST_F(Listen, AKeyFileThatHoldsNoKeyIsAConfigurationError) {
  const std::string path = testing::TempDir() + "listen_no_key";
  std::ofstream(path) << "1011";
  EXPECT_THROW(listen_command({.url = "udp://127.0.0.1:0", .key_file = path}),
               harness::ConfigError);
  EXPECT_THROW(listen_command({.url = "udp://127.0.0.1:0", .key_file = path + "x"}),
               harness::ConfigError);
  std::filesystem::remove(path);
}

TEST_F(Listen, TooFewTelegramsInTimeIsNoSuccess) {
  EXPECT_EQ(hear("", {.count = 1, .seconds = 0.01}), 3);
  EXPECT_EQ(hear("", {.seconds = 0.01}), 0);
}

}  // namespace
}  // namespace meterproof::suites
