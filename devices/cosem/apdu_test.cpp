#include "devices/cosem/apdu.hpp"

#include <algorithm>

#include "devices/cosem/acse.hpp"
#include "devices/cosem/ciphering.hpp"
#include "devices/cosem/initiate.hpp"
#include "devices/cosem/test_only/random_data.hpp"
#include "devices/cosem/test_vectors.hpp"

namespace meterproof::cosem {
namespace {

using test::hex;

// One APDU of each alternative with random contents.
class RandomApdu {
 public:
  explicit RandomApdu(unsigned seed) : random_(seed) {}

  std::vector<Apdu> one_of_each() {
    return {GetRequestNormal{invoke(), attribute(), access()},
            GetRequestNext{invoke(), number()},
            GetRequestWithList{invoke(), {selected(), selected()}},
            GetResponseNormal{invoke(), random_.data()},
            GetResponseNormal{invoke(), DataAccessResult::object_undefined},
            GetResponseWithBlock{invoke(), true, number(), random_.octets(300)},
            GetResponseWithBlock{invoke(), false, number(), DataAccessResult::long_get_aborted},
            GetResponseWithList{invoke(), {random_.data(), DataAccessResult::other_reason}},
            SetRequestNormal{invoke(), attribute(), access(), random_.data()},
            SetRequestWithFirstBlock{invoke(), attribute(), access(), block()},
            SetRequestWithBlock{invoke(), block()},
            SetRequestWithList{invoke(), {selected()}, {random_.data()}},
            SetResponseNormal{invoke(), DataAccessResult::type_unmatched},
            SetResponseBlock{invoke(), number()},
            SetResponseLastBlock{invoke(), DataAccessResult::success, number()},
            SetResponseWithList{invoke(), {DataAccessResult::success}},
            ActionRequestNormal{invoke(), method(), random_.data()},
            ActionRequestNormal{invoke(), method(), {}},
            ActionRequestNextPblock{invoke(), number()},
            ActionRequestWithList{invoke(), {method()}, {random_.data()}},
            ActionRequestWithFirstPblock{invoke(), method(), block()},
            ActionRequestWithPblock{invoke(), block()},
            ActionResponseNormal{invoke(), outcome()},
            ActionResponseNormal{invoke(), {ActionResult::read_write_denied, {}}},
            ActionResponseWithPblock{invoke(), block()},
            ActionResponseWithList{invoke(), {outcome(), outcome()}},
            ActionResponseNextPblock{invoke(), number()},
            DataNotification{number(), random_.date_time(), random_.data()},
            DataNotification{number(), {}, random_.data()},
            EventNotification{random_.date_time(), attribute(), random_.data()},
            ExceptionResponse{1, 2, {}},
            ExceptionResponse{1, 6, number()},
            ConfirmedServiceError{1, 6, 1}};
  }

 private:
  std::uint8_t invoke() { return static_cast<std::uint8_t>(random_.bits()); }
  std::uint32_t number() { return static_cast<std::uint32_t>(random_.bits()); }
  AttributeDescriptor attribute() {
    return {static_cast<std::uint16_t>(random_.bits()), random_.name(),
            static_cast<std::int8_t>(random_.bits())};
  }
  MethodDescriptor method() {
    return {15, random_.name(), static_cast<std::int8_t>(random_.bits())};
  }
  std::optional<SelectiveAccess> access() {
    if (random_.bits() % 2 == 0) return std::nullopt;
    return SelectiveAccess{2, random_.data()};
  }
  SelectedAttribute selected() { return {attribute(), access()}; }
  DataBlock block() { return {random_.bits() % 2 == 0, number(), random_.octets(300)}; }
  ActionOutcome outcome() { return {ActionResult::success, random_.data()}; }

  test::RandomData random_;
};

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
