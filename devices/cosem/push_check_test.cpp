// Real telegrams against the lists of the market profiles. test_data/push/README.md says where each
// comes from.
#include "devices/cosem/push_check.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>

#include "devices/cosem/ciphering.hpp"
#include "devices/cosem/market_words.hpp"
#include "devices/cosem/test_vectors.hpp"
#include "devices/hdlc/frame_reader.hpp"

namespace meterproof::cosem {
namespace {

const std::string k_push_samples = METERPROOF_SOURCE_DIR "/devices/cosem/test_data/push/";

std::string push_sample_text(const std::string& name) {
  std::ifstream file(k_push_samples + name);
  EXPECT_TRUE(file) << name;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

Bytes push_sample(const std::string& name) {
  std::string text = push_sample_text(name + ".hex");
  std::erase(text, '\n');
  return from_hex(text).value();
}

std::shared_ptr<const bench::MarketProfile> market(const std::string& name) {
  return bench::load_market_profile(METERPROOF_SOURCE_DIR "/devices/types/markets/" + name +
                                    ".toml");
}

struct PushSample {
  const char *file, *profile, *list;
};
const PushSample k_push_telegrams[] = {
    {"no_aidon_list1", "no_han_aidon", "AIDON_V0001/1"},
    {"no_aidon_list2", "no_han_aidon", "AIDON_V0001/2_it"},
    {"no_aidon_list3", "no_han_aidon", "AIDON_V0001/3_it"},
    {"no_kaifa_list1", "no_han_kaifa", "KFM_001/1"},
    {"no_kaifa_list2", "no_han_kaifa", "KFM_001/2"},
    {"no_kaifa_list3", "no_han_kaifa", "KFM_001/3"},
    {"no_kamstrup_list1_3ph", "no_han_kamstrup", "Kamstrup_V0001/1_3ph"},
    {"no_kamstrup_list2_1ph", "no_han_kamstrup", "Kamstrup_V0001/2_1ph"},
    {"no_kamstrup_list2_3ph", "no_han_kamstrup", "Kamstrup_V0001/2_3ph"},
    {"se_aidon", "se_han", "aidon"},
    {"se_kaifa", "se_han", "kaifa"},
    {"at_kaifa_tirol", "at_kaifa_mbus", "tirol_1ph"},
};

std::string said_of(const PushCheck& check) {
  std::string text;
  for (const std::string& problem : check.problems) text += problem + "\n";
  return text;
}

TEST(PushCheck, RealTelegramsHaveTheColumnsOfTheirList) {
  for (const PushSample& sample : k_push_telegrams) {
    const auto profile = market(sample.profile);
    const bench::PushList* list = profile->push(sample.list);
    ASSERT_NE(list, nullptr) << sample.list;
    const PushCheck check = check_push(*list, push_sample(sample.file));
    EXPECT_EQ(said_of(check), "") << sample.file;
    EXPECT_EQ(check.values.size(), list->columns.size()) << sample.file;
  }
}

TEST(PushCheck, EveryTelegramFitsNoOtherList) {
  for (const PushSample& sample : k_push_telegrams)
    for (const PushSample& other : k_push_telegrams) {
      if (sample.list == other.list) continue;
      const auto profile = market(other.profile);
      EXPECT_NE(said_of(check_push(*profile->push(other.list), push_sample(sample.file))), "")
          << sample.file << " taken for " << other.list;
    }
}

TEST(PushCheck, EveryTruncationIsNoticed) {
  for (const PushSample& sample : k_push_telegrams) {
    const auto profile = market(sample.profile);
    const Bytes whole = push_sample(sample.file);
    for (std::size_t size = 0; size < whole.size(); ++size)
      EXPECT_FALSE(
          check_push(*profile->push(sample.list), BytesView(whole).first(size)).problems.empty())
          << sample.file << " cut to " << size;
  }
}

TEST(PushCheck, NamesTheColumnAndWhatIsWrong) {
  const auto profile = market("no_han_aidon");
  const bench::PushList list = *profile->push("AIDON_V0001/2_it");
  const Bytes telegram = push_sample("no_aidon_list2");
  const auto said = [&](std::size_t column, auto change) {
    bench::PushList changed = list;
    change(changed.columns[column]);
    return said_of(check_push(changed, telegram));
  };
  EXPECT_EQ(said(3, [](auto& column) { column.types = {"long"}; }),
            "column 4 (1-0:1.7.0.255): double_long_unsigned, not long\n");
  EXPECT_EQ(said(3, [](auto& column) { column.name = "1-0:16.7.0.255"; }),
            "column 4 (1-0:16.7.0.255): is 1-0:1.7.0.255\n");
  EXPECT_EQ(said(7, [](auto& column) { column.scaler = -2; }),
            "column 8 (1-0:31.7.0.255): scaler -1, not -2\n");
  EXPECT_EQ(said(9, [](auto& column) { column.unit = "A"; }),
            "column 10 (1-0:32.7.0.255): unit 35, not A\n");
  bench::PushList longer = list;
  longer.columns.push_back(list.columns.back());
  EXPECT_EQ(said_of(check_push(longer, telegram)), "column 13 (1-0:72.7.0.255): is missing\n");
  bench::PushList shorter = list;
  shorter.columns.pop_back();
  EXPECT_EQ(said_of(check_push(shorter, telegram)), "1 element(s) beyond the last column\n");
}

TEST(PushCheck, TheWholeFrameOfAKaifaMeterIsReadFromTheLine) {
  hdlc::FrameReader reader;
  reader.push(push_sample("no_kaifa_list3_frame"));
  const auto frame = reader.next();
  ASSERT_TRUE(frame);
  // As the profile says: an I frame, not UI.
  EXPECT_EQ(frame->kind(), hdlc::FrameKind::information);
  const auto profile = market("no_han_kaifa");
  const bench::PushList& list = *profile->push("KFM_001/3");
  EXPECT_EQ(list.carriage, "hdlc_i");
  const PushCheck check = check_push(list, frame->information);
  EXPECT_EQ(said_of(check), "");
  ASSERT_EQ(check.values.size(), 18u);
  EXPECT_EQ(check.values[3].column->name, "1-0:1.7.0.255");
  EXPECT_EQ(check.values[3].value, Data(std::uint32_t{0x44F}));
  EXPECT_EQ(check.values[12].value, Data(std::uint32_t{0x8E6}));  // 227.8 V
}

TEST(PushCheck, TheTirolTelegramIsDecipheredFirst) {
  const auto parsed = parse_ciphered(push_sample("at_kaifa_tirol_ciphered"));
  ASSERT_TRUE(parsed);
  SecurityKeys keys;
  const Bytes key = test::hex("101112131415161718191A1B1C1D1E1F");
  std::copy(key.begin(), key.end(), keys.encryption.begin());
  const auto title = system_title_from(test::hex("4B464D1010000023"));
  // Security control octet 21: encrypted, no tag; suite 1, whose cipher is that of suite 0.
  Bytes as_suite_0(parsed->protected_octets.begin(), parsed->protected_octets.end());
  ASSERT_EQ(as_suite_0[0], std::byte{0x21});
  as_suite_0[0] = std::byte{0x20};
  const auto opened = unprotect(keys, *title, as_suite_0);
  ASSERT_TRUE(opened) << opened.error().message();
  EXPECT_EQ(opened->plain, push_sample("at_kaifa_tirol"));
}

// P1 is text: its lines name the COSEM attributes. Order, names and units are compared.
TEST(PushCheck, TheLinesOfAP1TelegramAreThoseOfTheProfile) {
  const auto profile = market("nl_smr_5");
  const bench::PushList& list = *profile->push("P1");
  const std::string telegram = push_sample_text("nl_dsmr_5_p1.txt");
  const std::regex line(
      R"(([0-9]+-[0-9]+:[0-9]+\.[0-9]+\.[0-9]+)\([^\r\n]*?(?:\*(k?)(\w+))?\)\r?\n)");
  std::vector<std::smatch> lines(std::sregex_iterator(telegram.begin(), telegram.end(), line), {});
  ASSERT_GE(lines.size(), list.columns.size());
  for (std::size_t n = 0; n < list.columns.size(); ++n) {
    const bench::PushColumn& column = list.columns[n];
    EXPECT_EQ(lines[n][1].str() + ".255", column.name);
    if (column.unit.empty()) continue;
    EXPECT_EQ(lines[n][3].str(), column.unit) << column.name;
    EXPECT_EQ(lines[n][2].length() > 0 ? 3 : 0, column.scaler) << column.name;
  }
  // What follows is M-Bus devices, as many as are there.
  for (std::size_t n = list.columns.size(); n < lines.size(); ++n)
    EXPECT_EQ(lines[n][1].str().substr(0, 2), "0-") << lines[n][1];
}

TEST(PushCheck, EveryTelegramInTheFolderIsUsed) {
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(k_push_samples))
    if (entry.path().extension() == ".hex") ++files;
  EXPECT_EQ(files, std::size(k_push_telegrams) + 2);  // the frame and the ciphered one
}

TEST(MarketWords, EveryWordOfTheFormatHasAMeaning) {
  for (const std::string& name : bench::unit_names()) EXPECT_TRUE(unit_code(name)) << name;
  for (const std::string& name : bench::data_type_names()) {
    ASSERT_TRUE(empty_value(name)) << name;
    EXPECT_EQ(type_name(*empty_value(name)), name);
  }
  EXPECT_FALSE(unit_code("kWh"));
  EXPECT_FALSE(empty_value("int"));
}

}  // namespace
}  // namespace meterproof::cosem
