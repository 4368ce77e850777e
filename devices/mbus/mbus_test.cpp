// M-Bus frames and DLMS carriage against the published two-segment push of a Tirolean meter
// (fneur/smart-meter-tirol, doc/EXAMPLE.md; the vector "tirol-push" of devices/cosem/test_data):
// its checksums 0F and 11 and the cut of its segments.

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "devices/cosem/test_vectors.hpp"
#include "devices/mbus/dlms_carriage.hpp"
#include "harness/errors.hpp"

namespace meterproof::mbus {
namespace {

CarriedApdu published_push() {
  return {0xFF, 0x01, 0x67, cosem::test::field("tirol-push", "apdu")};
}

Bytes published_frames() {
  Bytes octets;
  for (const LongFrame& frame : segments(published_push())) {
    const Bytes one = encode(frame);
    octets.insert(octets.end(), one.begin(), one.end());
  }
  return octets;
}

TEST(Mbus, ThePublishedPushHasTheseSegmentsAndChecksums) {
  const auto frames = segments(published_push());
  ASSERT_EQ(frames.size(), 2U);
  const Bytes first = encode(frames[0]), second = encode(frames[1]);
  EXPECT_EQ(Bytes(first.begin(), first.begin() + 9), cosem::test::hex("68FAFA6853FF000167"));
  EXPECT_EQ(Bytes(first.end() - 2, first.end()), cosem::test::hex("0F16"));
  EXPECT_EQ(Bytes(second.begin(), second.begin() + 9), cosem::test::hex("6826266853FF110167"));
  EXPECT_EQ(Bytes(second.end() - 2, second.end()), cosem::test::hex("1116"));
}

TEST(Mbus, TheApduComesOutHoweverTheOctetsAreCut) {
  const Bytes octets = published_frames();
  for (std::size_t chunk = 1; chunk <= octets.size(); chunk += chunk < 20 ? 1 : 37) {
    LongFrameReader reader;
    Reassembly reassembly;
    std::vector<CarriedApdu> apdus;
    for (std::size_t at = 0; at < octets.size(); at += chunk) {
      reader.push(BytesView(octets).subspan(at, std::min(chunk, octets.size() - at)));
      while (const auto frame = reader.next()) {
        const auto apdu = reassembly.take(*frame);
        ASSERT_TRUE(apdu);
        if (*apdu) apdus.push_back(**apdu);
      }
    }
    ASSERT_EQ(apdus, std::vector{published_push()}) << chunk;
  }
}

TEST(Mbus, NoiseAndADamagedFrameDoNotCostTheNextOne) {
  Bytes stream = cosem::test::hex("E5107BFE7916686868FF68");
  Bytes damaged = encode(LongFrame{0x08, 1, 0x72, Bytes(10)});
  damaged[8] ^= std::byte{1};
  stream.insert(stream.end(), damaged.begin(), damaged.end());
  const LongFrame good{0x08, 2, 0x72, Bytes(20, std::byte{0x68})};
  const Bytes octets = encode(good);
  stream.insert(stream.end(), octets.begin(), octets.end());
  LongFrameReader reader;
  std::vector<LongFrame> frames;
  for (const std::byte& octet : stream) {
    reader.push({&octet, 1});
    while (auto frame = reader.next()) frames.push_back(*std::move(frame));
  }
  EXPECT_EQ(frames, std::vector{good});
  EXPECT_EQ(reader.bad_checksums(), 1U);
}

TEST(Mbus, ABeginningThatIsNeverCompletedIsGivenUp) {
  LongFrameReader reader;
  reader.push(cosem::test::hex("68FAFA68"));
  const LongFrame good{0x08, 2, 0x72, Bytes(5)};
  reader.push(encode(good));
  EXPECT_FALSE(reader.next());
  reader.idle();
  EXPECT_EQ(reader.next(), good);
}

TEST(Mbus, CutAnywhereAFrameIsTruncated) {
  const Bytes whole = encode(LongFrame{0x53, 0xFF, 0x10, Bytes(30)});
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_EQ(decode_long_frame(BytesView(whole).first(size)).error(), MbusError::truncated)
        << size;
  }
  for (std::size_t at = 0; at < whole.size(); ++at) {
    Bytes changed = whole;
    changed[at] ^= std::byte{0x40};
    EXPECT_FALSE(decode_long_frame(changed)) << at;
  }
}

TEST(Mbus, AMissingSegmentIsAnErrorAndTheNextMessageIsTaken) {
  CarriedApdu longer{1, 1, 16, Bytes(700, std::byte{0xAA})};
  const auto frames = segments(longer);
  ASSERT_EQ(frames.size(), 3U);
  Reassembly reassembly;
  EXPECT_EQ(reassembly.take(frames[1]).error(), MbusError::bad_sequence);
  EXPECT_TRUE(reassembly.take(frames[0]));
  EXPECT_EQ(reassembly.take(frames[2]).error(), MbusError::bad_sequence);
  EXPECT_EQ(reassembly.take(LongFrame{0x53, 0xFF, 0x72, Bytes(5)}).error(), MbusError::not_dlms);
  EXPECT_EQ(reassembly.take(LongFrame{0x53, 0xFF, 0x10, Bytes(1)}).error(), MbusError::truncated);
  for (std::size_t i = 0; i < 3; ++i) {
    const auto apdu = reassembly.take(frames[i]);
    ASSERT_TRUE(apdu);
    EXPECT_EQ(apdu->has_value(), i == 2);
    if (*apdu) {
      EXPECT_EQ(**apdu, longer);
    }
  }
}

TEST(Mbus, ASixteenthSegmentThatIsNotTheLastIsAnError) {
  Reassembly reassembly;
  for (std::uint8_t number = 0; number < 15; ++number) {
    EXPECT_TRUE(reassembly.take({0x53, 1, number, Bytes(10)}));
  }
  EXPECT_EQ(reassembly.take({0x53, 1, 15, Bytes(10)}).error(), MbusError::bad_sequence);
  EXPECT_TRUE(reassembly.take({0x53, 1, 0x10, Bytes(10)}).value()) << "and the next begins afresh";
}

TEST(Mbus, EveryErrorHasWordsOfItsOwn) {
  std::set<std::string> words;
  for (int n = 1; n <= static_cast<int>(MbusError::too_long); ++n) {
    const std::string text = make_error_code(static_cast<MbusError>(n)).message();
    EXPECT_TRUE(words.insert(text).second) << text;
  }
  const std::string nobodys = make_error_code(static_cast<MbusError>(999)).message();
  EXPECT_FALSE(words.contains(nobodys)) << nobodys;
  EXPECT_STREQ(mbus_category().name(), "mbus");
}

TEST(Mbus, WhatTheLengthOctetCannotSayIsNotEncoded) {
  EXPECT_EQ(encode(LongFrame{0x53, 1, 0, Bytes(k_most_user_data)}).size(), 261U);
  EXPECT_THROW(encode(LongFrame{0x53, 1, 0, Bytes(k_most_user_data + 1)}), harness::InternalError);
}

TEST(Mbus, MoreThanSixteenSegmentsAreNotOffered) {
  EXPECT_EQ(segments({1, 1, 16, Bytes(16 * 245)}).size(), 16U);
  EXPECT_THROW(segments({1, 1, 16, Bytes(16 * 245 + 1)}), harness::InternalError);
}

}  // namespace
}  // namespace meterproof::mbus
