#include "devices/cosem/apdu.hpp"

#include <algorithm>

#include "devices/cosem/acse.hpp"
#include "devices/cosem/ciphering.hpp"
#include "devices/cosem/initiate.hpp"
#include "devices/cosem/test_only/random_apdu.hpp"
#include "devices/cosem/test_vectors.hpp"

namespace meterproof::cosem {
namespace {

using test::hex;
using test::RandomApdu;

TEST(Apdu, EveryKindSurvivesEncodingAndDecoding) {
  RandomApdu random(3);
  for (int round = 0; round < 100; ++round) {
    for (const Apdu& apdu : random.one_of_each()) {
      const Bytes octets = encode_apdu(apdu);
      const auto back = decode_apdu(octets);
      ASSERT_TRUE(back) << to_hex(octets) << ": " << back.error().message();
      EXPECT_EQ(*back, apdu) << to_hex(octets);
    }
  }
}

TEST(Apdu, EveryTruncationIsAnError) {
  RandomApdu random(4);
  for (const Apdu& apdu : random.one_of_each()) {
    const Bytes octets = encode_apdu(apdu);
    for (std::size_t size = 0; size < octets.size(); ++size) {
      const auto cut = decode_apdu(BytesView(octets).first(size));
      // The invocation counter of an exception is optional, so it may be cut off whole.
      const bool counter_cut_off = cut && std::holds_alternative<ExceptionResponse>(apdu);
      EXPECT_TRUE(!cut || counter_cut_off) << to_hex(octets) << " cut to " << size;
    }
  }
}

TEST(Apdu, ThePublishedGetRequestIsTheOneWeMake) {
  const GetRequestNormal clock{0x00, {8, names::k_clock, 2}, {}};
  EXPECT_EQ(encode_apdu(clock), test::field("gb-t40-auth", "plaintext_apdu"));
}

TEST(Apdu, ChoicesThatDoNotExistAndTrailingOctetsAreErrors) {
  EXPECT_EQ(decode_apdu({}).error(), CosemError::truncated);
  EXPECT_EQ(decode_apdu(hex("C00481")).error(), CosemError::bad_tag);
  EXPECT_EQ(decode_apdu(hex("FF0181")).error(), CosemError::bad_tag);
  EXPECT_EQ(decode_apdu(hex("C4018102")).error(), CosemError::bad_tag);
  EXPECT_EQ(decode_apdu(hex("C40181000000")).error(), CosemError::trailing_octets);
  EXPECT_EQ(decode_apdu(hex("C40181")).error(), CosemError::truncated) << "no result at all";
  EXPECT_EQ(decode_apdu(hex("C4038184FFFFFFFF00")).error(), CosemError::truncated);
}

TEST(Apdu, ThePushOfARealMeterIsRead) {
  const auto push = decode_apdu(test::field("tirol-push", "plaintext"));
  ASSERT_TRUE(push) << push.error().message();
  const auto& notification = std::get<DataNotification>(*push);
  EXPECT_EQ(to_string(*notification.date_time), "2021-07-19 15:46:35.00 -120 DST");
  const auto* elements = notification.body.elements();
  ASSERT_NE(elements, nullptr);
  ASSERT_EQ(elements->size(), 12u);
  EXPECT_EQ((*elements)[2].elements()->at(1).text(), "1KFM0100000035");
  EXPECT_EQ(encode_apdu(*push), test::field("tirol-push", "plaintext"));
}

TEST(Apdu, AnotherMakersPushInsideAnHdlcFrameIsRead) {
  // Information field: flag, format, addresses, control, HCS before it; FCS and flag after it.
  const Bytes frame = test::field("kaifa-hdlc-push", "frame");
  const Bytes header = hex("E6E700");
  const auto llc = std::search(frame.begin(), frame.end(), header.begin(), header.end());
  ASSERT_NE(llc, frame.end());
  const BytesView apdu =
      BytesView(frame).subspan(static_cast<std::size_t>(llc - frame.begin()) + 3,
                               static_cast<std::size_t>(frame.end() - llc) - 3 - 3);
  const auto push = decode_apdu(apdu);
  ASSERT_TRUE(push) << push.error().message();
  const auto& notification = std::get<DataNotification>(*push);
  EXPECT_EQ(to_string(*notification.date_time), "2023-09-04 16:52:00");
  EXPECT_EQ(notification.body.elements()->at(0).text(), "KFM_001");
}

// What comes from a meter under attack: anything. All decoders must come back.
TEST(Codecs, EveryTruncationAndFlippedBitOfEveryVectorGivesAValueOrAnError) {
  const SecurityKeys keys;
  std::size_t decoded = 0;
  const auto all_decoders = [&](BytesView octets) {
    decoded += decode_data(octets).has_value();
    decoded += decode_apdu(octets).has_value();
    decoded += decode_acse(octets).has_value();
    decoded += decode_initiate_request(octets).has_value();
    decoded += decode_initiate_response(octets).has_value();
    decoded += parse_ciphered(octets).has_value();
    decoded += unprotect(keys, {}, octets).has_value();
  };
  for (const Bytes& vector : test::all_octets()) {
    for (std::size_t size = 0; size <= vector.size(); ++size) {
      all_decoders(BytesView(vector).first(size));
    }
    for (std::size_t bit = 0; bit < 8 * vector.size(); ++bit) {
      Bytes changed = vector;
      changed[bit / 8] ^= static_cast<std::byte>(1 << bit % 8);
      all_decoders(changed);
    }
  }
  EXPECT_GT(decoded, 0u);
}

}  // namespace
}  // namespace meterproof::cosem
