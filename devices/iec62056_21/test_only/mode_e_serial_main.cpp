// Mode E over the libserialport back end, run on a pseudo-terminal under the preloaded serial_shim:
// the rate changes on the real port's way, and HDLC goes on behind it. Parity is the port's work;
// a pseudo-terminal carries none.

#include <gtest/gtest.h>
#include <poll.h>
#include <termios.h>

#include <array>
#include <thread>

#include "devices/hdlc/hdlc_transport.hpp"
#include "devices/hdlc/server_station.hpp"
#include "devices/iec62056_21/hand_over.hpp"
#include "harness/link/test_only/pty_pair.hpp"

namespace meterproof::iec62056_21 {
namespace {

using harness::Deadline;
using harness::WallClock;

speed_t rate_of(int fd) {
  termios seen{};
  return ::tcgetattr(fd, &seen) == 0 ? ::cfgetospeed(&seen) : B0;
}

// A meter on the master: answers at its rate only, messages as they came.
void be_meter(const link::PtyPair& pty, const std::stop_token& stop) {
  ModeEMeter mode_e({"MPf", '5', "2", "SERIAL"}, "");
  hdlc::ServerStation station{{}};
  std::array<std::byte, 512> buffer;
  while (!stop.stop_requested()) {
    const auto timer = mode_e.handed_over() ? station.timer() : mode_e.timer();
    const Deadline until = timer ? Deadline::at(*timer) : Deadline::never();
    const auto ready = link::wait_ready(pty.master.get(), POLLIN, until, stop);
    const auto now = WallClock::now();
    if (ready) {
      const ssize_t count = ::read(pty.master.get(), buffer.data(), buffer.size());
      if (count <= 0) return;
      const auto octets = std::span(buffer).first(static_cast<std::size_t>(count));
      const bool fast = mode_e.handed_over().has_value();
      if (rate_of(pty.master.get()) != (fast ? B9600 : B300)) continue;
      fast ? station.receive(octets, now) : mode_e.receive(octets, now);
    }
    mode_e.tick(now);
    station.tick(now);
    while (auto event = station.take_event()) {
      if (event->kind == hdlc::ServerEvent::Kind::message) station.send(event->message, now);
    }
    for (const Bytes& output : {mode_e.take_output(), station.take_output()}) {
      if (output.empty()) continue;
      pty.write({reinterpret_cast<const char*>(output.data()), output.size()});
    }
  }
}

TEST(ModeEOnSerial, HandsOverAndHdlcGoesOn) {
  const link::PtyPair pty;
  const std::jthread meter([&](std::stop_token stop) { be_meter(pty, stop); });
  auto line = link::open("serial://" + pty.path, {});
  ASSERT_TRUE(line) << line.error().message();
  hdlc::HdlcTransport transport(std::move(*line), {});
  transport.before_connect([](link::Link& port, Deadline deadline, std::stop_token stop) {
    const auto done = hand_over(port, {}, deadline, std::move(stop));
    return done ? Result<void>() : Result<void>(done.error());
  });
  const Deadline deadline = Deadline::after(std::chrono::seconds(20));
  const auto connected = transport.connect(deadline, {});
  ASSERT_TRUE(connected) << connected.error().message();
  EXPECT_EQ(rate_of(pty.master.get()), static_cast<speed_t>(B9600));
  const Bytes question{std::byte{0xC0}, std::byte{0x01}};
  ASSERT_TRUE(transport.send(question, deadline, {}));
  EXPECT_EQ(transport.receive(deadline, {}).value(), question);
}

}  // namespace
}  // namespace meterproof::iec62056_21

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
