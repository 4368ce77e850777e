// UI frames, broadcast, four-octet addresses, the largest sizes and windows, and peers with habits.

#include <gtest/gtest.h>

#include "devices/hdlc/client_station.hpp"
#include "devices/hdlc/server_station.hpp"
#include "devices/hdlc/test_data/hex.hpp"
#include "harness/link/link.hpp"

namespace meterproof::hdlc {
namespace {

using harness::WallTime;
constexpr WallTime k_start{std::chrono::hours(1)};

// Gives the server what the client has to say, octet by octet, and the client what comes back.
void pass_on(ClientStation& client, ServerStation& server, WallTime now) {
  for (;;) {
    Bytes line;
    while (auto frame = client.take_frame()) {
      const Bytes octets = encode(*frame);
      line.insert(line.end(), octets.begin(), octets.end());
    }
    for (const std::byte& octet : line) server.receive({&octet, 1}, now);
    while (auto event = server.take_event()) {
      if (event->kind == ServerEvent::Kind::message) server.send(event->message, now);
      if (event->kind == ServerEvent::Kind::unnumbered && !event->broadcast) {
        server.send_unnumbered(event->client, event->logical_device, event->message);
      }
    }
    FrameReader reader;
    reader.push(server.take_output());
    bool heard = false;
    while (auto frame = reader.next()) {
      client.receive(*frame, now);
      heard = true;
    }
    if (!heard && line.empty()) return;
  }
}

TEST(Unnumbered, AConnectionlessClientAsksAndIsAnsweredWithoutSnrm) {
  for (const Address address :
       {Address::server(1), Address::server(1, 17), Address::server_4_octets(1, 17)}) {
    ClientConfig config;
    config.server = address;
    config.connectionless = true;
    ClientStation client(config);
    ServerStation server{{}};
    client.connect(k_start);
    ASSERT_TRUE(client.send(hex("C001"), k_start));
    EXPECT_TRUE(client.waiting());
    pass_on(client, server, k_start);
    EXPECT_EQ(client.take_message(), hex("C001")) << int{address.octets};
    EXPECT_FALSE(client.waiting());
    EXPECT_FALSE(server.connected());
    client.disconnect(k_start);
    EXPECT_FALSE(client.take_frame());
  }
}

TEST(Unnumbered, SilenceIsATimeoutAndNothingIsRepeated) {
  ClientConfig config;
  config.connectionless = true;
  ClientStation client(config);
  client.connect(k_start);
  ASSERT_TRUE(client.send(hex("C001"), k_start));
  ASSERT_TRUE(client.take_frame());
  client.tick(client.timer().value());
  EXPECT_FALSE(client.take_frame());
  EXPECT_EQ(client.failure(), link::LinkError::timeout);
}

TEST(Unnumbered, MoreThanOneFrameCarriesIsRefused) {
  ClientConfig config;
  config.connectionless = true;
  ClientStation client(config);
  client.connect(k_start);
  EXPECT_EQ(client.send(Bytes(2030), k_start).error(), HdlcError::too_long);
  EXPECT_TRUE(client.send(Bytes(2027), k_start));
}

TEST(Unnumbered, APollThatTheApplicationDoesNotAnswerGetsDm) {
  ServerStation server{{}};
  server.receive(encode({Address::server(1), Address::client(16), 0x13, false, hex("E6E600C0")}),
                 k_start);
  EXPECT_TRUE(server.take_output().empty());
  ASSERT_TRUE(server.timer());
  server.tick(*server.timer());
  FrameReader reader;
  reader.push(server.take_output());
  EXPECT_EQ(reader.next().value().kind(), FrameKind::disconnected_mode);
}

TEST(Unnumbered, InsideAConnectionItDoesNotTouchTheNumbers) {
  ClientConfig config;
  config.server = Address::server(1, 17);
  ClientStation client(config);
  ServerStation server{{}};
  client.connect(k_start);
  pass_on(client, server, k_start);
  client.send_unnumbered(hex("AA"), config.server);
  ASSERT_TRUE(client.send(hex("C001"), k_start));
  pass_on(client, server, k_start);
  EXPECT_EQ(client.take_message(), hex("AA"));
  EXPECT_EQ(client.take_message(), hex("C001"));
  EXPECT_FALSE(client.failure());
}

TEST(Broadcast, ReachesEveryStationAndNobodyAnswers) {
  for (const auto octets : {std::uint8_t{1}, std::uint8_t{2}, std::uint8_t{4}}) {
    ServerStation server{{}};
    // With the poll bit too: six meters would answer at once.
    server.receive(
        encode({Address::all_stations(octets), Address::client(16), 0x13, false, hex("E6E600C1")}),
        k_start);
    const auto event = server.take_event();
    ASSERT_TRUE(event) << int{octets};
    EXPECT_EQ(event->kind, ServerEvent::Kind::unnumbered);
    EXPECT_TRUE(event->broadcast);
    EXPECT_EQ(event->message, hex("C1"));
    EXPECT_FALSE(server.timer());
    EXPECT_TRUE(server.take_output().empty());
    // A connection with everybody makes no sense.
    for (const auto control :
         {std::uint8_t{0x93}, std::uint8_t{0x53}, std::uint8_t{0x10}, std::uint8_t{0x11}}) {
      server.receive(encode({Address::all_stations(octets), Address::client(16), control, false,
                             control == 0x10 ? hex("E6E600C1") : Bytes{}}),
                     k_start);
      EXPECT_TRUE(server.take_output().empty()) << int{control};
    }
    EXPECT_FALSE(server.take_event());
    EXPECT_FALSE(server.connected());
  }
}

TEST(Broadcast, TheClientWaitsForNothing) {
  ClientConfig config;
  config.connectionless = true;
  config.server = Address::all_stations(4);
  ClientStation client(config);
  client.connect(k_start);
  ASSERT_TRUE(client.send(hex("C1"), k_start));
  EXPECT_FALSE(client.waiting());
  const auto frame = client.take_frame();
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->control, 0x03);
  EXPECT_EQ(frame->destination, (Address{0x3FFF, 0x3FFF, 4}));
}

TEST(LargestSizes, TwoThousandOctetFramesInWindowsOfSevenWithFourOctetAddresses) {
  const Parameters largest{2030, 2030, 7, 7};
  ClientConfig config;
  config.parameters = largest;
  config.server = Address::server_4_octets(0x1001, 0x2345);
  ServerConfig server_config;
  server_config.logical_devices = {0x1001};
  server_config.physical_device = 0x2345;
  server_config.parameters = largest;
  ClientStation client(config);
  ServerStation server(server_config);
  client.connect(k_start);
  pass_on(client, server, k_start);
  EXPECT_EQ(client.negotiated(), largest);
  const Bytes message(30'000, std::byte{0x7E});  // flags everywhere
  ASSERT_TRUE(client.send(message, k_start));
  pass_on(client, server, k_start);
  EXPECT_EQ(client.take_message(), message);
  EXPECT_EQ(client.retransmissions(), 0U);
  EXPECT_EQ(server.counts().retransmissions, 0U);
}

// Connected, with one message of three segments sent in one window.
class WindowOfThree : public testing::Test {
 protected:
  WindowOfThree() {
    ClientConfig config;
    config.parameters = {100, 100, 3, 3};
    client.emplace(config);
    client->connect(k_start);
    client->receive(
        {Address::client(16), Address::server(1), 0x73, false, encode_parameters({100, 100, 3, 3})},
        k_start);
    drain();
    EXPECT_TRUE(client->send(Bytes(250), k_start));
  }
  std::vector<unsigned> drain() {
    std::vector<unsigned> numbers;
    while (auto frame = client->take_frame()) numbers.push_back(frame->send_number());
    return numbers;
  }
  void answer(std::uint8_t control, Bytes information = {}) {
    client->receive(
        {Address::client(16), Address::server(1), control, false, std::move(information)}, k_start);
  }
  std::optional<ClientStation> client;
};

TEST_F(WindowOfThree, RejAsksForTheRestAgain) {
  EXPECT_EQ(drain(), (std::vector<unsigned>{0, 1, 2}));
  answer(reject_control(1, true));
  EXPECT_EQ(drain(), (std::vector<unsigned>{1, 2}));
  EXPECT_EQ(client->retransmissions(), 2U);
}

TEST_F(WindowOfThree, SoDoesRr) {
  drain();
  answer(receive_ready_control(2, true));
  EXPECT_EQ(drain(), (std::vector<unsigned>{2}));
}

TEST(FrozenReceiveNumber, IsAnErrorUnlessTheOptionSaysOtherwise) {
  for (const bool tolerant : {false, true}) {
    ClientConfig config;
    config.tolerate_frozen_receive_number = tolerant;
    ClientStation client(config);
    client.connect(k_start);
    client.receive({Address::client(16), Address::server(1), 0x73, false, {}}, k_start);
    unsigned answered = 0;
    for (unsigned i = 0; i < 10; ++i) {
      if (!client.send(hex("C0"), k_start)) break;
      while (client.take_frame()) {
      }
      // N(S) counts, N(R) does not.
      client.receive({Address::client(16), Address::server(1), information_control(i, 0, true),
                      false, hex("E6E700C4")},
                     k_start);
      answered += client.take_message() ? 1U : 0U;
      while (client.take_frame()) {
      }
    }
    EXPECT_EQ(answered == 10 && !client.failure() && client.retransmissions() == 0, tolerant);
    EXPECT_EQ(client.frozen_receive_numbers() > 0, tolerant);
  }
}

TEST(SlowLine, OctetsOnTheirWayAreNoSilence) {
  ClientStation client({});
  client.connect(k_start);
  const WallTime due = client.timer().value();
  client.hear(due);
  client.tick(due);
  EXPECT_EQ(client.retransmissions(), 0U);
  EXPECT_GT(client.timer().value(), due);
}

}  // namespace
}  // namespace meterproof::hdlc
