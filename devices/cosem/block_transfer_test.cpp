#include "devices/cosem/block_transfer.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <functional>
#include <random>

namespace meterproof::cosem {
namespace {

TEST(GeneralBlockCodec, OctetsAreThoseOfTheStandardsSyntax) {
  GeneralBlock block;
  block.last = true;
  block.window = 5;
  block.number = 0x0102;
  block.acknowledged = 3;
  block.data = to_bytes("AB");
  EXPECT_EQ(to_hex(encode(block)),
            "E0850102000302"
            "4142");
  block.last = false;
  block.streaming = true;
  EXPECT_EQ(to_hex(encode(block)),
            "E0450102000302"
            "4142");
  const Bytes octets = encode(block);
  EXPECT_EQ(decode_general_block(octets).value(), block);
  for (std::size_t size = 0; size < octets.size(); ++size) {
    EXPECT_EQ(decode_general_block(BytesView(octets).first(size)).error(), CosemError::truncated);
  }
  Bytes longer = octets;
  longer.push_back(std::byte{0});
  EXPECT_EQ(decode_general_block(longer).error(), CosemError::trailing_octets);
  longer.front() = std::byte{0xC0};
  EXPECT_EQ(decode_general_block(longer).error(), CosemError::bad_tag);
}

Bytes random_apdu(std::size_t size) {
  std::mt19937 engine(static_cast<unsigned>(size));
  Bytes octets(size);
  for (std::byte& octet : octets) octet = static_cast<std::byte>(engine());
  return octets;
}

// Two ends and a line between them that may lose, repeat and reorder.
struct BlockExchange {
  using Line = std::function<void(std::vector<Bytes>&)>;

  Bytes run(const Bytes& request, const Bytes& answer, std::uint8_t client_window,
            std::uint8_t server_window, std::size_t block_octets, const Line& line) {
    BlockTransfer client({client_window, block_octets, 1 << 20, false});
    BlockTransfer server({server_window, block_octets, 1 << 20, true});
    std::deque<Bytes> to_server, to_client;
    const auto put = [&](std::deque<Bytes>& way, std::vector<Bytes> blocks) {
      line(blocks);
      for (Bytes& block : blocks) way.push_back(std::move(block));
    };
    put(to_server, client.send(request).value());
    for (int turn = 0; turn < 10'000; ++turn) {
      if (!to_server.empty()) {
        const GeneralBlock block = decode_general_block(to_server.front()).value();
        to_server.pop_front();
        ++blocks_up;
        auto step = server.receive(block);
        if (!step) return fail(step.error());
        if (step->apdu) {
          EXPECT_EQ(*step->apdu, request);
          step->replies = server.send(answer).value();
        }
        put(to_client, std::move(step->replies));
      } else if (!to_client.empty()) {
        const GeneralBlock block = decode_general_block(to_client.front()).value();
        to_client.pop_front();
        ++blocks_down;
        auto step = client.receive(block);
        if (!step) return fail(step.error());
        if (step->apdu) return *step->apdu;
        put(to_server, std::move(step->replies));
      } else {
        ++reminders;
        put(to_server, client.remind());
      }
    }
    ADD_FAILURE() << "the exchange does not end";
    return {};
  }
  static Bytes fail(const Error& error) {
    ADD_FAILURE() << error.message();
    return {};
  }

