// general-block-transfer between the client of devices/cosem and the simulated meter, in memory.
#include <gtest/gtest.h>

#include "devices/cosem/client.hpp"
#include "devices/cosem/test_only/random_data.hpp"
#include "devices/simulated/meter/test_only/meter_transport.hpp"

namespace meterproof::simulated {
namespace {

using testing::MeterTransport;
using testing::TestMeter;

// Counted from the start of the program, whose other tests may come first.
const harness::Deadline k_in_time = harness::Deadline::after(std::chrono::hours(1));
constexpr cosem::AttributeDescriptor k_buffer{7, cosem::names::k_load_profile, 2};
constexpr cosem::AttributeDescriptor k_objects{15, cosem::names::k_current_association, 2};

cosem::ClientSettings blocks_settings(bool ciphered, std::uint8_t window) {
  cosem::ClientSettings settings =
      ciphered ? testing::management_client() : testing::reader_client();
  settings.general_blocks.window = window;
  settings.general_blocks.patience = std::chrono::milliseconds(1);
  settings.initiate.max_pdu = 300;
  return settings;
}

struct BlockBench {
  BlockBench(const cosem::ClientSettings& settings, std::uint16_t sap)
      : transport(new MeterTransport(meter, sap)),
        client(std::unique_ptr<cosem::ApduTransport>(transport), settings) {
    const auto opened = client.open(k_in_time, {});
    EXPECT_TRUE(opened) << opened.error().message();
  }
  cosem::Result<cosem::Data> get(const cosem::AttributeDescriptor& what) {
    return client.get(what, k_in_time, {});
  }
  int sent(std::uint8_t tag) const {
    return static_cast<int>(std::ranges::count_if(
        transport->sent, [tag](const cosem::Bytes& one) { return one.front() == std::byte{tag}; }));
  }

