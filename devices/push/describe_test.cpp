// What people read of a push, and what a reader drops and counts.
#include <gtest/gtest.h>

#include "devices/cosem/test_vectors.hpp"
#include "devices/push/notification.hpp"

namespace meterproof::push {
namespace {

using cosem::Data;
using cosem::test::hex;

std::string described(Framing framing, Data body) {
  OpenedPush push;
  push.notification.long_invoke_id = 0x40000007;
  push.notification.body = std::move(body);
  return describe({framing, "1", "103", {}, {}}, push);
}

Data name(const char* text) { return cosem::octet_string(*cosem::LogicalName::parse(text)); }
Data scaler_unit(std::int8_t scaler, std::uint8_t unit) {
  return cosem::structure({scaler, cosem::Enum{unit}});
}

TEST(Describe, SaysWhatCarriedThePush) {
  EXPECT_EQ(described(Framing::hdlc, std::uint8_t{5}), "push over HDLC from 1 to 103, id 7\n  5\n");
  EXPECT_EQ(described(Framing::wrapper, true), "push over wrapper from 1 to 103, id 7\n  true\n");
  EXPECT_EQ(described(Framing::mbus, std::int8_t{-5}),
            "push over M-Bus from 1 to 103, id 7\n  -5\n");
  EXPECT_EQ(described(Framing::automatic, std::uint8_t{5}),
            "push over ? from 1 to 103, id 7\n  5\n");
}

TEST(Describe, PutsTheUnitAndTheScalerWithTheNumber) {
  for (const auto& [unit, text] : {std::pair{13, "12.34 m3"},
                                   {27, "12.34 W"},
                                   {28, "12.34 VA"},
                                   {29, "12.34 var"},
                                   {30, "12.34 Wh"},
                                   {31, "12.34 VAh"},
                                   {32, "12.34 varh"},
                                   {33, "12.34 A"},
                                   {35, "12.34 V"},
                                   {44, "12.34 Hz"},
                                   {99, "12.34 unit 99"}}) {
    const std::string shown = described(
        Framing::hdlc,
        cosem::structure({std::uint32_t{1234}, scaler_unit(-2, static_cast<std::uint8_t>(unit))}));
    EXPECT_NE(shown.find(text), std::string::npos) << shown;
  }
  const std::string count =
      described(Framing::hdlc, cosem::structure({std::uint32_t{12}, scaler_unit(2, 255)}));
  EXPECT_NE(count.find("  1200 \n"), std::string::npos) << count;
}

TEST(Describe, ALogicalNameStandsBeforeItsValue) {
  const std::string shown = described(
      Framing::hdlc, cosem::structure({name("1-0:1.7.0.255"), std::uint16_t{7},
                                       name("0-0:42.0.0.255"), name("0-0:96.1.0.255"),
                                       cosem::VisibleString{"MA304"}, cosem::Utf8String{"\x01"}}));
  EXPECT_NE(shown.find("  1-0:1.7.0.255      7\n"), std::string::npos) << shown;
  EXPECT_NE(shown.find("  0-0:42.0.0.255\n"), std::string::npos) << "two names, one value";
  EXPECT_NE(shown.find("  0-0:96.1.0.255     \"MA304\"\n"), std::string::npos) << shown;
  EXPECT_EQ(shown.find('\x01'), std::string::npos) << "nothing unprintable";
}

TEST(Describe, OddDateTimesAreTakenAndNamed) {
  // The date-time has the tag of an octet-string, which the standard does not want there.
  const auto push = open_push(hex("0F00000001"
                                  "090C07EA0504010A000000FFC400"
                                  "1105"),
                              {});
  ASSERT_TRUE(push) << push.error().message();
  EXPECT_EQ(push->notification.body, Data(std::uint8_t{5}));
  ASSERT_EQ(push->oddities.size(), 1U);
  const std::string text = describe({Framing::hdlc, "1", "2", {}, {"noise"}}, *push);
  EXPECT_NE(text.find("2026-05-04"), std::string::npos) << text;
  EXPECT_NE(text.find("oddity: noise"), std::string::npos) << text;
  EXPECT_NE(text.find("oddity: the date-time has the tag"), std::string::npos) << text;
}

TEST(OpenPush, SuiteOneWithoutATagIsOpenedAndNamed) {
  const PushKeys keys{Bytes(16, std::byte{1}), {}};
  const auto security = cosem::security_keys_from(keys.encryption, keys.encryption).value();
  const auto title = cosem::system_title_from(hex("4B464D1010000023")).value();
  Bytes apdu = cosem::protect_apdu(security, title, 0x20, 7, hex("0F00000001001105"),
                                   cosem::CipherForm::general_global)
                   .value();
  apdu[11] |= std::byte{1};  // security control: suite 1
  const auto push = open_push(apdu, keys);
  ASSERT_TRUE(push) << push.error().message();
  EXPECT_EQ(push->control, 0x21);
  ASSERT_EQ(push->oddities.size(), 2U);
  EXPECT_EQ(push->oddities[0], "security suite 1, encryption only");
}

TEST(OpenPush, WhatIsMissingIsSaid) {
  const PushKeys encryption_only{Bytes(16, std::byte{1}), {}};
  const auto security = cosem::SecurityKeys{};
  const auto title = cosem::system_title_from(hex("4B464D1010000023")).value();
  const Bytes plain = hex("0F00000001001105");
  const auto general =
      cosem::protect_apdu(security, title, 0x30, 7, plain, cosem::CipherForm::general_global);
  EXPECT_EQ(open_push(*general, encryption_only).error(), cosem::CosemError::missing_secret)
      << "an authenticated push without the authentication key";
  Bytes untitled = hex("DB00");
  cosem::append_octets(untitled, hex("2000000001AABB"));
  EXPECT_EQ(open_push(untitled, encryption_only).error(), cosem::CosemError::missing_secret)
      << "no system title";
}

TEST(TelegramReader, CountsWhatBecameNoTelegram) {
  TelegramReader frames(Framing::hdlc);
  frames.push(hdlc::encode(
      {hdlc::Address::client(1), hdlc::Address::server(1), 0x13, false, hex("0F00000001001105")}));
  EXPECT_FALSE(frames.next());
  EXPECT_EQ(frames.dropped(), 1U) << "no LLC header";
  frames.push(hdlc::encode({hdlc::Address::client(1), hdlc::Address::server(1), 0x13, false,
                            hex("E6E6000F00000001001105")}));
  const auto odd = frames.next();
  ASSERT_TRUE(odd);
  EXPECT_EQ(odd->oddities, std::vector<std::string>{"LLC header of a command (E6E600)"});

  TelegramReader segments(Framing::mbus);
  segments.push(mbus::encode({0x53, 0xFF, 0x11, Bytes(10)}));
  EXPECT_FALSE(segments.next());
  EXPECT_EQ(segments.dropped(), 1U) << "a second segment without the first";

  TelegramReader wrapped(Framing::wrapper);
  wrapped.push(hex("00020001006700011105"));
  EXPECT_FALSE(wrapped.next());
  EXPECT_EQ(wrapped.dropped(), 1U) << "version 2";
}

}  // namespace
}  // namespace meterproof::push