  int blocks_up = 0, blocks_down = 0, reminders = 0;
};

const BlockExchange::Line k_good_line = [](std::vector<Bytes>&) {};

TEST(BlockTransfer, LongRequestsAndLongAnswersPassWithEveryWindow) {
  for (const int window : {0, 1, 2, 5, 63}) {
    for (const std::size_t size : {0, 1, 10, 11, 100, 1000}) {
      BlockExchange exchange;
      const Bytes request = random_apdu(size + 1), answer = random_apdu(size);
      const auto w = static_cast<std::uint8_t>(window);
      EXPECT_EQ(exchange.run(request, answer, w, w, 10, k_good_line), answer)
          << window << " " << size;
      EXPECT_EQ(exchange.reminders, 0);
    }
  }
}

TEST(BlockTransfer, AStreamCostsOneAcknowledgement) {
  BlockExchange exchange;
  // 40 blocks in windows of 10: the request and three acknowledgements go up.
  exchange.run(random_apdu(8), random_apdu(400), 10, 1, 10, k_good_line);
  EXPECT_EQ(exchange.blocks_down, 40);
  EXPECT_EQ(exchange.blocks_up, 4);
}

TEST(BlockTransfer, TheFirstStreamIsAsLongAsTheWindowOfTheRequest) {
  BlockTransfer client({3, 10, 1000, false});
  BlockTransfer server({1, 10, 1000, true});
  const auto request = client.send(random_apdu(5)).value();
  ASSERT_EQ(request.size(), 1u);
  EXPECT_EQ(to_hex(BytesView(request[0]).first(7)), "E0830001000005");
  ASSERT_TRUE(server.receive(decode_general_block(request[0]).value())->apdu);
  const auto stream = server.send(random_apdu(100)).value();
  ASSERT_EQ(stream.size(), 3u);
  EXPECT_EQ(to_hex(BytesView(stream[0]).first(7)), "E041000100010A");
  EXPECT_EQ(to_hex(BytesView(stream[1]).first(7)), "E041000200010A");
  EXPECT_EQ(to_hex(BytesView(stream[2]).first(7)), "E001000300010A");
  // The second is lost: the client asks for it alone, in a window of one.
  EXPECT_TRUE(client.receive(decode_general_block(stream[0]).value())->replies.empty());
  const auto asked = client.receive(decode_general_block(stream[2]).value())->replies;
  ASSERT_EQ(asked.size(), 1u);
  EXPECT_EQ(to_hex(asked[0]), "E0810002000100");
  const auto filled = server.receive(decode_general_block(asked[0]).value())->replies;
  ASSERT_EQ(filled.size(), 1u);
  EXPECT_EQ(to_hex(BytesView(filled[0]).first(7)), "E001000200020A");
  // Then the window is open again, and block 3 is not sent twice.
  const auto acknowledged = client.receive(decode_general_block(filled[0]).value())->replies;
  ASSERT_EQ(acknowledged.size(), 1u);
  EXPECT_EQ(to_hex(acknowledged[0]), "E0830003000300");
  EXPECT_EQ(server.receive(decode_general_block(acknowledged[0]).value())->replies.size(), 3u);
}

TEST(BlockTransfer, EachSingleBlockMayBeLost) {
  const Bytes request = random_apdu(95), answer = random_apdu(150);
  BlockExchange undisturbed;
  undisturbed.run(request, answer, 4, 3, 10, k_good_line);
  const int all = undisturbed.blocks_up + undisturbed.blocks_down;
  ASSERT_GT(all, 25);
  for (int lost = 0; lost < all; ++lost) {
    int number = 0;
    BlockExchange exchange;
    const Bytes got = exchange.run(request, answer, 4, 3, 10, [&](std::vector<Bytes>& blocks) {
      std::erase_if(blocks, [&](const Bytes&) { return number++ == lost; });
    });
    EXPECT_EQ(got, answer) << "block " << lost << " lost";
    EXPECT_LE(exchange.reminders, 1);
  }
}

TEST(BlockTransfer, ALineThatLosesRepeatsAndReordersEndsWithTheRightAnswer) {
  for (unsigned seed = 0; seed < 300; ++seed) {
    std::mt19937 engine(seed);
    const auto chance = [&](unsigned percent) { return engine() % 100 < percent; };
    const Bytes request = random_apdu(engine() % 200 + 1), answer = random_apdu(engine() % 400);
    BlockExchange exchange;
    const Bytes got = exchange.run(request, answer, static_cast<std::uint8_t>(engine() % 8 + 1),
                                   static_cast<std::uint8_t>(engine() % 8 + 1), 10,
                                   [&](std::vector<Bytes>& blocks) {
                                     std::vector<Bytes> out;
                                     for (Bytes& block : blocks) {
                                       if (chance(10)) continue;
                                       if (chance(10)) out.push_back(block);
                                       out.push_back(std::move(block));
                                     }
                                     for (std::size_t i = 1; i < out.size(); ++i) {
                                       if (chance(15)) std::swap(out[i - 1], out[i]);
                                     }
                                     blocks = std::move(out);
                                   });
    EXPECT_EQ(got, answer) << "seed " << seed;
  }
}

GeneralBlock block_of(std::uint16_t number, std::uint16_t acknowledged, std::size_t octets,
                      bool last = false) {
  GeneralBlock block;
  block.number = number;
  block.acknowledged = acknowledged;
  block.data = Bytes(octets);
  block.last = last;
  return block;
}

// Gurux sets the streaming bit in each block and then waits for its turn.
TEST(BlockTransfer, AUsedUpWindowEndsTheStreamWhateverItsStreamingBitSays) {
  BlockTransfer client({2, 10, 1000, false});
  ASSERT_TRUE(client.send(random_apdu(5)));
  GeneralBlock block = block_of(1, 1, 5);
  block.streaming = true;
  EXPECT_TRUE(client.receive(block).value().replies.empty());
  block.number = 2;
  const auto turn = client.receive(block).value().replies;
  ASSERT_EQ(turn.size(), 1u);
  EXPECT_EQ(decode_general_block(turn.front()).value().acknowledged, 2);
  block.number = 3;
  EXPECT_TRUE(client.receive(block).value().replies.empty());
}

TEST(BlockTransfer, NumbersThatCannotBeAreRefused) {
  BlockTransfer client({4, 10, 1000, false});
  ASSERT_TRUE(client.send(random_apdu(20)));
  EXPECT_EQ(client.receive(block_of(1, 9, 5)).error(), CosemError::wrong_block);
  EXPECT_EQ(client.receive(block_of(65, 1, 5)).error(), CosemError::wrong_block);
  EXPECT_TRUE(client.receive(block_of(1, 1, 5)));
}

TEST(BlockTransfer, AnEndlessAnswerEndsAtTheLimit) {
  BlockTransfer client({4, 10, 1000, false});
  ASSERT_TRUE(client.send(random_apdu(5)));
  std::uint16_t number = 0;
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(client.receive(block_of(++number, 1, 100)));
  EXPECT_EQ(client.receive(block_of(++number, 1, 100)).error(), CosemError::too_large);
  // Blocks ahead of a gap count too.
  BlockTransfer other({63, 10, 1000, false});
  ASSERT_TRUE(other.send(random_apdu(5)));
  for (number = 2; number < 12; ++number) ASSERT_TRUE(other.receive(block_of(number, 1, 100)));
  EXPECT_EQ(other.receive(block_of(number, 1, 100)).error(), CosemError::too_large);
}

TEST(BlockTransfer, TurnsWithoutProgressEnd) {
  BlockTransfer client({4, 10, 1000, false});
  ASSERT_TRUE(client.send(random_apdu(5)));
  std::uint16_t number = 0;
  int turns = 0;
  while (client.receive(block_of(++number, 1, 0))) ASSERT_LT(++turns, 50);
  EXPECT_GE(turns, 5);
}

TEST(BlockTransfer, AnApduOfMoreBlocksThanNumbersIsNotBegun) {
  BlockTransfer client({4, 1, 1000, false});
  EXPECT_EQ(client.send(Bytes(70'000)).error(), CosemError::too_large);
}

}  // namespace
}  // namespace meterproof::cosem
