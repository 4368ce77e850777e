// Client and server station wired back to back over a line that loses, doubles and damages frames.
// Time is simulated: the line is instant, timers are jumped to.

#include <gtest/gtest.h>

#include <functional>
#include <random>

#include "devices/hdlc/client_station.hpp"
#include "devices/hdlc/server_station.hpp"
#include "devices/hdlc/test_data/hex.hpp"
#include "harness/link/link.hpp"

namespace meterproof::hdlc {
namespace {

using harness::WallTime;

// What happens to a frame on the line, in percent.
struct LineFaults {
  unsigned lost = 0, doubled = 0, damaged = 0;
};

class Line {
 public:
  Line(ClientConfig client, ServerConfig server, LineFaults faults = {}, unsigned seed = 1)
      : client_(std::move(client)), server_(std::move(server)), faults_(faults), random_(seed) {}

  ClientStation& client() { return client_; }
  ServerStation& server() { return server_; }
  WallTime now() const { return now_; }
  std::vector<Bytes> at_server, at_client;
  int connections = 0, disconnections = 0;
  std::vector<std::string> seen;  // kinds of the client's frames

  // Exchanges until the client waits for nothing.
  void run() {
    for (int rounds = 0; rounds < 10'000; ++rounds) {
      if (exchange()) continue;
      if (!client_.timer()) return;
      jump();
    }
    FAIL() << "the stations never come to rest";
  }

  // To the next instant at which one of them has something to do.
  void jump() {
    now_ = client_.timer().value();
    if (server_.timer()) now_ = std::min(now_, *server_.timer());
    server_.tick(now_);
    client_.tick(now_);
  }

  // Moves what is ready; false when nothing was.
  bool exchange() {
    bool moved = false;
    while (auto frame = client_.take_frame()) {
      moved = true;
      seen.push_back(to_string(frame->kind()));
      for (const Bytes& octets : after_faults(encode(*frame))) server_.receive(octets, now_);
    }
    while (auto event = server_.take_event()) {
      moved = true;
      if (event->kind == ServerEvent::Kind::connected) ++connections;
      if (event->kind == ServerEvent::Kind::disconnected) ++disconnections;
      if (event->kind == ServerEvent::Kind::message) {
        at_server.push_back(event->message);
        if (answer) server_.send(answer(event->message), now_);
      }
    }
    const Bytes output = server_.take_output();
    moved = moved || !output.empty();
    FrameReader frames;
    frames.push(output);
    while (auto frame = frames.next()) {
      for (const Bytes& octets : after_faults(encode(*frame))) client_reader_.push(octets);
      while (auto received = client_reader_.next()) client_.receive(*received, now_);
    }
    while (auto message = client_.take_message()) at_client.push_back(*std::move(message));
    return moved;
  }

  void connect() {
    client_.connect(now_);
    run();
  }

  std::function<Bytes(const Bytes&)> answer = [](const Bytes& message) { return message; };

 private:
  std::vector<Bytes> after_faults(Bytes octets) {
    const auto happens = [&](unsigned percent) { return random_() % 100 < percent; };
    if (happens(faults_.lost)) return {};
    if (happens(faults_.damaged)) octets[random_() % octets.size()] ^= std::byte{0x10};
    return happens(faults_.doubled) ? std::vector<Bytes>{octets, octets}
                                    : std::vector<Bytes>{octets};
  }

