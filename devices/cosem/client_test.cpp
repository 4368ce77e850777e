#include "devices/cosem/client.hpp"

#include <gtest/gtest.h>

#include "devices/cosem/objects.hpp"
#include "devices/cosem/test_only/scripted_server.hpp"

namespace meterproof::cosem {
namespace {

using harness::Deadline;
using test::ScriptedServer;

// Counted from the start of the program, whose other tests may come first.
const Deadline k_soon = Deadline::after(std::chrono::hours(1));
const AttributeDescriptor k_energy{3, names::k_active_import, 2};

ClientSettings plain_settings() { return {}; }

ClientSettings hls_settings() {
  ClientSettings settings;
  settings.mechanism = mechanism::k_hls_gmac;
  settings.ciphered = true;
  settings.system_title = to_bytes("CLI00001");
  settings.keys = test::server_keys();
  settings.challenge = to_bytes("client challenge");
  settings.invocation_counter = 100;
  return settings;
}

struct Bench {
  explicit Bench(ClientSettings settings)
      : server(std::make_shared<ScriptedServer>()),
        client(std::make_unique<test::ServerTransport>(server), std::move(settings)) {
    server->objects[k_energy] = std::uint32_t{1234};
    server->objects[{3, names::k_active_import, 3}] =
        structure({std::int8_t{1}, Enum{unit::k_watt_hour}});
  }
  Result<void> open() { return client.open(k_soon, {}); }
  Result<Data> energy() { return client.get(k_energy, k_soon, {}); }

