// The listener on real sockets and a real pseudo-terminal.

#include "devices/push/listener.hpp"

#include <gtest/gtest.h>

#include "devices/hdlc/test_data/hex.hpp"
#include "harness/errors.hpp"
#include "harness/link/link.hpp"
#include "harness/link/test_only/pty_pair.hpp"

namespace meterproof::push {
namespace {

using harness::Deadline;

Deadline ample() { return Deadline::after(std::chrono::seconds(20)); }

const Bytes k_notification = hdlc::hex("0F0000000100020209060100010800FF0600000539");

Bytes wrapped() { return hdlc::encode(hdlc::WrapperPdu{1, 103, k_notification}); }

TEST(PushListener, HearsSeveralMetersOverTcpOctetByOctet) {
  auto listener = PushListener::open("tcp://127.0.0.1:0", Framing::automatic);
  ASSERT_TRUE(listener) << listener.error().message();
  auto one = link::open(listener->url(), {});
  auto other = link::open(listener->url(), {});
  ASSERT_TRUE(one);
  ASSERT_TRUE(other);
  for (const std::byte& octet : wrapped()) {
    ASSERT_TRUE((*one)->write({&octet, 1}, ample(), {}));
    ASSERT_TRUE((*other)->write({&octet, 1}, ample(), {}));
  }
  for (int i = 0; i < 2; ++i) {
    const auto telegram = listener->next(ample(), {});
    ASSERT_TRUE(telegram);
    EXPECT_EQ(telegram->apdu, k_notification);
  }
  one->reset();
  const Bytes twice = [] {
    Bytes octets = wrapped();
    const Bytes more = wrapped();
    octets.insert(octets.end(), more.begin(), more.end());
    return octets;
  }();
  ASSERT_TRUE((*other)->write(twice, ample(), {}));
  EXPECT_TRUE(listener->next(ample(), {}));
  EXPECT_TRUE(listener->next(ample(), {}));
}

TEST(PushListener, HearsDatagramsAndIgnoresHalfOnes) {
  auto listener = PushListener::open("udp://127.0.0.1:0", Framing::automatic);
  ASSERT_TRUE(listener) << listener.error().message();
  auto meter = link::open(listener->url(), {});
  ASSERT_TRUE(meter);
  const Bytes whole = wrapped();
  ASSERT_TRUE((*meter)->write(BytesView(whole).first(10), ample(), {}));
  ASSERT_TRUE((*meter)->write(whole, ample(), {}));
  const auto telegram = listener->next(ample(), {});
  ASSERT_TRUE(telegram);
  EXPECT_EQ(telegram->apdu, k_notification);
  EXPECT_EQ(listener->next(Deadline::after(std::chrono::milliseconds(1)), {}).error(),
            link::LinkError::timeout);
}

TEST(PushListener, HearsALineAndTellsWhenItIsGone) {
  link::PtyPair pty;
  auto listener = PushListener::open("pty://" + pty.path + "?baud=2400", Framing::mbus);
  ASSERT_TRUE(listener) << listener.error().message();
  std::string text;
  for (const auto& frame : mbus::segments({0xFF, 1, 103, k_notification})) {
    for (const std::byte octet : mbus::encode(frame)) text.push_back(static_cast<char>(octet));
  }
  pty.write("\x68\x05" + text);
  const auto telegram = listener->next(ample(), {});
  ASSERT_TRUE(telegram);
  EXPECT_EQ(telegram->apdu, k_notification);
  pty.hang_up();
  EXPECT_EQ(listener->next(ample(), {}).error(), link::LinkError::unplugged);
}

TEST(PushListener, AMalformedUrlIsAConfigError) {
  EXPECT_THROW((void)PushListener::open("tcp://nowhere", Framing::automatic), harness::ConfigError);
  EXPECT_THROW((void)PushListener::open("mqtt://127.0.0.1:0", Framing::automatic),
               harness::ConfigError);
}

}  // namespace
}  // namespace meterproof::push