  ClientStation client_;
  ServerStation server_;
  FrameReader client_reader_;
  LineFaults faults_;
  std::mt19937 random_;
  WallTime now_{std::chrono::hours(1)};
};

Bytes pattern(std::size_t size, unsigned seed) {
  std::mt19937 random(seed);
  Bytes bytes(size);
  for (auto& octet : bytes) octet = static_cast<std::byte>(random() & 0xFF);
  return bytes;
}

ClientConfig patient() {
  ClientConfig config;
  config.retries = 100;
  return config;
}

TEST(Stations, ConnectAskAndDisconnect) {
  Line line({}, {});
  line.connect();
  ASSERT_EQ(line.client().state(), ClientStation::State::connected);
  EXPECT_TRUE(line.server().connected());
  ASSERT_TRUE(line.client().send(hex("C001C100080000010000FF0200"), line.now()));
  line.run();
  ASSERT_EQ(line.at_server.size(), 1U);
  EXPECT_EQ(line.at_server[0], hex("C001C100080000010000FF0200"));
  EXPECT_EQ(line.at_client, line.at_server);
  line.client().disconnect(line.now());
  line.run();
  EXPECT_FALSE(line.client().failure());
  EXPECT_FALSE(line.server().connected());
  EXPECT_EQ(line.disconnections, 1);
  EXPECT_EQ(line.seen, (std::vector<std::string>{"SNRM", "I", "DISC"}));
}

TEST(Stations, ParametersAreTheSmallerOfBoth) {
  ClientConfig client;
  client.parameters = {
      .transmit_octets = 512, .receive_octets = 256, .transmit_window = 7, .receive_window = 3};
  ServerConfig server;
  server.parameters = {
      .transmit_octets = 300, .receive_octets = 400, .transmit_window = 2, .receive_window = 5};
  Line line(client, server);
  line.connect();
  EXPECT_EQ(line.client().negotiated(), (Parameters{400, 256, 5, 2}));
  EXPECT_EQ(line.server().negotiated(), (Parameters{256, 400, 2, 5}));
}

struct Setting {
  unsigned window;
  LineFaults faults;
};

class StationsOnABadLine : public testing::TestWithParam<Setting> {};

TEST_P(StationsOnABadLine, EveryMessageArrivesOnceAndInOrder) {
  for (unsigned seed = 1; seed <= 10; ++seed) {
    ClientConfig client = patient();
    ServerConfig server;
    const auto window = static_cast<std::uint8_t>(GetParam().window);
    client.parameters = {100, 120, window, window};
    server.parameters = {120, 100, window, window};
    Line line(client, server, GetParam().faults, seed);
    line.connect();
    ASSERT_EQ(line.client().state(), ClientStation::State::connected);
    std::vector<Bytes> sent;
    for (unsigned i = 0; i < 12; ++i) {
      sent.push_back(pattern(1 + 170 * i, seed * 100 + i));
      ASSERT_TRUE(line.client().send(sent.back(), line.now()));
      line.run();
      ASSERT_FALSE(line.client().failure()) << line.client().failure().message();
    }
    EXPECT_EQ(line.at_server, sent) << "seed " << seed;
    EXPECT_EQ(line.at_client, sent) << "seed " << seed;
    if (GetParam().faults.lost > 0) {
      EXPECT_GT(line.client().retransmissions(), 0U);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, StationsOnABadLine,
                         testing::Values(Setting{1, {}}, Setting{3, {}}, Setting{7, {}},
                                         Setting{1, {20, 0, 0}}, Setting{1, {0, 30, 0}},
                                         Setting{1, {10, 10, 10}}, Setting{4, {10, 0, 10}},
                                         Setting{7, {10, 10, 10}}));

TEST(Stations, ADoubledFrameDoesNotDoubleTheTrafficForEver) {
  Line line(patient(), {}, {0, 100, 0});
  line.connect();
  for (unsigned i = 0; i < 20; ++i) {
    ASSERT_TRUE(line.client().send(pattern(300, i), line.now()));
    line.run();
  }
  EXPECT_EQ(line.at_client.size(), 20U);
  // SNRM; for each message three I frames and two RR for the rest of the answer. Nothing twice.
  EXPECT_EQ(line.seen.size(), 1U + 20U * 5U);
}

TEST(Stations, ASilentPeerIsATimeoutAfterTheRetries) {
  ClientConfig config;
  config.retries = 2;
  Line line(config, {}, {100, 0, 0});
  line.connect();
  EXPECT_EQ(line.client().failure(), link::LinkError::timeout);
  EXPECT_EQ(line.seen, (std::vector<std::string>{"SNRM", "SNRM", "SNRM"}));
}

TEST(Stations, AMessageWithoutAConnectionIsRefusedHere) {
  ClientStation client({});
  EXPECT_EQ(client.send(hex("C0"), {}).error(), HdlcError::not_connected);
}

TEST(Stations, ASlowApplicationIsPolledUntilItAnswers) {
  Line line({}, {});
  line.connect();
  line.answer = nullptr;
  ASSERT_TRUE(line.client().send(hex("C001"), line.now()));
  while (line.seen.size() < 5) {  // SNRM, I, RR, RR, RR
    if (!line.exchange()) line.jump();
  }
  EXPECT_EQ(line.seen.back(), "RR");
  EXPECT_TRUE(line.at_client.empty());
  line.server().send(hex("C401"), line.now());
  line.run();
  ASSERT_EQ(line.at_client.size(), 1U);
  EXPECT_EQ(line.at_client[0], hex("C401"));
}

// Direct to the server: what a client of ours would never send.
class ServerRules : public testing::Test {
 protected:
  std::optional<Frame> ask(std::uint8_t control, Bytes information = {},
                           Address server = Address::server(1), std::uint8_t client = 16) {
    station.receive(
        encode({server, Address::client(client), control, false, std::move(information)}), now);
    FrameReader reader;
    reader.push(station.take_output());
    return reader.next();
  }
  FrameKind kind_of(const std::optional<Frame>& frame) {
    return frame ? frame->kind() : FrameKind::unknown;
  }
  void connect() {
    ASSERT_EQ(kind_of(ask(unnumbered_control(FrameKind::set_normal_response_mode))),
              FrameKind::unnumbered_acknowledge);
  }

  ServerStation station{{}};
  WallTime now{std::chrono::hours(1)};
};

TEST_F(ServerRules, BeforeSnrmEverythingThatPollsGetsDm) {
  EXPECT_EQ(kind_of(ask(receive_ready_control(0, true))), FrameKind::disconnected_mode);
  EXPECT_EQ(kind_of(ask(information_control(0, 0, true), hex("E6E600C0"))),
            FrameKind::disconnected_mode);
  EXPECT_EQ(kind_of(ask(unnumbered_control(FrameKind::disconnect))), FrameKind::disconnected_mode);
  EXPECT_FALSE(ask(information_control(0, 0, false), hex("E6E600C0")));
  EXPECT_FALSE(station.take_event());
}

TEST_F(ServerRules, AFrameForAnotherStationGetsNoAnswer) {
  EXPECT_FALSE(ask(0x93, {}, Address::server(2)));
  EXPECT_FALSE(ask(0x93, {}, Address::server(1, 18)));
  EXPECT_EQ(kind_of(ask(0x93, {}, Address::server(1, 17))), FrameKind::unnumbered_acknowledge);
  EXPECT_EQ(kind_of(ask(0x93, {}, Address::server_4_octets(1, 17))),
            FrameKind::unnumbered_acknowledge);
  EXPECT_EQ(station.counts().foreign_frames, 2U);
}

TEST_F(ServerRules, AWrongFcsIsDroppedInSilence) {
  Bytes snrm = encode({Address::server(1), Address::client(16), 0x93, false, {}});
  snrm[6] ^= std::byte{1};
  station.receive(snrm, now);
  EXPECT_TRUE(station.take_output().empty());
  EXPECT_EQ(station.reader_counts().bad_frame_checks, 1U);
}

TEST(ServerWeakness, WithoutFrameCheckTheDamagedFrameIsAnswered) {
  ServerConfig config;
  config.check.frame_check = false;
  ServerStation station(config);
  Bytes snrm = encode({Address::server(1), Address::client(16), 0x93, false, {}});
  snrm[6] ^= std::byte{1};
  station.receive(snrm, {});
  EXPECT_FALSE(station.take_output().empty());
  EXPECT_EQ(station.counts().bad_frame_checks_accepted, 1U);
}

TEST_F(ServerRules, AnAcknowledgementOfWhatWasNeverSentIsRejectedUntilSnrm) {
  connect();
  EXPECT_EQ(kind_of(ask(receive_ready_control(3, true))), FrameKind::frame_reject);
  EXPECT_EQ(kind_of(ask(receive_ready_control(0, true))), FrameKind::frame_reject);
  connect();
  EXPECT_EQ(kind_of(ask(receive_ready_control(0, true))), FrameKind::receive_ready);
}

TEST_F(ServerRules, AnUnknownControlFieldIsRejected) {
  connect();
  EXPECT_EQ(kind_of(ask(0x1D)), FrameKind::frame_reject);
  EXPECT_EQ(station.counts().rejected_frames, 1U);
}

TEST_F(ServerRules, MoreInformationThanAgreedIsRejected) {
  connect();
  EXPECT_EQ(kind_of(ask(information_control(0, 0, true), Bytes(129))), FrameKind::frame_reject);
}

TEST_F(ServerRules, SilenceEndsTheConnection) {
  connect();
  ASSERT_TRUE(station.timer());
  now = *station.timer();
  station.tick(now);
  EXPECT_FALSE(station.connected());
  EXPECT_EQ(station.take_event()->kind, ServerEvent::Kind::connected);
  EXPECT_EQ(station.take_event()->kind, ServerEvent::Kind::disconnected);
  EXPECT_EQ(kind_of(ask(receive_ready_control(0, true))), FrameKind::disconnected_mode);
}

TEST_F(ServerRules, AMessageWithoutLlcHeaderReachesNobody) {
  connect();
  station.take_event();
  EXPECT_EQ(kind_of(ask(information_control(0, 0, true), hex("C001C1"))), FrameKind::receive_ready);
  EXPECT_FALSE(station.take_event());
}

TEST_F(ServerRules, ParametersOfNoSenseAreRefused) {
  EXPECT_EQ(kind_of(ask(0x93, hex("81800305010007"))), FrameKind::disconnected_mode);
  EXPECT_EQ(kind_of(ask(0x93, hex("818003050100"))), FrameKind::disconnected_mode);
  EXPECT_FALSE(station.connected());
}

TEST(ClientRules, DmAndFrmrAreTwoDifferentFailures) {
  for (const auto& [kind, error] :
       {std::pair{FrameKind::disconnected_mode, HdlcError::disconnected},
        std::pair{FrameKind::frame_reject, HdlcError::rejected}}) {
    ClientStation client({});
    client.connect({});
    client.receive({Address::client(16), Address::server(1), unnumbered_control(kind), false, {}},
                   {});
    EXPECT_EQ(client.state(), ClientStation::State::disconnected);
    EXPECT_EQ(client.failure(), error);
  }
}

TEST(ClientRules, AResponseWithACommandsLlcHeaderIsTakenAndCounted) {
  ClientStation client({});
  client.connect({});
  client.receive({Address::client(16), Address::server(1), 0x73, false, {}}, {});
  ASSERT_TRUE(client.send(hex("C0"), {}));
  client.receive({Address::client(16), Address::server(1), information_control(0, 1, true), false,
                  hex("E6E600C401")},
                 {});
  EXPECT_EQ(client.take_message(), hex("C401"));
  EXPECT_EQ(client.llc_deviations(), 1U);
}

TEST(ClientRules, AnEndlessMessageEndsInTooLong) {
  ClientConfig config;
  config.largest_message = 1000;
  ClientStation client(config);
  client.connect({});
  client.receive({Address::client(16), Address::server(1), 0x73, false, {}}, {});
  ASSERT_TRUE(client.send(hex("C0"), {}));
  for (unsigned i = 0; !client.failure(); ++i) {
    ASSERT_LT(i, 20U);
    client.receive({Address::client(16), Address::server(1), information_control(i, 1, true), true,
                    Bytes(100)},
                   {});
  }
  EXPECT_EQ(client.failure(), HdlcError::too_long);
}

}  // namespace
}  // namespace meterproof::hdlc
