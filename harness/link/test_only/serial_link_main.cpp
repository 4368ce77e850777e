// The libserialport back end, run on a pseudo-terminal under the preloaded serial_shim.

#include <gtest/gtest.h>
#include <termios.h>

#include <array>
#include <thread>

#include "harness/link/link.hpp"
#include "harness/link/serial_ports.hpp"
#include "harness/link/test_only/pty_pair.hpp"

namespace meterproof::link {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

Deadline soon() { return Deadline::after(milliseconds(50)); }
Deadline late() { return Deadline::after(seconds(20)); }

Result<std::string> read_text(Link& link, Deadline deadline, std::stop_token stop = {}) {
  std::array<std::byte, 512> buffer;
  const auto count = link.read(buffer, deadline, std::move(stop));
  if (!count) return count.error();
  return std::string(reinterpret_cast<const char*>(buffer.data()), *count);
}

class SerialLinkTest : public testing::Test {
 protected:
  std::unique_ptr<Link> open_port(const std::string& query = "") {
    auto opened = open("serial://" + pty.path + query, {});
    EXPECT_TRUE(opened) << opened.error().message();
    return opened ? std::move(*opened) : nullptr;
  }
  static Result<void> write(Link& link, std::string_view text, Deadline deadline = late()) {
    return link.write(std::as_bytes(std::span(text)), deadline, {});
  }
  PtyPair pty;
};

TEST_F(SerialLinkTest, CarriesEveryOctetUnchanged) {
  const auto link = open_port("?baud=115200");
  ASSERT_TRUE(link);
  std::string all(256, '\0');
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<char>(i);
  ASSERT_TRUE(write(*link, all));
  EXPECT_EQ(pty.read(all.size()), all);
  pty.write(all);
  std::string received;
  while (received.size() < all.size()) received += read_text(*link, late()).value();
  EXPECT_EQ(received, all);
}

TEST_F(SerialLinkTest, TheBaudRateReachesThePort) {
  const auto link = open_port("?baud=300&frame=7E1");
  ASSERT_TRUE(link);
  termios seen{};
  ASSERT_EQ(::tcgetattr(pty.master.get(), &seen), 0);
  EXPECT_EQ(::cfgetospeed(&seen), static_cast<speed_t>(B300));
  ASSERT_TRUE(link->configure({.baud = 9600}));
  ASSERT_EQ(::tcgetattr(pty.master.get(), &seen), 0);
  EXPECT_EQ(::cfgetospeed(&seen), static_cast<speed_t>(B9600));
  EXPECT_TRUE(link->configure({.baud = 128000}));
}

// Parity is the UART's work; made a second time here it would spoil every character.
TEST_F(SerialLinkTest, ParityIsLeftToThePort) {
  const auto link = open_port("?baud=300&frame=7E1");
  ASSERT_TRUE(link);
  ASSERT_TRUE(write(*link, "/?!"));
  EXPECT_EQ(pty.read(3), "/?!");
}

TEST_F(SerialLinkTest, TheEchoIsTakenAway) {
  const auto link = open_port("?echo=on&rs485=on&turnaround_ms=1");
  ASSERT_TRUE(link);
  pty.write("asktell");
  ASSERT_TRUE(write(*link, "ask"));
  EXPECT_EQ(read_text(*link, late()).value(), "tell");
  pty.write("axk");
  EXPECT_EQ(write(*link, "ask").error(), LinkError::io);
}

TEST_F(SerialLinkTest, SilenceIsATimeout) {
  const auto link = open_port();
  ASSERT_TRUE(link);
  EXPECT_EQ(read_text(*link, soon()).error(), LinkError::timeout);
}

TEST_F(SerialLinkTest, AHangUpIsUnplugged) {
  const auto link = open_port();
  ASSERT_TRUE(link);
  pty.write("last");
  EXPECT_EQ(read_text(*link, late()).value(), "last");
  const std::jthread other([&] { pty.hang_up(); });
  EXPECT_EQ(read_text(*link, Deadline::never()).error(), LinkError::unplugged);
  EXPECT_EQ(write(*link, "x").error(), LinkError::unplugged);
}

TEST_F(SerialLinkTest, AStopWakesABlockedRead) {
  const auto link = open_port();
  ASSERT_TRUE(link);
  std::stop_source stop;
  const std::jthread other([&] { stop.request_stop(); });
  EXPECT_EQ(read_text(*link, Deadline::never(), stop.get_token()).error(), LinkError::cancelled);
}

TEST_F(SerialLinkTest, TooManyDescriptorsAreRefusedAndDoNotAbort) {
  std::vector<Descriptor> many;
  while (many.empty() || many.back().get() < 1100) {
    many.emplace_back(::dup(pty.master.get()));
    if (!many.back()) GTEST_SKIP() << "this machine allows too few descriptors";
  }
  const auto opened = open("serial://" + pty.path, {});
  EXPECT_EQ(opened.error().value(), EMFILE);
}

TEST(SerialPorts, APortThatIsNotThereIsUnplugged) {
  EXPECT_EQ(open("serial:///dev/ttyNOBODY", {}).error(), LinkError::unplugged);
}

TEST(SerialPorts, TheConsoleIsNeverOffered) {
  for (const SerialPort& port : serial_ports()) EXPECT_FALSE(is_console(port.path)) << port.path;
}

}  // namespace
}  // namespace meterproof::link

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
