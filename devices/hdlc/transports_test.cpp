// The blocking transports against a peer at the other end of a real pseudo-terminal and a real
// socket.

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <thread>

#include "devices/hdlc/hdlc_transport.hpp"
#include "devices/hdlc/server_station.hpp"
#include "devices/hdlc/test_data/hex.hpp"
#include "devices/hdlc/wrapper_transport.hpp"
#include "harness/link/socket.hpp"
#include "harness/link/test_only/pty_pair.hpp"

namespace meterproof::hdlc {
namespace {

using harness::Deadline;
using link::LinkError;

Deadline late() { return Deadline::after(std::chrono::seconds(20)); }
Deadline soon() { return Deadline::after(std::chrono::milliseconds(50)); }

std::unique_ptr<link::Link> opened(const std::string& url) {
  auto link = link::open(url, {});
  EXPECT_TRUE(link) << link.error().message();
  return link ? std::move(*link) : nullptr;
}

// A station on the master of a pty that answers every message with its octets in reverse.
class MirrorOnPty {
 public:
  MirrorOnPty() : thread_([this](std::stop_token stop) { run(stop); }) {}
  std::string url() const { return "pty://" + pty_.path; }

 private:
  void run(const std::stop_token& stop) {
    ServerStation station{{}};
    std::array<std::byte, 512> buffer;
    for (;;) {
      const auto until = station.timer() ? Deadline::at(*station.timer()) : Deadline::never();
      const auto ready = link::wait_ready(pty_.master.get(), POLLIN, until, stop);
      if (stop.stop_requested()) return;
      if (ready) {
        const ssize_t count = ::read(pty_.master.get(), buffer.data(), buffer.size());
        if (count <= 0) return;
        station.receive(std::span(buffer).first(static_cast<std::size_t>(count)),
                        harness::WallClock::now());
      }
      station.tick(harness::WallClock::now());
      while (auto event = station.take_event()) {
        if (event->kind != ServerEvent::Kind::message) continue;
        const Bytes answer(event->message.rbegin(), event->message.rend());
        station.send(answer, harness::WallClock::now());
      }
      const Bytes output = station.take_output();
      pty_.write({reinterpret_cast<const char*>(output.data()), output.size()});
    }
  }

