// What an attacker on the line can do with protected messages, and with messages that lie.
#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>

#include "devices/simulated/meter/test_meter.hpp"

namespace meterproof::simulated {
namespace {

using cosem::Bytes;
using cosem::Data;
using testing::readable_by;
using testing::TestClient;
using testing::TestMeter;

constexpr cosem::LogicalName k_note{{0, 0, 96, 50, 0, 255}};
constexpr cosem::LogicalName k_register = cosem::names::k_active_import;

Bytes set_request(std::uint32_t value) {
  cosem::SetRequestNormal request;
  request.attribute = {1, k_note, 2};
  request.value = Data(value);
  return cosem::encode_apdu(request);
}

Data note_of(TestClient& client) { return std::get<Data>(client.get(1, k_note)); }

bool is_exception(cosem::BytesView octets) {
  return !octets.empty() && octets.front() == std::byte{cosem::tags::k_exception_response};
}

TEST(MeterProtection, APlainRequestIsRefusedWhereProtectionIsDemanded) {
  TestMeter meter;
  TestClient client(meter, testing::k_management_sap);
  client.open();
  EXPECT_TRUE(is_exception(client.send(set_request(5))));
  client.ciphered = false;
  EXPECT_FALSE(readable_by(client, 3, k_register));
}

TEST(MeterProtection, LessProtectionThanDemandedIsRefused) {
  TestMeter meter;
  TestClient client(meter, testing::k_management_sap);
  client.open();
  for (const std::uint8_t control :
       {cosem::security_control::k_authenticated, cosem::security_control::k_encrypted}) {
    const auto weak = cosem::protect_apdu(client.keys, testing::k_client_title, control,
                                          client.counter++, set_request(5));
    EXPECT_TRUE(is_exception(client.send(*weak)));
  }
  EXPECT_NE(note_of(client), Data(std::uint32_t{5}));
}

TEST(MeterProtection, EveryBitOfTheTagCounts) {
  TestMeter meter;
  TestClient client(meter, testing::k_management_sap);
  client.open();
  for (std::size_t bit = 0; bit < 96; ++bit) {
    Bytes request = client.protect(set_request(5));
    request[request.size() - 12 + bit / 8] ^= static_cast<std::byte>(1U << bit % 8);
    EXPECT_TRUE(is_exception(client.send(request))) << "bit " << bit;
  }
  for (std::size_t cut = 1; cut <= 12; ++cut) {
    Bytes request = client.protect(set_request(5));
    request.resize(request.size() - cut);
    EXPECT_TRUE(is_exception(client.send(request))) << "cut by " << cut;
  }
  EXPECT_NE(note_of(client), Data(std::uint32_t{5}));
}

TEST(MeterProtection, AForgedCounterDoesNotLockTheClientOut) {
  TestMeter meter;
  TestClient client(meter, testing::k_management_sap);
  client.open();
  Bytes forged = client.protect(set_request(5));
  forged[3] = forged[4] = std::byte{0xFF};  // the counter's high octets
  EXPECT_TRUE(is_exception(client.send(forged)));
  EXPECT_TRUE(readable_by(client, 3, k_register));
}

// Replays a SET after another one, byte by byte; true when it took effect again.
bool replay_works(std::initializer_list<const char*> weaknesses, bool in_a_new_association) {
  TestMeter meter(weaknesses);
  TestClient client(meter, testing::k_management_sap);
  client.open();
  const Bytes recorded = client.protect(set_request(5));
  client.send(recorded);
  client.send(client.protect(set_request(6)));
  TestClient other(meter, testing::k_management_sap);
  TestClient& victim = in_a_new_association ? other : client;
  if (in_a_new_association) {
    other.counter = client.counter;
    other.open();
  }
  victim.send(recorded);
  return note_of(victim) == Data(std::uint32_t{5});
}

TEST(MeterProtection, AReplayHasNoEffect) {
  EXPECT_FALSE(replay_works({}, false));
  EXPECT_FALSE(replay_works({}, true));
}
TEST(MeterWeakness, Dlms004ExecutesReplays) {
  EXPECT_TRUE(replay_works({"MUT_DLMS_004"}, false));
  EXPECT_TRUE(replay_works({"MUT_DLMS_004"}, true));
}

TEST(MeterProtection, GeneralCipheringIsCheckedTheSameWay) {
  TestMeter meter;
  TestClient client(meter, testing::k_management_sap);
  client.open();
  const Bytes general = client.protect(set_request(5), cosem::CipherForm::general_global);
  EXPECT_TRUE(cosem::is_ciphered(client.send(general)));
  EXPECT_EQ(note_of(client), Data(std::uint32_t{5}));
  client.send(client.protect(set_request(6)));
  EXPECT_TRUE(is_exception(client.send(general)));
  EXPECT_EQ(note_of(client), Data(std::uint32_t{6}));
}

TEST(MeterProtection, CountersSurviveAPowerCut) {
  const auto file = std::filesystem::path(::testing::TempDir()) / "meter_counters.json";
  std::filesystem::remove(file);
  TestMeter meter({}, file.string());
  TestClient client(meter, testing::k_management_sap);
  client.open();
  const Bytes recorded = client.protect(set_request(5));
  client.send(recorded);
  const auto own_counter = [&](const Bytes& answer) {
    return cosem::parse_ciphered(answer)->invocation_counter;
  };
  const auto before = own_counter(client.send(client.protect(set_request(6))));

  meter.power_cut();
  TestClient again(meter, testing::k_management_sap);
  EXPECT_NE(again.hls_passes_1_and_2().result, cosem::association_result::k_accepted)
      << "counters that were used before";
  again.counter = client.counter;
  again.open();
  EXPECT_TRUE(is_exception(again.send(recorded)));
  EXPECT_GT(own_counter(again.send(again.protect(set_request(7)))), before)
      << "the meter may not reuse its own counters either";
}

TEST(MeterWeakness, Dlms001AsksForProtectionOnce) {
  TestMeter meter({"MUT_DLMS_001"});
  TestClient client(meter, testing::k_management_sap);
  client.open();
  client.ciphered = false;
  EXPECT_TRUE(readable_by(client, 3, k_register));
}

TEST(MeterWeakness, Dlms003ComparesFourOctetsOfTheTag) {
  TestMeter meter({"MUT_DLMS_003"});
  TestClient client(meter, testing::k_management_sap);
  client.open();
  Bytes request = client.protect(set_request(5));
  request.back() ^= std::byte{1};
  EXPECT_FALSE(is_exception(client.send(request)));
  EXPECT_EQ(note_of(client), Data(std::uint32_t{5}));
  request = client.protect(set_request(6));
  request[request.size() - 12] ^= std::byte{1};
  EXPECT_TRUE(is_exception(client.send(request)));
}

TEST(MeterWeakness, Dlms016PushesInClear) {
  TestMeter meter({"MUT_DLMS_016"});
  TestClient client(meter, testing::k_management_sap);
  client.open();
  client.action(40, {{0, 0, 25, 9, 0, 255}}, 1);
  ASSERT_EQ(client.last.replies.size(), 2U);
  EXPECT_EQ(client.last.replies[1].front(), std::byte{cosem::tags::k_data_notification});
}

TEST(MeterWeakness, Acl002ShowsTheEnergyToEverybody) {
  TestMeter meter({"MUT_ACL_002"});
  TestClient client(meter, testing::k_public_sap);
  client.open();
  EXPECT_TRUE(readable_by(client, 3, k_register));
  EXPECT_FALSE(readable_by(client, 7, cosem::names::k_load_profile));
}

TEST(MeterWeakness, Acl003DisconnectsForAnybody) {
  TestMeter meter({"MUT_ACL_003"});
  TestClient client(meter, testing::k_public_sap);
  EXPECT_EQ(client.action(70, cosem::names::k_disconnect_control, 1), cosem::ActionResult::success);
  EXPECT_FALSE(meter.plant.relay);
}

// A SET of an octet-string that claims 200 octets and has eight.
std::size_t answer_to_a_lying_length(std::initializer_list<const char*> weaknesses) {
  TestMeter meter(weaknesses);
  TestClient client(meter, testing::k_public_sap);
  client.open();
  cosem::SetRequestNormal request;
  request.attribute = {1, k_note, 2};
  request.value = cosem::octet_string(cosem::to_bytes("12345678"));
  Bytes lie = cosem::encode_apdu(request);
  lie[lie.size() - 9] = std::byte{100};
  return client.send(lie).size();
}

TEST(MeterProtection, ALyingLengthGetsAShortException) {
  EXPECT_LE(answer_to_a_lying_length({}), 4U);
}
TEST(MeterWeakness, Apdu001EchoesMemory) {
  EXPECT_GE(answer_to_a_lying_length({"MUT_APDU_001"}), 64U);
}

TEST(MeterProtection, NoCutOfARequestConfusesTheMeter) {
  TestMeter meter;
  TestClient client(meter, testing::k_management_sap);
  client.open();
  const Bytes whole = client.protect(set_request(5));
  for (std::size_t size = 0; size < whole.size(); ++size)
    client.send(cosem::BytesView(whole).first(size));
  EXPECT_TRUE(readable_by(client, 3, k_register));
}

}  // namespace
}  // namespace meterproof::simulated
