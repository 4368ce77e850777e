#include "harness/link/transcript.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "harness/errors.hpp"
#include "harness/link/capture.hpp"
#include "harness/link/synthetic_packet.hpp"
#include "harness/link/transcript_files.hpp"

namespace meterproof::link {
namespace {

std::vector<std::byte> octets_of(std::string_view text) {
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

struct Seen final : TransferSink {
  struct One {
    Direction direction;
    std::string text;
    std::vector<Redaction> redactions;
  };
  void transferred(const Transfer& transfer) override {
    all.push_back({transfer.direction,
                   {reinterpret_cast<const char*>(transfer.bytes.data()), transfer.bytes.size()},
                   {transfer.redactions.begin(), transfer.redactions.end()}});
  }
  std::string text() const {
    std::string joined;
    for (const One& one : all) joined += one.text + "|";
    return joined;
  }
  std::vector<One> all;
};

class TranscriptTest : public testing::Test {
 protected:
  void SetUp() override { secrets.add("p01.key", octets_of("OpenSesame")); }
  void say(Direction direction, std::string_view text) {
    transcript->record(direction, octets_of(text), harness::WallClock::now());
  }
  void sent(std::string_view text) { say(Direction::sent, text); }
  void received(std::string_view text) { say(Direction::received, text); }

  Secrets secrets;
  std::shared_ptr<Seen> seen = std::make_shared<Seen>();
  std::unique_ptr<Transcript> transcript =
      std::make_unique<Transcript>(seen, "p01.tcp", "tcp://127.0.0.1:1", secrets);
};

TEST_F(TranscriptTest, OctetsWithoutSecretsPassAtOnce) {
  sent("hello");
  received("world");
  EXPECT_EQ(seen->text(), "hello|world|");
}

TEST_F(TranscriptTest, ASecretIsOverwrittenWithTheSameLengthAndNoted) {
  sent("say OpenSesame!");
  ASSERT_EQ(seen->text(), "say **********!|");
  ASSERT_EQ(seen->all[0].redactions.size(), 1U);
  EXPECT_EQ(seen->all[0].redactions[0].offset, 4U);
  EXPECT_EQ(seen->all[0].redactions[0].length, 10U);
  EXPECT_EQ(seen->all[0].redactions[0].secret, "p01.key");
}

TEST_F(TranscriptTest, ASecretThatSpansTransfersIsOverwrittenInEach) {
  sent("xOpen");
  received("echo");
  sent("Ses");
  sent("amey");
  EXPECT_EQ(seen->text(), "x****|echo|***|***y|");
}

TEST_F(TranscriptTest, ASecretOctetByOctetDoesNotGetThrough) {
  for (const char letter : std::string_view("..OpenSesame..")) sent({&letter, 1});
  EXPECT_EQ(seen->text(), ".|.|*|*|*|*|*|*|*|*|*|*|.|.|");
}

TEST_F(TranscriptTest, WhatOnlyBeginsLikeASecretIsKept) {
  sent("Open");
  EXPECT_EQ(seen->text(), "");
  sent("Door");
  EXPECT_EQ(seen->text(), "Open|Door|");
}

TEST_F(TranscriptTest, TheEndOfAConnectionReleasesWhatWasHeld) {
  sent("Open");
  transcript.reset();
  EXPECT_EQ(seen->text(), "Open|");
}

TEST_F(TranscriptTest, HexadecimalTextAndEvenParityDoNotHideASecret) {
  sent("4f70656e536573616d65");
  sent("4F70656E536573616D65");
  std::string parity = "OpenSesame";
  for (char& letter : parity) {
    if (__builtin_parity(static_cast<unsigned char>(letter)) != 0) {
      letter = static_cast<char>(letter | '\x80');
    }
  }
  sent(parity);
  EXPECT_EQ(seen->text(), "********************|********************|**********|");
}

class RunFolder : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "linkXXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(folder); }
  static std::string content(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  Transfer transfer(std::string_view text, Direction direction = Direction::sent) {
    return {harness::WallClock::now(),
            direction,
            "p01.tcp",
            "tcp://127.0.0.1:4059 from 127.0.0.5:40000",
            1,
            std::as_bytes(std::span(text)),
            {Medium::tcp, "127.0.0.5:40000", "127.0.0.1:4059"},
            {}};
  }
  std::filesystem::path folder;
};

TEST_F(RunFolder, ATranscriptFileIsReadBack) {
  const harness::BenchClock clock(60.0);
  const std::vector<Redaction> redactions{{1, 2, "p01.\"key\""}};
  {
    TranscriptFiles files((folder / "transcripts").string(), &clock);
    Transfer one = transfer("a**b");
    one.redactions = redactions;
    files.transferred(one);
    files.transferred(transfer("cd", Direction::received));
  }
  std::istringstream lines(content(folder / "transcripts/p01.tcp.jsonl"));
  std::string line;
  ASSERT_TRUE(std::getline(lines, line));
  const auto first = boost::json::parse(line).as_object();
  EXPECT_EQ(first.at("dir"), "sent");
  EXPECT_EQ(first.at("hex"), "612a2a62");
  EXPECT_EQ(first.at("connection"), 1);
  EXPECT_EQ(first.at("redactions").at(0).at("secret"), "p01.\"key\"");
  EXPECT_EQ(first.at("redactions").at(0).at("offset"), 1);
  EXPECT_TRUE(first.contains("bench_ns"));
  EXPECT_EQ(first.at("t").as_string().size(),
            std::string_view("2026-01-01T00:00:00.000000Z").size());
  ASSERT_TRUE(std::getline(lines, line));
  EXPECT_EQ(boost::json::parse(line).at("dir"), "received");
  EXPECT_FALSE(std::getline(lines, line));
}

TEST_F(RunFolder, AChannelCannotLeadOutOfTheFolder) {
  {
    TranscriptFiles files((folder / "t").string());
    Transfer one = transfer("x");
    one.channel = "../evil";
    files.transferred(one);
  }
  EXPECT_TRUE(std::filesystem::exists(folder / "t/_.._evil.jsonl"));
}

TEST_F(RunFolder, ACaptureHoldsThePayloadInBlocksOfRightLength) {
  {
    Capture capture((folder / "captures/bench.pcapng").string());
    capture.transferred(transfer("ask-me"));
    capture.transferred(transfer("answer", Direction::received));
  }
  const std::string bytes = content(folder / "captures/bench.pcapng");
  std::vector<std::uint32_t> types;
  for (std::size_t at = 0; at < bytes.size();) {
    std::uint32_t type = 0, length = 0, again = 0;
    ASSERT_LE(at + 12, bytes.size());
    std::memcpy(&type, &bytes[at], 4);
    std::memcpy(&length, &bytes[at + 4], 4);
    ASSERT_LE(at + length, bytes.size());
    std::memcpy(&again, &bytes[at + length - 4], 4);
    ASSERT_EQ(length, again);
    types.push_back(type);
    at += length;
  }
  // Section, interface, three packets of the handshake, one each way.
  EXPECT_EQ(types, (std::vector<std::uint32_t>{0x0A0D0D0A, 1, 6, 6, 6, 6, 6}));
  EXPECT_NE(bytes.find("ask-me"), std::string::npos);
  EXPECT_NE(bytes.find("answer"), std::string::npos);
}

TEST(EvidenceFiles, AFullDiskIsABenchError) {
  if (!std::filesystem::exists("/dev/full")) GTEST_SKIP() << "this machine has no /dev/full";
  EvidenceFile file("/dev/full");
  file.append("evidence");
  EXPECT_THROW(file.flush(), harness::BenchError);
}

TEST(SyntheticPacket, HeadersSumToZero) {
  const auto from = parse_endpoint("127.0.0.5:40000"), to = parse_endpoint("127.0.0.1:4059");
  ASSERT_TRUE(from && to);
  const auto packet = tcp_packet(*from, *to, 7, 9, k_tcp_ack, std::as_bytes(std::span("odd", 3)));
  ASSERT_EQ(packet.size(), 20U + 20U + 3U);
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < 20; i += 2) {
    sum += std::to_integer<std::uint32_t>(packet[i]) << 8 |
           std::to_integer<std::uint32_t>(packet[i + 1]);
  }
  EXPECT_EQ((sum & 0xFFFF) + (sum >> 16), 0xFFFFU);
  EXPECT_FALSE(parse_endpoint("nowhere"));
  EXPECT_TRUE(parse_endpoint("[::1]:4059"));
}

}  // namespace
}  // namespace meterproof::link