  link::PtyPair pty_;
  std::jthread thread_;
};

TEST(HdlcTransport, AsksAndIsAnsweredOverARealPty) {
  const MirrorOnPty meter;
  HdlcTransport transport(opened(meter.url()), {});
  ASSERT_TRUE(transport.connect(late(), {}));
  for (const std::size_t size : {1U, 100U, 5000U}) {
    Bytes apdu(size);
    for (std::size_t i = 0; i < size; ++i) apdu[i] = static_cast<std::byte>(i * 7);
    ASSERT_TRUE(transport.send(apdu, late(), {}));
    const auto answer = transport.receive(late(), {});
    ASSERT_TRUE(answer) << answer.error().message();
    EXPECT_EQ(*answer, Bytes(apdu.rbegin(), apdu.rend()));
  }
  ASSERT_TRUE(transport.disconnect(late(), {}));
  EXPECT_EQ(transport.send(hex("C0"), late(), {}).error(), HdlcError::not_connected);
}

TEST(HdlcTransport, AFrameSpoiltOnceIsRepairedByRetransmission) {
  const MirrorOnPty meter;
  ClientConfig config;
  config.response_timeout = std::chrono::milliseconds(100);
  HdlcTransport transport(opened(meter.url()), config);
  ASSERT_TRUE(transport.connect(late(), {}));
  int frames = 0;
  transport.interceptors().octets_out = [&](Bytes& octets) {
    if (frames++ == 0) octets[octets.size() - 2] ^= std::byte{0xFF};
  };
  ASSERT_TRUE(transport.send(hex("C001"), late(), {}));
  EXPECT_EQ(transport.receive(late(), {}).value(), hex("01C0"));
  EXPECT_EQ(frames, 2);
}

TEST(HdlcTransport, AnAttackSpeaksAroundTheStation) {
  const MirrorOnPty meter;
  HdlcTransport transport(opened(meter.url()), {});
  ASSERT_TRUE(transport.send_raw(hex("FF7EA0FF"), late(), {}));
  ASSERT_TRUE(transport.send_frame(
      {Address::server(1), Address::client(16), receive_ready_control(0, true), false, {}}, late(),
      {}));
  const auto frame = transport.receive_frame(late(), {});
  ASSERT_TRUE(frame) << frame.error().message();
  EXPECT_EQ(frame->kind(), FrameKind::disconnected_mode);
}

TEST(HdlcTransport, SilenceHangUpAndStopAreThreeErrors) {
  link::PtyPair pty;
  HdlcTransport transport(opened("pty://" + pty.path), {});
  EXPECT_EQ(transport.connect(soon(), {}).error(), LinkError::timeout);
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(transport.connect(late(), stop.get_token()).error(), LinkError::cancelled);
  pty.hang_up();
  EXPECT_EQ(transport.connect(late(), {}).error(), LinkError::unplugged);
}

class WrapperOnTcp : public testing::Test {
 protected:
  void SetUp() override {
    link::Descriptor listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ASSERT_EQ(::bind(listener.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    ASSERT_EQ(::listen(listener.get(), 1), 0);
    transport = std::make_unique<WrapperTransport>(
        opened("tcp://" + link::local_endpoint(listener.get())), WrapperConfig{16, 1, false});
    peer = link::Descriptor(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
  }
  void say(BytesView octets) {
    ASSERT_EQ(::write(peer.get(), octets.data(), octets.size()),
              static_cast<ssize_t>(octets.size()));
  }
  std::unique_ptr<WrapperTransport> transport;
  link::Descriptor peer;
};

TEST_F(WrapperOnTcp, SendsTheHeaderAndTakesItAway) {
  ASSERT_TRUE(transport->send(hex("C001"), late(), {}));
  Bytes buffer(10);
  ASSERT_EQ(::read(peer.get(), buffer.data(), buffer.size()), 10);
  EXPECT_EQ(buffer, hex("0001001000010002C001"));
  say(hex("0001000100100001"));
  say(hex("D8"));
  EXPECT_EQ(transport->receive(late(), {}).value(), hex("D8"));
}

TEST_F(WrapperOnTcp, SeveralPdusInOneSegmentAndStrayOnes) {
  say(
      hex("0001000100100001AA"
          "0001000100110001BB"
          "0001000100100001CC"));
  EXPECT_EQ(transport->receive(late(), {}).value(), hex("AA"));
  EXPECT_EQ(transport->receive(late(), {}).value(), hex("CC"));
  EXPECT_EQ(transport->stray_pdus(), 1U);
}

TEST_F(WrapperOnTcp, AnotherVersionIsAnErrorAtOnceAndStaysOne) {
  say(hex("7EA0"));
  EXPECT_EQ(transport->receive(late(), {}).error(), HdlcError::bad_version);
  EXPECT_EQ(transport->receive(late(), {}).error(), HdlcError::bad_version);
}

TEST_F(WrapperOnTcp, AHalfPduIsATimeoutAndThenAnEnd) {
  say(hex("0001000100100004AA"));
  EXPECT_EQ(transport->receive(soon(), {}).error(), LinkError::timeout);
  peer = link::Descriptor();
  EXPECT_EQ(transport->receive(late(), {}).error(), LinkError::closed_by_peer);
}

TEST_F(WrapperOnTcp, AnInterceptorLiesInTheLength) {
  transport->interceptors().pdu_out = [](Bytes& pdu) { pdu[7] = std::byte{0xFF}; };
  ASSERT_TRUE(transport->send(hex("C001"), late(), {}));
  Bytes buffer(10);
  ASSERT_EQ(::read(peer.get(), buffer.data(), buffer.size()), 10);
  EXPECT_EQ(buffer, hex("00010010000100FFC001"));
}

}  // namespace
}  // namespace meterproof::hdlc
