// Mode E: the messages, truncated and malformed too, and both ends against each other. The
// identification with \3 is a real meter's (smartmeter-obis,
// test/testSerialRequestResponseD0ModeE.js, MIT).

#include "devices/iec62056_21/mode_e.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string_view>

#include "devices/iec62056_21/even_parity.hpp"
#include "harness/link/link.hpp"

namespace meterproof::iec62056_21 {
namespace {

using harness::WallTime;

Bytes octets(std::string_view text) {
  Bytes result;
  for (const char character : text) result.push_back(static_cast<std::byte>(character));
  return result;
}

TEST(SignOn, TheMessagesOfTheStandard) {
  EXPECT_EQ(encode(Request{}), octets("/?!\r\n"));
  EXPECT_EQ(encode(Request{"12345678"}), octets("/?12345678!\r\n"));
  EXPECT_EQ(encode(Acknowledgement{'0', '5', '0'}), octets("\x06"
                                                           "050\r\n"));
  const auto ace = parse_identification(octets("/ACE0\\3k260V01.18\r\n"));
  ASSERT_TRUE(ace);
  EXPECT_EQ(*ace, (Identification{"ACE", '0', "3", "k260V01.18"}));
  EXPECT_FALSE(ace->offers_mode_e());
  EXPECT_EQ(ace->reaction_time(), std::chrono::milliseconds(200));
  const auto fast = parse_identification(octets("/LGz6\\2\\BZMD\r\n"));
  ASSERT_TRUE(fast);
  EXPECT_EQ(fast->escapes, "2B");
  EXPECT_TRUE(fast->offers_mode_e());
  EXPECT_EQ(fast->reaction_time(), std::chrono::milliseconds(20));
}

TEST(SignOn, RatesOfModesCAndE) {
  for (const auto& [character, baud] : {std::pair{'0', 300},
                                        {'1', 600},
                                        {'2', 1200},
                                        {'3', 2400},
                                        {'4', 4800},
                                        {'5', 9600},
                                        {'6', 19200}}) {
    EXPECT_EQ(baud_of(character), baud);
    EXPECT_EQ(character_of(baud), character);
  }
  EXPECT_FALSE(baud_of('7'));
  EXPECT_FALSE(baud_of('A'));
  EXPECT_FALSE(character_of(38400));
}

TEST(SignOn, CutAnywhereItIsNoMessage) {
  for (const std::string_view whole : {"/?12345678!\r\n", "/LGZ5\\2ZMD3101\r\n",
                                       "\x06"
                                       "252\r\n"}) {
    for (std::size_t size = 0; size < whole.size(); ++size) {
      const Bytes cut = octets(whole.substr(0, size));
      EXPECT_FALSE(parse_request(cut)) << size;
      EXPECT_FALSE(parse_identification(cut)) << size;
      EXPECT_FALSE(parse_acknowledgement(cut)) << size;
    }
  }
}

TEST(SignOn, MalformedMessagesAreCategorised) {
  EXPECT_EQ(parse_request(octets("/?" + std::string(33, '1') + "!\r\n")).error(),
            SignOnError::too_long);
  EXPECT_EQ(parse_request(octets("/?1!2!\r\n")).error(), SignOnError::bad_character);
  EXPECT_EQ(parse_request(octets("/?1\xB1!\r\n")).error(), SignOnError::bad_character);
  EXPECT_EQ(parse_identification(octets("/L15ZMD\r\n")).error(), SignOnError::bad_identification);
  EXPECT_EQ(parse_identification(octets("/LGZ5\\\r\n")).error(), SignOnError::bad_identification);
  EXPECT_EQ(parse_identification(octets("/LGZ5" + std::string(17, 'x') + "\r\n")).error(),
            SignOnError::too_long);
  EXPECT_EQ(parse_acknowledgement(octets("\x06"
                                         "2522\r\n"))
                .error(),
            SignOnError::not_this_message);
}

TEST(SignOn, EveryErrorHasWordsOfItsOwn) {
  std::set<std::string> words;
  for (int n = 1; n <= static_cast<int>(SignOnError::refused); ++n) {
    const std::string text = make_error_code(static_cast<SignOnError>(n)).message();
    EXPECT_NE(text, "unknown sign-on error") << n;
    EXPECT_TRUE(words.insert(text).second) << text;
  }
  EXPECT_EQ(make_error_code(static_cast<SignOnError>(999)).message(), "unknown sign-on error");
  EXPECT_STREQ(sign_on_category().name(), "iec62056_21");
}

TEST(ModeE, AMalformedIdentificationEndsTheOpeningAndAnEchoDoesNot) {
  ModeEReader reader({});
  const WallTime start{};
  reader.start(start);
  reader.receive(reader.take_output(), start);  // the optical head hears itself
  EXPECT_FALSE(reader.finished());
  reader.receive(octets("/L15ZMD\r\n"), start);
  ASSERT_TRUE(reader.finished());
  EXPECT_EQ(reader.result().error(), SignOnError::bad_identification);
  EXPECT_FALSE(reader.timer());
}

TEST(SignOn, TheReaderSkipsNoiseAndTakesAnyChunks) {
  const Bytes stream = octets("xx\r\n/" + std::string(100, 'a') +
                              "/?!\r\n\x06"
                              "252\r\n");
  for (std::size_t chunk = 1; chunk <= stream.size(); ++chunk) {
    MessageReader reader;
    std::vector<Bytes> messages;
    for (std::size_t at = 0; at < stream.size(); at += chunk) {
      reader.push(BytesView(stream).subspan(at, std::min(chunk, stream.size() - at)));
      while (auto message = reader.next()) messages.push_back(*std::move(message));
    }
    ASSERT_EQ(messages.size(), 2U) << chunk;
    EXPECT_EQ(messages[0], octets("/?!\r\n"));
    EXPECT_EQ(messages[1], octets("\x06"
                                  "252\r\n"));
    EXPECT_EQ(reader.noise(), 105U);
  }
}

TEST(EvenParity, IsMadeAndChecked) {
  EXPECT_EQ(with_even_parity(std::byte{'/'}), std::byte{0xAF});  // five ones
  EXPECT_EQ(with_even_parity(std::byte{'!'}), std::byte{'!'});
  EXPECT_EQ(without_even_parity(std::byte{0xAF}), std::byte{'/'});
  EXPECT_FALSE(without_even_parity(std::byte{'/'}));
}

// Both ends and their clock.
struct HandOverLine {
  explicit HandOverLine(ModeEOptions options, Identification identification)
      : reader(std::move(options)), meter(std::move(identification), "77") {}
  void run(bool meter_hears = true, bool echo = false) {
    reader.start(now);
    for (int i = 0; i < 100 && !reader.finished(); ++i) {
      const Bytes asked = reader.take_output();
      requests += asked.empty() ? 0 : 1;
      if (meter_hears) meter.receive(asked, now);
      if (echo) reader.receive(asked, now);
      const Bytes answered = meter.take_output();
      reader.receive(answered, now);
      if (!asked.empty() || !answered.empty()) continue;
      auto due = reader.timer();
      if (meter.timer() && (!due || *meter.timer() < *due)) due = meter.timer();
      if (!due) return;
      now = *due;
      meter.tick(now);
      reader.tick(now);
    }
  }
  ModeEReader reader;
  ModeEMeter meter;
  WallTime now{std::chrono::hours(1)};
  int requests = 0;
};

TEST(ModeE, BothEndsAgreeOnTheSmallerRate) {
  for (const auto& [own, offered, agreed] :
       {std::tuple{19200, '5', 9600}, {4800, '5', 4800}, {19200, '0', 300}}) {
    ModeEOptions options;
    options.highest_baud = own;
    options.address = "77";
    HandOverLine line(options, {"MPf", offered, "2", "METER"});
    line.run();
    ASSERT_TRUE(line.reader.finished());
    ASSERT_TRUE(line.reader.result());
    EXPECT_EQ(line.reader.result()->baud, agreed);
    EXPECT_TRUE(line.reader.result()->confirmed);
    EXPECT_EQ(line.meter.handed_over(), agreed);
    EXPECT_EQ(line.now - WallTime(std::chrono::hours(1)), std::chrono::milliseconds(40));
  }
}

TEST(ModeE, AnotherAddressSilenceAndAnotherModeAreThreeErrors) {
  ModeEOptions options;
  options.address = "78";
  HandOverLine other(options, {"MPf", '5', "2", ""});
  other.run();
  ASSERT_TRUE(other.reader.finished());
  EXPECT_EQ(other.reader.result().error(), link::LinkError::timeout);
  EXPECT_EQ(other.requests, 3);

  HandOverLine mode_c({}, {"ACE", '5', "3", "k260"});
  mode_c.run();
  EXPECT_EQ(mode_c.reader.result().error(), SignOnError::mode_not_offered);

  HandOverLine mode_b({}, {"ACE", 'F', "2", ""});
  mode_b.run();
  EXPECT_EQ(mode_b.reader.result().error(), SignOnError::unknown_rate);
}

TEST(ModeE, AMeterThatDoesNotConfirmIsAnOddityAndAWrongConfirmationIsRefused) {
  const auto until_acknowledged = [](ModeEReader& reader) {
    reader.start({});
    reader.receive(octets("/LGZ5\\2X\r\n"), {});
    EXPECT_EQ(reader.take_output(), octets("/?!\r\n\x06"
                                           "252\r\n"));
    EXPECT_FALSE(reader.finished());
  };
  ModeEReader silent({});
  until_acknowledged(silent);
  silent.tick(silent.timer().value());
  ASSERT_TRUE(silent.finished());
  ASSERT_TRUE(silent.result());
  EXPECT_FALSE(silent.result()->confirmed);

  ModeEReader wrong({});
  until_acknowledged(wrong);
  wrong.receive(octets("\x06"
                       "050\r\n"),
                {});
  ASSERT_TRUE(wrong.finished());
  EXPECT_EQ(wrong.result().error(), SignOnError::refused);
}

TEST(ModeE, TheOwnRequestComingBackIsNotAnAnswer) {
  HandOverLine line({}, {"MPf", '5', "2", "METER"});
  line.run(true, true);
  ASSERT_TRUE(line.reader.finished());
  EXPECT_TRUE(line.reader.result());
}

TEST(ModeE, TheMeterAnswersNoAcknowledgementOutOfTurnNorAboveItsRate) {
  ModeEMeter meter({"MPf", '5', "2", ""}, "1");
  meter.receive(octets("\x06"
                       "252\r\n"),
                {});
  EXPECT_FALSE(meter.timer());
  for (const char* refused : {"\x06"
                              "262\r\n",
                              "\x06"
                              "050\r\n",
                              "\x06"
                              "2Z2\r\n"}) {
    meter.reset();
    meter.receive(octets("/?!\r\n"), {});
    meter.tick(meter.timer().value());
    (void)meter.take_output();
    meter.receive(octets(refused), {});
    EXPECT_FALSE(meter.timer());
    EXPECT_FALSE(meter.handed_over());
  }
}

}  // namespace
}  // namespace meterproof::iec62056_21
