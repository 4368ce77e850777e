// Links against real sockets on loopback and real pseudo-terminals.

#include "harness/link/link.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <thread>

#include "harness/errors.hpp"
#include "harness/link/socket.hpp"
#include "harness/link/test_only/pty_pair.hpp"
#include "harness/link/transcript.hpp"

namespace meterproof::link {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

Deadline soon() { return Deadline::after(milliseconds(50)); }
Deadline late() { return Deadline::after(seconds(20)); }

std::span<const std::byte> octets(std::string_view text) { return std::as_bytes(std::span(text)); }

Result<std::string> read_text(Link& link, Deadline deadline, std::stop_token stop = {}) {
  std::array<std::byte, 256> buffer;
  const auto count = link.read(buffer, deadline, std::move(stop));
  if (!count) return count.error();
  return std::string(reinterpret_cast<const char*>(buffer.data()), *count);
}

// A listening socket on a free loopback port.
struct Listener {
  explicit Listener(int type = SOCK_STREAM) : fd(::socket(AF_INET, type | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::bind(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) std::abort();
    if (type == SOCK_STREAM && ::listen(fd.get(), 4) != 0) std::abort();
    endpoint = local_endpoint(fd.get());
  }
  Descriptor accept() const {
    return Descriptor(::accept4(fd.get(), nullptr, nullptr, SOCK_CLOEXEC));
  }
  Descriptor fd;
  std::string endpoint;
};

class TcpLinkTest : public testing::Test {
 protected:
  void SetUp() override {
    auto opened = open("tcp://" + listener.endpoint + "?bind=127.0.0.5", {});
    ASSERT_TRUE(opened) << opened.error().message();
    link = std::move(*opened);
    peer = listener.accept();
  }
  Listener listener;
  std::unique_ptr<Link> link;
  Descriptor peer;
};

TEST_F(TcpLinkTest, CarriesOctetsBothWaysFromItsOwnAddress) {
  EXPECT_EQ(remote_endpoint(peer.get()).substr(0, 10), "127.0.0.5:");
  ASSERT_TRUE(link->write(octets("ask"), late(), {}));
  std::array<char, 8> buffer{};
  EXPECT_EQ(::read(peer.get(), buffer.data(), buffer.size()), 3);
  ASSERT_EQ(::write(peer.get(), "tell", 4), 4);
  EXPECT_EQ(read_text(*link, late()).value(), "tell");
}

TEST_F(TcpLinkTest, SilenceIsATimeout) {
  EXPECT_EQ(read_text(*link, soon()).error(), LinkError::timeout);
}

TEST_F(TcpLinkTest, AnOrderlyEndIsClosedByPeerAfterTheLastOctets) {
  ASSERT_EQ(::write(peer.get(), "bye", 3), 3);
  peer = Descriptor();
  EXPECT_EQ(read_text(*link, late()).value(), "bye");
  EXPECT_EQ(read_text(*link, late()).error(), LinkError::closed_by_peer);
}

TEST_F(TcpLinkTest, AResetIsNotAnOrderlyEnd) {
  const linger at_once{1, 0};
  ::setsockopt(peer.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  peer = Descriptor();
  EXPECT_EQ(read_text(*link, late()).error(), LinkError::reset_by_peer);
}

TEST_F(TcpLinkTest, AStopWakesABlockedRead) {
  std::jthread stopper;
  std::stop_source stop;
  stopper = std::jthread([&] { stop.request_stop(); });
  EXPECT_EQ(read_text(*link, Deadline::never(), stop.get_token()).error(), LinkError::cancelled);
  // And the link still works for somebody else.
  ASSERT_EQ(::write(peer.get(), "on", 2), 2);
  EXPECT_EQ(read_text(*link, late(), std::stop_source().get_token()).value(), "on");
}

TEST_F(TcpLinkTest, AWriteThatNobodyReadsEndsAtItsDeadline) {
  const std::vector<std::byte> much(64 << 20);
  EXPECT_EQ(link->write(much, soon(), {}).error(), LinkError::timeout);
}

TEST_F(TcpLinkTest, DiscardedInputIsGone) {
  ASSERT_EQ(::write(peer.get(), "old", 3), 3);
  EXPECT_EQ(read_text(*link, late()).value(), "old");
  ASSERT_EQ(::write(peer.get(), "older", 5), 5);
  ASSERT_TRUE(link->discard_input());
  EXPECT_EQ(read_text(*link, soon()).error(), LinkError::timeout);
}

TEST_F(TcpLinkTest, HasNoLineToConfigure) {
  EXPECT_EQ(link->configure({}).error(), LinkError::not_supported);
}

TEST(TcpLink, NobodyListeningIsRefused) {
  std::string endpoint;
  {
    const Listener gone;
    endpoint = gone.endpoint;
  }
  EXPECT_EQ(open("tcp://" + endpoint, {}).error(), LinkError::refused);
}

TEST(TcpLink, AMalformedUrlIsAConfigError) {
  EXPECT_THROW((void)open("tcp://127.0.0.1", {}), harness::ConfigError);
}

TEST(TcpLink, DescriptorsAreNotInheritedByChildren) {
  const Listener listener;
  const auto link = open("tcp://" + listener.endpoint, {});
  ASSERT_TRUE(link);
  for (int fd = 3; fd < 256; ++fd) {
    const std::string local = local_endpoint(fd);
    if (local.empty()) continue;
    EXPECT_NE(::fcntl(fd, F_GETFD) & FD_CLOEXEC, 0) << local;
  }
}

TEST(UdpLink, OneDatagramARead) {
  const Listener server(SOCK_DGRAM);
  auto link = open("udp://" + server.endpoint, {});
  ASSERT_TRUE(link);
  ASSERT_TRUE((*link)->write(octets("ask"), late(), {}));
  std::array<char, 8> buffer{};
  SocketAddress from;
  from.length = sizeof from.storage;
  ASSERT_EQ(::recvfrom(server.fd.get(), buffer.data(), buffer.size(), 0, from.get(), &from.length),
            3);
  for (const std::string_view text : {"one", "", "two"}) {
    ::sendto(server.fd.get(), text.data(), text.size(), 0, from.get(), from.length);
  }
  EXPECT_EQ(read_text(**link, late()).value(), "one");
  EXPECT_EQ(read_text(**link, late()).value(), "two");
}

TEST(UdpLink, NobodyThereIsRefused) {
  std::string endpoint;
  {
    const Listener gone(SOCK_DGRAM);
    endpoint = gone.endpoint;
  }
  auto link = open("udp://" + endpoint, {});
  ASSERT_TRUE(link);
  ASSERT_TRUE((*link)->write(octets("ask"), late(), {}));
  EXPECT_EQ(read_text(**link, late()).error(), LinkError::refused);
}

class PtyLinkTest : public testing::Test {
 protected:
  std::unique_ptr<Link> open_line(const std::string& query = "") {
    auto opened = open("pty://" + pty.path + query, {});
    EXPECT_TRUE(opened) << opened.error().message();
    return opened ? std::move(*opened) : nullptr;
  }
  PtyPair pty;
};

TEST_F(PtyLinkTest, CarriesEveryOctetUnchanged) {
  const auto link = open_line();
  std::string all(256, '\0');
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<char>(i);
  ASSERT_TRUE(link->write(octets(all), late(), {}));
  EXPECT_EQ(pty.read(all.size()), all);
  pty.write(all);
  std::string received;
  while (received.size() < all.size()) received += read_text(*link, late()).value();
  EXPECT_EQ(received, all);
}

TEST_F(PtyLinkTest, AHangUpIsUnplugged) {
  const auto link = open_line();
  EXPECT_EQ(read_text(*link, soon()).error(), LinkError::timeout);
  pty.hang_up();
  EXPECT_EQ(read_text(*link, late()).error(), LinkError::unplugged);
  EXPECT_EQ(link->write(octets("x"), late(), {}).error(), LinkError::unplugged);
}

TEST_F(PtyLinkTest, AHangUpWakesABlockedRead) {
  const auto link = open_line();
  const std::jthread other([&] { pty.hang_up(); });
  EXPECT_EQ(read_text(*link, Deadline::never()).error(), LinkError::unplugged);
}

TEST_F(PtyLinkTest, APortThatIsNotThereIsUnplugged) {
  EXPECT_EQ(open("pty:///dev/pts/4095", {}).error(), LinkError::unplugged);
}

TEST_F(PtyLinkTest, TheOtherEndSeesTheBaudRate) {
  const auto link = open_line("?baud=300");
  termios seen{};
  ASSERT_EQ(::tcgetattr(pty.master.get(), &seen), 0);
  EXPECT_EQ(::cfgetospeed(&seen), static_cast<speed_t>(B300));
  ASSERT_TRUE(link->configure({.baud = 19200}));
  ASSERT_EQ(::tcgetattr(pty.master.get(), &seen), 0);
  EXPECT_EQ(::cfgetospeed(&seen), static_cast<speed_t>(B19200));
  EXPECT_TRUE(link->configure({.baud = 128000}));
}

TEST_F(PtyLinkTest, SevenBitsWithEvenParityAreMadeInSoftware) {
  const auto link = open_line("?frame=7E1");
  ASSERT_TRUE(link->write(octets("/?!"), late(), {}));
  EXPECT_EQ(pty.read(3), "\xAF\x3F\x21");
  pty.write("\xAF\x4C\x47\x47");  // '/', 'L' spoilt, 'G', 'G'
  std::string received;
  while (received.size() < 3) received += read_text(*link, late()).value();
  EXPECT_EQ(received, "/GG");
  ASSERT_TRUE(link->configure({}));
  ASSERT_TRUE(link->write(octets("/?!"), late(), {}));
  EXPECT_EQ(pty.read(3), "/?!");
}

TEST_F(PtyLinkTest, TheEchoIsTakenAway) {
  const auto link = open_line("?echo=on");
  pty.write("ask");  // the head's echo, and the answer behind it
  pty.write("tell");
  ASSERT_TRUE(link->write(octets("ask"), late(), {}));
  EXPECT_EQ(read_text(*link, late()).value(), "tell");
}

TEST_F(PtyLinkTest, AWrongEchoAndAMissingOneAreTwoErrors) {
  const auto link = open_line("?echo=on");
  pty.write("axk");
  EXPECT_EQ(link->write(octets("ask"), late(), {}).error(), LinkError::io);
  EXPECT_EQ(link->write(octets("ask"), soon(), {}).error(), LinkError::timeout);
}

TEST_F(PtyLinkTest, TheTurnaroundPauseIsKept) {
  const auto link = open_line("?turnaround_ms=30");
  pty.write("tell");
  ASSERT_TRUE(read_text(*link, late()));
  const auto heard = harness::WallClock::now();
  ASSERT_TRUE(link->write(octets("ask"), late(), {}));
  EXPECT_GE(harness::WallClock::now() - heard, milliseconds(29));  // never sooner
  EXPECT_EQ(pty.read(3), "ask");
  pty.write("tell");
  ASSERT_TRUE(read_text(*link, late()));
  EXPECT_EQ(link->write(octets("ask"), Deadline::after(milliseconds(1)), {}).error(),
            LinkError::timeout);
}

TEST(Recording, BothWaysAreRecordedWithTheOwnAddress) {
  struct Sink final : TransferSink {
    void transferred(const Transfer& transfer) override {
      said += transfer.direction == Direction::sent ? ">" : "<";
      said.append(reinterpret_cast<const char*>(transfer.bytes.data()), transfer.bytes.size());
      peer = transfer.peer;
    }
    std::string said, peer;
  };
  const auto sink = std::make_shared<Sink>();
  const Listener listener;
  OpenOptions options;
  options.transcript = std::make_shared<Transcript>(sink, "p01.tcp", "tcp");
  auto link = open("tcp://" + listener.endpoint, options);
  ASSERT_TRUE(link);
  const Descriptor peer = listener.accept();
  ASSERT_TRUE((*link)->write(octets("ask"), late(), {}));
  ASSERT_EQ(::write(peer.get(), "tell", 4), 4);
  ASSERT_TRUE(read_text(**link, late()));
  EXPECT_EQ(sink->said, ">ask<tell");
  EXPECT_EQ(sink->peer, "tcp from " + remote_endpoint(peer.get()));
}

}  // namespace
}  // namespace meterproof::link
