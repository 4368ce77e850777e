// Opening associations: who gets in, who does not, and what he learns from it.
#include <gtest/gtest.h>

#include "devices/cosem/initiate.hpp"
#include "devices/simulated/meter/test_meter.hpp"

namespace meterproof::simulated {
namespace {

using cosem::Bytes;
using cosem::to_bytes;
using testing::readable_by;
using testing::TestClient;
using testing::TestMeter;

constexpr cosem::LogicalName k_energy = cosem::names::k_active_import;

TEST(MeterLogin, EveryWrongCredentialGetsTheSameAnswer) {
  TestMeter meter;
  const auto refusal = [&](std::uint16_t sap, const Bytes& password) {
    TestClient client(meter, sap);
    client.login_with(password);
    return client.last.replies.at(0);
  };
  const Bytes wrong = refusal(testing::k_reader_sap, to_bytes("Vx9-kTq3"));
  EXPECT_EQ(refusal(testing::k_reader_sap, to_bytes("V")), wrong);
  EXPECT_EQ(refusal(testing::k_reader_sap, {}), wrong);
  EXPECT_EQ(refusal(99, to_bytes("Vx9-kTq2")), wrong) << "a client that does not exist";
  EXPECT_EQ(refusal(testing::k_public_sap, to_bytes("Vx9-kTq2")), wrong);
  EXPECT_EQ(refusal(testing::k_management_sap, to_bytes("Vx9-kTq2")), wrong);
  EXPECT_EQ(refusal(testing::k_reader_sap, testing::k_password), wrong) << "locked by now";
}

TEST(MeterLogin, GuessingLocksThePasswordAndNotTheKey) {
  TestMeter meter;
  TestClient reader(meter, testing::k_reader_sap);
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(reader.login_with(to_bytes("guess")));
  EXPECT_FALSE(reader.login_with(testing::k_password));
  TestClient management(meter, testing::k_management_sap);
  management.open();
  EXPECT_TRUE(readable_by(management, 3, k_energy));
  meter.pass(std::chrono::seconds(10));
  EXPECT_TRUE(reader.login_with(testing::k_password));
}

TEST(MeterLogin, APowerCutDoesNotUnlock) {
  TestMeter meter;
  TestClient reader(meter, testing::k_reader_sap);
  for (int i = 0; i < 3; ++i) reader.login_with(to_bytes("guess"));
  meter.power_cut();
  reader.session = Session{};
  EXPECT_FALSE(reader.login_with(testing::k_password));
}

TEST(MeterLogin, AFailedLoginEndsTheAssociationThatWasThere) {
  TestMeter meter;
  TestClient reader(meter, testing::k_reader_sap);
  reader.open();
  reader.login_with(to_bytes("guess"));
  EXPECT_FALSE(readable_by(reader, 3, k_energy));
}

TEST(MeterLogin, ChallengesAreLongAndFresh) {
  TestMeter meter;
  TestClient first(meter, testing::k_management_sap);
  TestClient second(meter, testing::k_management_sap);
  const auto one = first.hls_passes_1_and_2();
  second.counter = first.counter;
  const auto two = second.hls_passes_1_and_2();
  EXPECT_EQ(one.diagnostic, cosem::diagnostic::k_authentication_required);
  EXPECT_EQ(one.responding_authentication_value.value().size(), 32U);
  EXPECT_NE(one.responding_authentication_value, two.responding_authentication_value);
}

TEST(MeterLogin, AWrongKeyGetsNoChallenge) {
  TestMeter meter;
  TestClient client(meter, testing::k_management_sap);
  client.keys.encryption[0] ^= std::byte{1};
  const auto aare = client.hls_passes_1_and_2();
  EXPECT_EQ(aare.result, cosem::association_result::k_rejected_permanent);
  EXPECT_FALSE(aare.responding_authentication_value);
}

TEST(MeterLogin, NoRightsBeforePass3) {
  TestMeter meter;
  TestClient client(meter, testing::k_management_sap);
  client.hls_passes_1_and_2();
  EXPECT_FALSE(readable_by(client, 3, k_energy));
  EXPECT_FALSE(readable_by(client, 1, cosem::names::k_logical_device_name));
  EXPECT_EQ(client.action(70, cosem::names::k_disconnect_control, 1),
            cosem::ActionResult::other_reason);
  client.ciphered = false;
  EXPECT_FALSE(readable_by(client, 3, k_energy));
  EXPECT_TRUE(meter.plant.relay);
}

TEST(MeterLogin, AWrongProofIsRefusedAndEndsTheSession) {
  TestMeter meter;
  TestClient client(meter, testing::k_management_sap);
  const auto aare = client.hls_passes_1_and_2();
  Bytes challenge = *aare.responding_authentication_value;
  challenge[0] ^= std::byte{1};
  const auto answer = client.understand(client.send(client.hls_pass_3(challenge)));
  ASSERT_TRUE(answer);
  const auto& outcome = std::get<cosem::ActionResponseNormal>(*answer).outcome;
  EXPECT_NE(outcome.result, cosem::ActionResult::success);
  EXPECT_FALSE(outcome.returned);
  EXPECT_EQ(client.session.phase, Session::Phase::none);
  EXPECT_FALSE(readable_by(client, 3, k_energy));
}

// Records a login and plays it again after a power cut, with the same octets but for the challenge
// of the client; true when the meter let it in.
bool replayed_login_works(std::initializer_list<const char*> weaknesses) {
  TestMeter meter(weaknesses);
  TestClient honest(meter, testing::k_management_sap);
  const Bytes user_information = honest.protect(cosem::encode(cosem::InitiateRequest{}));
  honest.ciphered = true;
  const auto aare = honest.aarq(cosem::mechanism::k_hls_gmac, to_bytes("client challenge"),
                                user_information, true);
  const Bytes pass_3 = honest.hls_pass_3(*aare.responding_authentication_value);
  honest.send(pass_3);
  EXPECT_EQ(honest.session.phase, Session::Phase::open);

  meter.power_cut();
  TestClient thief(meter, testing::k_management_sap);
  thief.aarq(cosem::mechanism::k_hls_gmac, to_bytes("another challenge"), user_information, true);
  thief.send(pass_3);
  return thief.session.phase == Session::Phase::open;
}

TEST(MeterLogin, ARecordedLoginIsWorthless) { EXPECT_FALSE(replayed_login_works({})); }
TEST(MeterWeakness, Auth009LetsARecordedLoginIn) {
  EXPECT_TRUE(replayed_login_works({"MUT_AUTH_009"}));
}

TEST(MeterWeakness, Bot001StallsTheProcessorForEachFailedLogin) {
  const auto stall = [](std::initializer_list<const char*> weaknesses) {
    TestMeter meter(weaknesses);
    TestClient client(meter, testing::k_reader_sap);
    client.login_with(to_bytes("guess"));
    return client.last.stall;
  };
  EXPECT_EQ(stall({}), harness::WallDuration::zero());
  EXPECT_GT(stall({"MUT_BOT_001"}), harness::WallDuration::zero());
}

TEST(MeterWeakness, Auth001NeverLocks) {
  TestMeter meter({"MUT_AUTH_001"});
  TestClient reader(meter, testing::k_reader_sap);
  for (int i = 0; i < 200; ++i) EXPECT_FALSE(reader.login_with(to_bytes("guess")));
  EXPECT_TRUE(reader.login_with(testing::k_password));
}

harness::WallDuration time_of_guess(std::initializer_list<const char*> weaknesses,
                                    const char* guess) {
  TestMeter meter(weaknesses);
  TestClient reader(meter, testing::k_reader_sap);
  reader.login_with(to_bytes(guess));
  return reader.last.delay;
}

TEST(MeterWeakness, Auth004ShowsHowManyOctetsAreRight) {
  using std::chrono::microseconds;
  EXPECT_EQ(time_of_guess({"MUT_AUTH_004"}, "Wx9-kTq2"), microseconds(0));
  EXPECT_EQ(time_of_guess({"MUT_AUTH_004"}, "Vx9_kTq2"), microseconds(150));
  EXPECT_EQ(time_of_guess({"MUT_AUTH_004"}, "Vx9-kTq3"), microseconds(350));
  EXPECT_EQ(time_of_guess({}, "Vx9-kTq3"), microseconds(0));
}

TEST(MeterWeakness, Auth005OpensToPublishedSecrets) {
  const auto published =
      *cosem::security_keys_from(*cosem::from_hex("000102030405060708090A0B0C0D0E0F"),
                                 *cosem::from_hex("D0D1D2D3D4D5D6D7D8D9DADBDCDDDEDF"));
  for (const bool weak : {false, true}) {
    TestMeter meter(weak ? std::initializer_list<const char*>{"MUT_AUTH_005"}
                         : std::initializer_list<const char*>{});
    TestClient reader(meter, testing::k_reader_sap);
    EXPECT_EQ(reader.login_with(to_bytes("12345678")), weak);
    TestClient management(meter, testing::k_management_sap);
    management.keys = published;
    EXPECT_EQ(management.hls_passes_1_and_2().result == cosem::association_result::k_accepted,
              weak);
    TestClient honest(meter, testing::k_management_sap);
    honest.open();
    EXPECT_TRUE(readable_by(honest, 3, k_energy));
  }
}

// Whether the bits of a challenge obey the recurrence of the register
// x^16 + x^14 + x^13 + x^11 + 1.
bool obeys_the_register(const Bytes& challenge) {
  std::vector<unsigned> bits;
  for (const std::byte octet : challenge)
    for (int bit = 7; bit >= 0; --bit) bits.push_back(std::to_integer<unsigned>(octet) >> bit & 1U);
  for (std::size_t i = 16; i < bits.size(); ++i)
    if (bits[i] != (bits[i - 16] ^ bits[i - 14] ^ bits[i - 13] ^ bits[i - 11])) return false;
  return true;
}

TEST(MeterWeakness, Auth007DrawsFromAShortRegister) {
  for (const bool weak : {false, true}) {
    TestMeter meter(weak ? std::initializer_list<const char*>{"MUT_AUTH_007"}
                         : std::initializer_list<const char*>{});
    TestClient client(meter, testing::k_management_sap);
    const auto aare = client.hls_passes_1_and_2();
    EXPECT_EQ(obeys_the_register(*aare.responding_authentication_value), weak);
  }
}

TEST(MeterWeakness, Auth011GivesRightsBeforePass3) {
  TestMeter meter({"MUT_AUTH_011"});
  TestClient client(meter, testing::k_management_sap);
  client.hls_passes_1_and_2();
  EXPECT_TRUE(readable_by(client, 3, k_energy));
  client.ciphered = false;
  EXPECT_TRUE(readable_by(client, 3, k_energy));
}

}  // namespace
}  // namespace meterproof::simulated
