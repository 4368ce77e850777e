#include "devices/hdlc/frame_reader.hpp"

#include <gtest/gtest.h>

#include <random>

#include "devices/hdlc/test_data/hex.hpp"
#include "harness/errors.hpp"

namespace meterproof::hdlc {
namespace {

// A GET response whose FCS contains the flag octet: splitting at flags loses it.
const char* const k_flag_in_fcs = "7EA01B0300023C4752D551E6E700C401C10009060100202000FF7E8C7E";
const char* const k_snrm = "7EA0070321930F017E";

std::vector<Frame> all_frames(FrameReader& reader) {
  std::vector<Frame> frames;
  while (auto frame = reader.next()) frames.push_back(*std::move(frame));
  return frames;
}

Frame random_frame(std::mt19937& random) {
  const auto upto = [&](unsigned most) { return static_cast<unsigned>(random() % (most + 1)); };
  Frame frame;
  switch (upto(2)) {
    case 0:
      frame.destination = Address::server(static_cast<std::uint16_t>(upto(127)));
      break;
    case 1:
      frame.destination = Address::server(static_cast<std::uint16_t>(upto(127)),
                                          static_cast<std::uint16_t>(upto(127)));
      break;
    default:
      frame.destination = Address::server_4_octets(static_cast<std::uint16_t>(upto(16383)),
                                                   static_cast<std::uint16_t>(upto(16383)));
  }
  frame.source = Address::client(static_cast<std::uint8_t>(upto(127)));
  frame.control = static_cast<std::uint8_t>(upto(255));
  frame.segmented = upto(1) == 1;
  frame.information.resize(upto(3) == 0 ? 0 : upto(600));
  // Many flags inside: they must not be taken for the end.
  for (auto& octet : frame.information) {
    octet = upto(3) == 0 ? k_flag : static_cast<std::byte>(upto(255));
  }
  return frame;
}

TEST(FrameReader, TheSameFramesComeOutHoweverTheOctetsAreCut) {
  std::mt19937 random(1);
  for (int round = 0; round < 50; ++round) {
    std::vector<Frame> sent;
    Bytes line;
    for (int i = 0; i < 8; ++i) {
      sent.push_back(random_frame(random));
      const Bytes octets = encode(sent.back());
      // Some senders share one flag between two frames, some fill the pause with flags.
      const std::size_t skipped = !line.empty() && random() % 2 == 0 ? 1 : 0;
      line.insert(line.end(), octets.begin() + static_cast<std::ptrdiff_t>(skipped), octets.end());
      if (random() % 4 == 0) line.insert(line.end(), random() % 4, k_flag);
    }
    FrameReader reader;
    std::vector<Frame> received;
    for (std::size_t at = 0; at < line.size();) {
      const std::size_t most = round == 0 ? 1 : 1 + random() % 200;
      const std::size_t count = std::min(most, line.size() - at);
      reader.push(BytesView(line).subspan(at, count));
      for (Frame& frame : all_frames(reader)) received.push_back(std::move(frame));
      at += count;
    }
    ASSERT_EQ(received, sent) << "round " << round;
    EXPECT_EQ(reader.counts().noise_octets, 0U);
    EXPECT_FALSE(reader.in_frame());
  }
}

TEST(FrameReader, NoiseOfAnyKindDoesNotCostTheFrameBehindIt) {
  std::mt19937 random(2);
  for (int round = 0; round < 2000; ++round) {
    Bytes line(random() % 40);
    for (auto& octet : line) {
      // Flags, formats and plausible lengths are the noise that hurts.
      const auto choice = random() % 4;
      octet = choice == 0   ? k_flag
              : choice == 1 ? std::byte{0xA0}
                            : static_cast<std::byte>(random() & 0xFF);
    }
    const Bytes frame = hex(round % 2 == 0 ? k_flag_in_fcs : k_snrm);
    line.insert(line.end(), frame.begin(), frame.end());
    FrameReader reader;
    reader.push(line);
    auto frames = all_frames(reader);
    if (frames.empty()) {  // noise promised a longer frame: silence ends that
      reader.idle();
      frames = all_frames(reader);
    }
    ASSERT_FALSE(frames.empty()) << "round " << round;
    EXPECT_EQ(encode(frames.back()), frame) << "round " << round;
  }
}

TEST(FrameReader, ADamagedFrameIsCountedAndTheNextOneTaken) {
  Bytes damaged = hex(k_flag_in_fcs);
  damaged[20] ^= std::byte{1};
  FrameReader reader;
  reader.push(damaged);
  EXPECT_FALSE(reader.next());
  EXPECT_EQ(reader.counts().bad_frame_checks, 1U);
  reader.push(hex(k_snrm));
  const auto frame = reader.next();
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->kind(), FrameKind::set_normal_response_mode);
}

TEST(FrameReader, ADefectiveReaderTakesTheDamagedFrame) {
  Bytes damaged = hex(k_flag_in_fcs);
  damaged[20] ^= std::byte{1};
  FrameReader reader({.frame_check = false});
  reader.push(damaged);
  EXPECT_TRUE(reader.next());
  EXPECT_EQ(reader.counts().bad_frame_checks, 1U);
}

TEST(FrameReader, AWrongHeaderCheckIsNoFrame) {
  Bytes damaged = hex(k_flag_in_fcs);
  damaged[9] ^= std::byte{1};
  FrameReader reader;
  reader.push(damaged);
  EXPECT_FALSE(reader.next());
  EXPECT_EQ(reader.counts().bad_header_checks, 1U);
}

TEST(Frame, EverythingThatIsNotAFrameGivesAnError) {
  const Bytes whole = hex(k_flag_in_fcs);
  const BytesView octets = BytesView(whole).subspan(1, whole.size() - 2);
  ASSERT_TRUE(decode(octets));
  for (std::size_t length = 0; length < octets.size(); ++length) {
    EXPECT_TRUE(decode(octets.first(length)).has_error()) << length;
  }
  for (std::size_t bit = 0; bit < octets.size() * 8; ++bit) {
    Bytes flipped(octets.begin(), octets.end());
    flipped[bit / 8] ^= static_cast<std::byte>(1 << bit % 8);
    EXPECT_TRUE(decode(flipped).has_error()) << "bit " << bit;
  }
}

TEST(Frame, KindsHaveTheStandardsNamesAndOthersAreUnknown) {
  Frame frame;
  for (const auto& [control, name] : {std::pair{0x10, "I"},
                                      {0x11, "RR"},
                                      {0x15, "RNR"},
                                      {0x19, "REJ"},
                                      {0x93, "SNRM"},
                                      {0x73, "UA"},
                                      {0x53, "DISC"},
                                      {0x1F, "DM"},
                                      {0x97, "FRMR"},
                                      {0x13, "UI"},
                                      {0xEF, "unknown"}}) {
    frame.control = static_cast<std::uint8_t>(control);
    EXPECT_EQ(to_string(frame.kind()), name);
  }
  EXPECT_THROW(unnumbered_control(FrameKind::receive_ready), harness::InternalError);
}

TEST(Address, AThreeOctetAddressIsRefused) {
  EXPECT_EQ(parse_address(hex("020203")).error(), HdlcError::bad_format);
  EXPECT_EQ(parse_address(hex("0202020203")).error(), HdlcError::bad_format);
  EXPECT_EQ(parse_address(hex("0202")).error(), HdlcError::truncated);
}

TEST(Address, FourOctetsCarryFourteenBitsEach) {
  Bytes octets;
  append_address(octets, Address::server_4_octets(0x1234, 0x3FFF));
  EXPECT_EQ(octets, hex("4868FEFF"));
  EXPECT_EQ(parse_address(octets)->address, Address::server_4_octets(0x1234, 0x3FFF));
}

}  // namespace
}  // namespace meterproof::hdlc