  std::shared_ptr<ScriptedServer> server;
  Client client;
};

TEST(Client, ReadsARegisterWithItsScalerWithoutAuthentication) {
  Bench bench(plain_settings());
  ASSERT_TRUE(bench.open());
  const auto energy = read_register(bench.client, names::k_active_import, k_soon, {});
  ASSERT_TRUE(energy) << energy.error().message();
  EXPECT_DOUBLE_EQ(energy->value(), 12340);
  EXPECT_DOUBLE_EQ(energy->resolution(), 10);
  EXPECT_TRUE(bench.client.close(k_soon, {}));
  EXPECT_EQ(bench.client.association().state(), AssociationState::idle);
}

TEST(Client, AWrongPasswordIsRefusedWithTheServersReason) {
  ClientSettings settings;
  settings.mechanism = mechanism::k_lls;
  settings.password = to_bytes("wrong");
  Bench bench(settings);
  const auto opened = bench.open();
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().message(), "rejected-permanent, authentication-failure");
  EXPECT_TRUE(is_refusal(opened.error()));
}

TEST(Client, AuthenticatesBothWaysWithGmacAndReadsUnderCiphering) {
  Bench bench(hls_settings());
  const auto opened = bench.open();
  ASSERT_TRUE(opened) << opened.error().message();
  EXPECT_TRUE(bench.server->client_is_authentic);
  EXPECT_EQ(bench.energy().value(), Data(std::uint32_t{1234}));
  for (const Bytes& sent : bench.server->received) {
    EXPECT_NE(sent.front(), std::byte{tags::k_get_request}) << "a request went out in clear";
  }
  // AARQ, token, its APDU, GET: four counters from 100.
  EXPECT_EQ(bench.client.invocation_counter(), 104u);
}

TEST(Client, AServerThatDoesNotKnowTheKeyIsNotBelieved) {
  Bench bench(hls_settings());
  bench.server->spoil_hls_token = true;
  EXPECT_EQ(bench.open().error(), CosemError::peer_not_authentic);
  EXPECT_EQ(bench.client.association().state(), AssociationState::idle);
}

TEST(Client, MissingKeysAreSaidBeforeAnythingIsSent) {
  ClientSettings settings = hls_settings();
  settings.keys.reset();
  Bench bench(settings);
  EXPECT_EQ(bench.open().error(), CosemError::missing_secret);
  EXPECT_TRUE(bench.server->received.empty());
}

TEST(Client, LongValuesTravelInBlocksBothWaysAlsoUnderCiphering) {
  for (const ClientSettings& settings : {plain_settings(), hls_settings()}) {
    Bench bench(settings);
    bench.server->block_octets = 50;
    bench.server->max_pdu = 120;
    ASSERT_TRUE(bench.open());
    const Data text = octet_string(to_bytes(std::string(1000, 'x')));
    const AttributeDescriptor note{1, {{0, 0, 96, 50, 0, 255}}, 2};
    const auto written = bench.client.set(note, text, k_soon, {});
    ASSERT_TRUE(written) << written.error().message();
    EXPECT_EQ(bench.server->objects.at(note), text);
    EXPECT_EQ(bench.client.get(note, k_soon, {}).value(), text);
    for (const Bytes& sent : bench.server->received) EXPECT_LE(sent.size(), 120u);

    const auto echoed = bench.client.action({9, {{0, 0, 10, 0, 0, 255}}, 1}, text, k_soon, {});
    ASSERT_TRUE(echoed) << echoed.error().message();
    EXPECT_EQ(echoed.value(), text);
  }
}

TEST(Client, ABlockOutOfSequenceIsAnError) {
  Bench bench(plain_settings());
  bench.server->block_octets = 4;
  bench.server->skip_block = 2;
  bench.server->objects[k_energy] = octet_string(Bytes(40));
  ASSERT_TRUE(bench.open());
  EXPECT_EQ(bench.energy().error(), CosemError::wrong_block);
}

TEST(Client, AMeterThatNeverSendsTheLastBlockIsStopped) {
  Bench bench(plain_settings());
  bench.server->endless_blocks = true;
  ASSERT_TRUE(bench.open());
  EXPECT_EQ(bench.energy().error(), CosemError::too_large);
}

TEST(Client, RefusalsKeepTheReasonThatTheMeterGave) {
  Bench bench(plain_settings());
  ASSERT_TRUE(bench.open());
  const auto unknown = bench.client.get({1, {{9, 9, 9, 9, 9, 9}}, 2}, k_soon, {});
  EXPECT_EQ(unknown.error(), DataAccessResult::object_undefined);
  bench.server->next_answer_instead = encode_apdu(ExceptionResponse{1, 2, {}});
  const auto exception = bench.energy();
  EXPECT_EQ(exception.error().category(), exception_category());
  EXPECT_EQ(exception.error().message(), "service-not-allowed, service-not-supported");
}

TEST(Client, NotificationsBetweenAnswersAreSetAsideInOrder) {
  Bench bench(plain_settings());
  ASSERT_TRUE(bench.open());
  bench.server->outgoing.push_back(
      encode_apdu(DataNotification{1, DateTime{}, Data(std::uint8_t{7})}));
  bench.server->outgoing.push_back(encode_apdu(DataNotification{2, {}, Data(std::uint8_t{8})}));
  EXPECT_EQ(bench.energy().value(), Data(std::uint32_t{1234}));
  const auto notified = bench.client.take_notifications();
  ASSERT_EQ(notified.size(), 2u);
  EXPECT_EQ(std::get<DataNotification>(notified[1].content).body, Data(std::uint8_t{8}));
  EXPECT_FALSE(notified[0].was_ciphered);
  EXPECT_TRUE(bench.client.take_notifications().empty());
}

TEST(Client, ALateAnswerToATimedOutRequestIsNotTakenForTheNext) {
  Bench bench(plain_settings());
  ASSERT_TRUE(bench.open());
  bench.server->withhold_answers = 1;
  EXPECT_FALSE(bench.energy());
  bench.server->objects[k_energy] = std::uint32_t{5678};
  EXPECT_EQ(bench.energy().value(), Data(std::uint32_t{5678}));
}

TEST(Client, APlainAnswerInsideACipheredAssociationIsRefused) {
  Bench bench(hls_settings());
  ASSERT_TRUE(bench.open());
  bench.server->answer_in_clear = true;
  EXPECT_EQ(bench.energy().error(), CosemError::not_ciphered);
  bench.client.accept_plain_answers(true);
  EXPECT_TRUE(bench.energy());
}

TEST(Client, AReplayedAnswerIsRefusedByItsCounter) {
  Bench bench(hls_settings());
  ASSERT_TRUE(bench.open());
  ASSERT_TRUE(bench.energy());
  bench.server->next_answer_instead = bench.server->last_answer;
  EXPECT_EQ(bench.energy().error(), CosemError::invocation_counter_not_greater);
}

TEST(Interceptors, ChangeTheCounterTheTagAndTheProtectionOfOneRequest) {
  Bench bench(hls_settings());
  ASSERT_TRUE(bench.open());
  ASSERT_TRUE(bench.energy());

  bench.client.interceptors().invocation_counter = [](std::uint32_t& counter) { counter = 100; };
  EXPECT_EQ(bench.energy().error().category(), exception_category()) << "a reused counter";
  bench.client.interceptors() = {};

  bench.client.interceptors().ciphered_out = [](Bytes& apdu) { apdu.back() ^= std::byte{1}; };
  EXPECT_EQ(bench.energy().error().category(), exception_category()) << "a spoilt tag";
  bench.client.interceptors() = {};

  bench.client.interceptors().security_control = [](std::uint8_t& control) { control = 0; };
  ASSERT_FALSE(bench.energy());
  EXPECT_EQ(bench.server->received.back().front(), std::byte{tags::k_get_request});
  bench.client.interceptors() = {};
  EXPECT_TRUE(bench.energy());
}

TEST(Client, SharedCountersGoOnOverAssociations) {
  ClientSettings settings = hls_settings();
  settings.shared_counter = std::make_shared<InvocationCounter>(500);
  Bench first(settings), second(settings);
  ASSERT_TRUE(first.open());
  ASSERT_TRUE(second.open());
  EXPECT_EQ(settings.shared_counter->next(), 506u);
  EXPECT_EQ(first.client.invocation_counter(), 506u);
}

TEST(Client, TheLastInvocationCounterIsUsedOnceAndThenTheClientStops) {
  Bench bench(hls_settings());
  ASSERT_TRUE(bench.open());
  bench.client.set_invocation_counter(UINT32_MAX);
  EXPECT_TRUE(bench.energy());
  EXPECT_EQ(bench.energy().error(), CosemError::invocation_counter_exhausted);
}

}  // namespace
}  // namespace meterproof::cosem
