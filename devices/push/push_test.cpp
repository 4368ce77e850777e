// Pushes of real meters (test_data/README.md) over their own framing and over the others, in chunks
// of any size, with noise, with the wrong key and cut at every octet.

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <fstream>
#include <iterator>

#include "devices/cosem/test_vectors.hpp"
#include "devices/push/notification.hpp"

namespace meterproof::push {
namespace {

using cosem::test::hex;

Bytes captured(std::string_view id, const char* what = "octets") {
  std::ifstream file(METERPROOF_SOURCE_DIR "/devices/push/test_data/pushes.json");
  const auto document = boost::json::parse(std::string(std::istreambuf_iterator<char>(file), {}));
  for (const auto& push : document.at("pushes").as_array()) {
    if (push.at("id").as_string() == id) return hex(std::string(push.at(what).as_string()));
  }
  throw std::out_of_range(std::string(id));
}

std::vector<Telegram> telegrams_in(BytesView octets, std::size_t chunk,
                                   Framing framing = Framing::automatic) {
  TelegramReader reader(framing);
  std::vector<Telegram> telegrams;
  for (std::size_t at = 0; at < octets.size(); at += chunk) {
    reader.push(octets.subspan(at, std::min(chunk, octets.size() - at)));
    while (auto telegram = reader.next()) telegrams.push_back(*std::move(telegram));
  }
  reader.idle();
  while (auto telegram = reader.next()) telegrams.push_back(*std::move(telegram));
  return telegrams;
}

Bytes joined(std::initializer_list<Bytes> parts) {
  Bytes all;
  for (const Bytes& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

TEST(Push, AKaifaMetersFrameIsReadAndItsHabitsAreNamed) {
  const auto telegrams = telegrams_in(captured("kaifa-hdlc"), 7);
  ASSERT_EQ(telegrams.size(), 1U);
  EXPECT_EQ(telegrams[0].framing, Framing::hdlc);
  EXPECT_EQ(telegrams[0].oddities, std::vector<std::string>{"I-frame without a connection"});
  const auto push = open_push(telegrams[0].apdu, {});
  ASSERT_TRUE(push) << push.error().message();
  EXPECT_FALSE(push->ciphered);
  const auto* body = push->notification.body.elements();
  ASSERT_NE(body, nullptr);
  ASSERT_EQ(body->size(), 18U);
  EXPECT_EQ((*body)[0].text(), "KFM_001");
  EXPECT_EQ((*body)[2].text(), "MA304H4D");
  EXPECT_EQ((*body)[3].unsigned_integer(), 0x44FU);
  const std::string text = describe(telegrams[0], *push);
  EXPECT_NE(text.find("\"MA304H4D\""), std::string::npos) << text;
}

TEST(Push, ATiroleanMetersMbusPushIsDecipheredAndScaled) {
  const auto telegrams = telegrams_in(captured("tirol-mbus"), 11);
  ASSERT_EQ(telegrams.size(), 1U);
  EXPECT_EQ(telegrams[0].framing, Framing::mbus);
  EXPECT_EQ(telegrams[0].from, "1");
  EXPECT_EQ(telegrams[0].to, "103");
  const auto push = open_push(telegrams[0].apdu, {captured("tirol-mbus", "key"), {}});
  ASSERT_TRUE(push) << push.error().message();
  EXPECT_TRUE(push->ciphered);
  EXPECT_EQ(push->invocation_counter, 0x295B9AU);
  EXPECT_EQ(cosem::encode_apdu(push->notification), cosem::test::field("tirol-push", "plaintext"));
  const std::string text = describe(telegrams[0], *push);
  EXPECT_NE(text.find("1-0:32.7.0.255     230.8 V"), std::string::npos) << text;
  EXPECT_NE(text.find("1-0:1.8.0.255      9108 Wh"), std::string::npos) << text;
  EXPECT_NE(text.find("oddity: not authenticated"), std::string::npos) << text;
}

TEST(Push, WithoutItsKeyOrWithAnotherThereIsAnErrorAndNoValue) {
  const auto telegrams = telegrams_in(captured("tirol-mbus"), 400);
  ASSERT_EQ(telegrams.size(), 1U);
  EXPECT_EQ(open_push(telegrams[0].apdu, {}).error(), cosem::CosemError::missing_secret);
  EXPECT_FALSE(open_push(telegrams[0].apdu, {Bytes(16), {}}));
  EXPECT_FALSE(open_push(telegrams[0].apdu, {Bytes(5), {}}));
}

TEST(Push, TheSuiteIsThatOfTheTelegramAndItsKeysMustFit) {
  const Bytes plain = cosem::test::field("tirol-push", "plaintext");
  const cosem::SystemTitle title{};
  const auto telegram = [&](cosem::SecuritySuite suite) {
    const Bytes key(cosem::key_octets(suite), std::byte{7});
    const auto keys = cosem::security_keys_from(key, key, suite);
    return cosem::protect_apdu(*keys, title, cosem::security_control::k_authenticated_encrypted, 9,
                               plain, cosem::CipherForm::general_global)
        .value();
  };
  const Bytes short_key(16, std::byte{7}), long_key(32, std::byte{7});
  for (const auto suite : {cosem::SecuritySuite::suite_0, cosem::SecuritySuite::suite_1,
                           cosem::SecuritySuite::suite_2}) {
    const bool is_2 = suite == cosem::SecuritySuite::suite_2;
    const auto push = open_push(
        telegram(suite), is_2 ? PushKeys{long_key, long_key} : PushKeys{short_key, short_key});
    ASSERT_TRUE(push) << push.error().message();
    EXPECT_EQ(cosem::encode_apdu(push->notification), plain);
    EXPECT_EQ(open_push(telegram(suite),
                        is_2 ? PushKeys{short_key, short_key} : PushKeys{long_key, long_key})
                  .error(),
              cosem::CosemError::bad_length);
  }
}

TEST(Push, EveryFramingGivesTheSameApduWhateverTheChunks) {
  const Bytes apdu = cosem::test::field("tirol-push", "plaintext");
  const Bytes with_llc = joined({hex("E6E700"), apdu});
  Bytes hdlc_segments;
  for (std::size_t at = 0; at < with_llc.size(); at += 100) {
    const std::size_t size = std::min<std::size_t>(100, with_llc.size() - at);
    hdlc::Frame frame{hdlc::Address::client(1), hdlc::Address::server(1, 17), 0x13,
                      at + size < with_llc.size(),
                      Bytes(with_llc.begin() + static_cast<std::ptrdiff_t>(at),
                            with_llc.begin() + static_cast<std::ptrdiff_t>(at + size))};
    hdlc_segments = joined({hdlc_segments, hdlc::encode(frame)});
  }
  Bytes mbus_segments;
  for (const auto& frame : mbus::segments({0xFF, 1, 103, apdu})) {
    mbus_segments = joined({mbus_segments, mbus::encode(frame)});
  }
  const Bytes wrapped = hdlc::encode(hdlc::WrapperPdu{1, 103, apdu});
  for (const auto& [framing, one] : {std::pair{Framing::hdlc, hdlc_segments},
                                     {Framing::mbus, mbus_segments},
                                     {Framing::wrapper, wrapped}}) {
    const Bytes twice = joined({one, one});
    for (const std::size_t chunk :
         {std::size_t{1}, std::size_t{2}, std::size_t{13}, twice.size()}) {
      for (const Framing asked : {framing, Framing::automatic}) {
        const auto telegrams = telegrams_in(twice, chunk, asked);
        ASSERT_EQ(telegrams.size(), 2U) << static_cast<int>(framing) << " " << chunk;
        for (const Telegram& telegram : telegrams) {
          EXPECT_EQ(telegram.framing, framing);
          EXPECT_EQ(telegram.apdu, apdu);
        }
      }
    }
  }
}

TEST(Push, NoiseAndDamageDoNotCostTheNextTelegram) {
  const Bytes good = captured("kaifa-hdlc");
  Bytes damaged = good;
  damaged[40] ^= std::byte{4};
  const auto telegrams =
      telegrams_in(joined({hex("7E7E00A068FA"), damaged, hex("7E16"), good, good}), 3);
  EXPECT_EQ(telegrams.size(), 2U);
}

TEST(Push, CutAnywhereThereIsNoTelegramAndNoNotification) {
  for (const char* id : {"kaifa-hdlc", "tirol-mbus"}) {
    const Bytes whole = captured(id);
    for (std::size_t size = 0; size < whole.size(); ++size) {
      EXPECT_TRUE(telegrams_in(BytesView(whole).first(size), 50).empty()) << id << " " << size;
    }
  }
  const Bytes plain = cosem::test::field("tirol-push", "plaintext");
  for (std::size_t size = 0; size < plain.size(); ++size) {
    EXPECT_FALSE(open_push(BytesView(plain).first(size), {})) << size;
  }
}

TEST(Push, AnotherApduIsNoPush) {
  EXPECT_EQ(open_push(hex("C001C100080000010000FF0200"), {}).error(),
            cosem::CosemError::unexpected_apdu);
}

}  // namespace
}  // namespace meterproof::push