  TestMeter meter;
  MeterTransport* transport;
  cosem::Client client;
};

TEST(GeneralBlocks, ALongValueIsTheSameWithEveryWindowPlainAndCiphered) {
  BlockBench without(blocks_settings(false, 0), testing::k_reader_sap);
  const auto expected = without.get(k_objects);
  ASSERT_TRUE(expected);
  ASSERT_EQ(without.sent(0xE0), 0);
  for (const bool ciphered : {false, true}) {
    for (const std::uint8_t window : {std::uint8_t{1}, std::uint8_t{6}, std::uint8_t{63}}) {
      BlockBench bench(blocks_settings(ciphered, window),
                       ciphered ? testing::k_management_sap : testing::k_reader_sap);
      const auto got = bench.get(k_buffer);
      ASSERT_TRUE(got) << got.error().message();
      EXPECT_EQ(got->elements()->size(), 960u);
      if (!ciphered) {
        EXPECT_EQ(bench.get(k_objects).value(), *expected);
      }
      EXPECT_EQ(bench.sent(cosem::tags::k_get_request), 0);
      for (const auto& answer : bench.transport->received) EXPECT_LE(answer.size(), 300u);
    }
  }
}

TEST(GeneralBlocks, AWiderWindowNeedsFewerAcknowledgements) {
  BlockBench narrow(blocks_settings(false, 1), testing::k_reader_sap);
  BlockBench wide(blocks_settings(false, 20), testing::k_reader_sap);
  ASSERT_TRUE(narrow.get(k_buffer));
  ASSERT_TRUE(wide.get(k_buffer));
  EXPECT_GT(narrow.sent(0xE0), 15 * wide.sent(0xE0));
}

TEST(GeneralBlocks, LostBlocksAreSentAgainInBothDirections) {
  for (const bool ciphered : {false, true}) {
    BlockBench bench(blocks_settings(ciphered, 5),
                     ciphered ? testing::k_management_sap : testing::k_reader_sap);
    int number = 0;
    bench.transport->lose = [&](const cosem::Bytes& octets) {
      return cosem::is_general_block(octets) && ++number % 7 == 0;
    };
    const auto got = bench.get(k_buffer);
    ASSERT_TRUE(got) << got.error().message();
    EXPECT_EQ(got->elements()->size(), 960u);
    EXPECT_GT(number, 50);
  }
}

TEST(GeneralBlocks, ALongWriteTravelsInBlocks) {
  BlockBench bench(blocks_settings(true, 5), testing::k_management_sap);
  const cosem::AttributeDescriptor scratch{1, testing::k_scratch_name, 2};
  const cosem::Data text = cosem::octet_string(cosem::to_bytes(std::string(4000, 'x')));
  int number = 0;
  bench.transport->lose = [&](const cosem::Bytes& octets) {
    return cosem::is_general_block(octets) && ++number == 2;
  };
  const auto written = bench.client.set(scratch, text, k_in_time, {});
  ASSERT_TRUE(written) << written.error().message();
  bench.transport->lose = {};
  EXPECT_EQ(bench.get(scratch).value(), text);
  EXPECT_EQ(bench.sent(0xC9), 0);
}

TEST(GeneralBlocks, AnswersComeInBlocksToAPlainRequestWhenNoOtherBlocksWereNegotiated) {
  cosem::ClientSettings settings = blocks_settings(false, 4);
  settings.general_blocks.short_requests = false;
  settings.initiate.conformance &= ~cosem::conformance::k_block_transfer_with_get;
  BlockBench bench(settings, testing::k_reader_sap);
  ASSERT_TRUE(bench.get(k_buffer));
  EXPECT_EQ(bench.sent(cosem::tags::k_get_request), 1);
  EXPECT_GT(bench.sent(0xE0), 10);
}

TEST(GeneralBlocks, BlocksThatWereNotNegotiatedAreRefusedByBothEnds) {
  BlockBench bench(blocks_settings(false, 0), testing::k_reader_sap);
  cosem::GeneralBlock block;
  block.data = *cosem::from_hex("C001C1");
  const auto answer = bench.client.raw_exchange(cosem::encode(block), k_in_time, {});
  ASSERT_TRUE(answer);
  EXPECT_EQ(cosem::to_hex(*answer), "D80202");
  bench.transport->instead = cosem::encode(block);
  EXPECT_EQ(bench.get(k_objects).error(), cosem::CosemError::unexpected_apdu);
  EXPECT_TRUE(bench.get(k_objects));
}

TEST(GeneralBlocks, BlocksThatNobodyAskedForDoNotBecomeAnswers) {
  cosem::ClientSettings settings = blocks_settings(false, 4);
  settings.general_blocks.short_requests = false;
  BlockBench bench(settings, testing::k_reader_sap);
  cosem::GeneralBlock late;
  late.number = 7;
  late.last = true;
  late.data = *cosem::from_hex("C401C1001101");
  bench.transport->inject(cosem::encode(late));
  EXPECT_TRUE(bench.get(k_objects));
  // Whole, but the answer to another request.
  late.number = 1;
  late.data = *cosem::from_hex("C401CE001101");
  bench.transport->inject(cosem::encode(late));
  EXPECT_EQ(bench.get(k_objects).error(), cosem::CosemError::wrong_invoke_id);
  late.data = {};
  bench.transport->inject(cosem::encode(late));
  EXPECT_FALSE(bench.get(k_objects));
}

TEST(GeneralBlocks, NonsenseInBlocksLeavesTheMeterSound) {
  BlockBench bench(blocks_settings(false, 4), testing::k_reader_sap);
  cosem::GeneralBlock block;
  block.last = true;
  for (const char* inside : {"", "60", "62", "E0", "FF", "C0"}) {
    block.data = *cosem::from_hex(inside);
    const auto answer = bench.client.raw_exchange(cosem::encode(block), k_in_time, {});
    ASSERT_TRUE(answer) << inside;
  }
  for (const char* octets :
       {"E0", "E081", "E0810001000005AA", "E00100090009", "E001000900090000"}) {
    const auto answer = bench.client.raw_exchange(*cosem::from_hex(octets), k_in_time, {});
    ASSERT_TRUE(answer) << octets;
    EXPECT_EQ(answer->front(), std::byte{cosem::tags::k_exception_response}) << octets;
  }
  EXPECT_TRUE(bench.get(k_objects));
}

}  // namespace
}  // namespace meterproof::simulated
