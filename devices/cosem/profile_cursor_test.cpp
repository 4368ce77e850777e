#include "devices/cosem/profile_cursor.hpp"

#include <gtest/gtest.h>

#include <set>

#include "devices/cosem/profile_columns.hpp"
#include "devices/cosem/test_only/random_data.hpp"
#include "devices/cosem/test_vectors.hpp"
#include "devices/test_only/allocations.hpp"

namespace meterproof::cosem {
namespace {

using test::hex;

DateTime quarter(std::uint32_t number) {
  return from_utc(UtcTime{std::chrono::minutes(15 * number)}, -60);
}

Data quarter_rows(std::uint32_t count) {
  std::vector<Data> rows;
  for (std::uint32_t i = 0; i < count; ++i) {
    rows.push_back(structure({octet_string(octets_of(quarter(i))), std::uint32_t{1000 + i},
                              std::uint32_t{i / 7}, std::uint32_t{3 * i}, UINT32_MAX - i}));
  }
  return array(std::move(rows));
}

// What the cursor gives as generic Data, or its error.
Result<Data> by_cursor(BytesView buffer, const ProfileLayout& layout = {}) {
  auto rows = ProfileCursor::over(buffer, layout);
  if (rows.has_error()) return rows.error();
  std::vector<Data> out;
  for (;;) {
    const auto more = rows->next();
    if (more.has_error()) return more.error();
    if (!*more) return array(std::move(out));
    std::vector<Data> cells;
    for (std::size_t i = 0; i < rows->columns(); ++i) {
      const auto cell = (*rows)[i].data();
      if (cell.has_error()) return cell.error();
      cells.push_back(*cell);
    }
    out.push_back(structure(std::move(cells)));
  }
}

TEST(ProfileCursor, GivesTheRowsOfAProfileAndAllocatesForNoneOfThem) {
  const Data profile = quarter_rows(8640);
  const Bytes octets = encode_data(profile);
  ASSERT_EQ(octets.size(), 311'044U);
  auto rows = ProfileCursor::over(octets);
  ASSERT_TRUE(rows);
  EXPECT_EQ(rows->stated_rows(), 8640U);
  std::uint32_t count = 0;
  bool right = true;
  const std::size_t before = test_only::allocations().count;
  while (*rows->next()) {
    right = right && rows->columns() == 5 && (*rows)[0].date_time() == quarter(count) &&
            (*rows)[1].unsigned_integer() == 1000 + count && (*rows)[2].integer() == count / 7 &&
            (*rows)[3].number() == 3.0 * count &&
            (*rows)[4].unsigned_integer() == UINT32_MAX - count;
    ++count;
  }
  EXPECT_EQ(test_only::allocations().count, before);
  EXPECT_EQ(count, 8640U);
  EXPECT_TRUE(right);
  EXPECT_EQ(*by_cursor(octets), profile);
  EXPECT_GT(test_only::allocations().count, before) << "the counter counts";
}

TEST(ProfileCursor, RandomRowsAreThoseOfTheGenericDecoder) {
  test::RandomData random(11);
  int compared = 0;
  for (int round = 0; round < 3000; ++round) {
    std::vector<Data> rows;
    for (int i = 0; i < round % 5; ++i) {
      std::vector<Data> cells;
      for (int c = 0; c < round % 7; ++c) {
        Data cell = random.data();
        if (cell.as<Null>() != nullptr) cell = Data(std::uint8_t{9});
        cells.push_back(std::move(cell));
      }
      // Often the same row again: the short cut for rows that look alike.
      rows.push_back(i > 0 && round % 2 == 0 ? rows.back() : structure(std::move(cells)));
    }
    const Data profile = array(std::move(rows));
    const Bytes octets = encode_data(profile);
    if (!decode_data(octets)) continue;  // deeper than any decoder goes
    const auto read = by_cursor(octets);
    ASSERT_TRUE(read) << to_string(profile) << ": " << read.error().message();
    EXPECT_EQ(*read, profile);
    ++compared;
  }
  EXPECT_GT(compared, 2000);
}

// A cell says of itself what Data says, without being decoded to one.
TEST(ProfileCell, NumbersOctetsAndInstantsAreThoseOfData) {
  test::RandomData random(12);
  std::set<std::uint8_t> tags;
  for (int round = 0; round < 2000; ++round) {
    const Bytes octets = encode_data(array({structure({random.data(0), UINT64_MAX, INT64_MIN})}));
    auto rows = ProfileCursor::over(octets);
    ASSERT_TRUE(rows);
    if (!*rows->next()) continue;
    for (std::size_t i = 0; i < rows->columns(); ++i) {
      const ProfileCell cell = (*rows)[i];
      const Data data = cell.data().value();
      EXPECT_EQ(cell.integer(), data.integer()) << to_string(data);
      EXPECT_EQ(cell.unsigned_integer(), data.unsigned_integer()) << to_string(data);
      EXPECT_EQ(cell.number(), data.number()) << to_string(data);
      EXPECT_EQ(cell.octets().has_value(), data.octets().has_value()) << to_string(data);
      EXPECT_EQ(cell.date_time(), data.date_time()) << to_string(data);
      tags.insert(cell.tag);
    }
  }
  EXPECT_GT(tags.size(), 18U) << "every simple type came by";
}

TEST(ProfileCursor, EveryTruncationIsAnErrorAndEveryTrailingOctetToo) {
  for (const Bytes& whole :
       {encode_data(quarter_rows(3)), hex("13020212010002110800010203FFFE0405"),
        hex("13020211110401020304")}) {
    for (std::size_t size = 0; size < whole.size(); ++size)
      EXPECT_FALSE(by_cursor(BytesView(whole).first(size))) << size;
    Bytes longer = whole;
    longer.push_back(std::byte{0});
    EXPECT_FALSE(by_cursor(longer));
  }
}

TEST(ProfileCursor, AnErrorStaysAndNoRowIsShown) {
  const Bytes octets = hex("01020201110502010705");
  auto rows = ProfileCursor::over(octets);
  ASSERT_TRUE(rows);
  EXPECT_TRUE(*rows->next());
  EXPECT_EQ((*rows)[0].integer(), 5);
  EXPECT_EQ(rows->next().error(), CosemError::bad_tag);
  EXPECT_EQ(rows->columns(), 0U);
  EXPECT_EQ(rows->next().error(), CosemError::bad_tag);
}

TEST(ProfileCursor, HostileBuffersAreBounded) {
  EXPECT_EQ(by_cursor(hex("0184FFFFFFFF")).error(), CosemError::truncated);
  EXPECT_EQ(by_cursor(hex("0201")).error(), CosemError::bad_tag);
  EXPECT_EQ(by_cursor(hex("01011105")).error(), CosemError::bad_tag);
  Bytes wide = hex("010102820100");
  wide.resize(wide.size() + 256);
  EXPECT_EQ(by_cursor(wide).error(), CosemError::too_large);
  Bytes deep = hex("01010201");
  for (int i = 0; i < 100'000; ++i) append(deep, hex("0101"));
  EXPECT_EQ(by_cursor(deep).error(), CosemError::too_deep);
  EXPECT_EQ(by_cursor(hex("130201000101")).error(), CosemError::bad_value) << "rows of nothing";
  EXPECT_EQ(by_cursor(hex("1302010201110101")).error(), CosemError::not_supported);
}

TEST(ProfileCursor, NullDataRepeatsTheValueBefore) {
  const auto rows =
      by_cursor(hex("0104"
                    "0203110509020102"
                    "00"
                    "0203"
                    "00"
                    "11060000"));
  EXPECT_FALSE(rows) << "a row itself is never left out";
  const auto filled =
      by_cursor(hex("0103"
                    "0202"
                    "1105"
                    "09020102"
                    "0202"
                    "00"
                    "09020304"
                    "0202"
                    "1107"
                    "00"));
  ASSERT_TRUE(filled) << filled.error().message();
  const auto row = [](std::uint8_t number, const char* octets) {
    return structure({Data(number), octet_string(hex(octets))});
  };
  EXPECT_EQ(*filled, array({row(5, "0102"), row(5, "0304"), row(7, "0304")}));
  const auto never =
      by_cursor(hex("0101"
                    "020100"));
  ASSERT_TRUE(never);
  EXPECT_EQ(*never, array({structure({Data(Null{})})})) << "there is no value before";
}

TEST(ProfileCursor, NullDataInTheClockColumnIsThePeriodAfterTheRowBefore) {
  // 23:45 of the last day of February in a leap year, Thursday; deviation -60, DST bit set.
  Bytes octets =
      hex("0104"
          "0202090C"
          "07E8021D04172D0000FFC480"
          "1101");
  append(octets, hex("0202"
                     "00"
                     "1102"
                     "0202"
                     "00"
                     "00"
                     "0202090C"
                     "07E8030105080000FFFFC480"
                     "1103"));
  auto rows = ProfileCursor::over(octets, {.clock_column = 0, .period = std::chrono::minutes(15)});
  ASSERT_TRUE(rows);
  std::vector<std::string> seen;
  while (*rows->next())
    seen.push_back(to_string(*(*rows)[0].date_time()) + " " +
                   std::to_string(*(*rows)[1].integer()));
  EXPECT_EQ(seen, (std::vector<std::string>{
                      "2024-02-29 23:45:00.00 -60 DST 1", "2024-03-01 00:00:00.00 -60 DST 2",
                      "2024-03-01 00:15:00.00 -60 DST 2", "2024-03-01 08:00:00 -60 DST 3"}));
}

TEST(ProfileCursor, AClockThatCannotBeReckonedIsNull) {
  const Bytes octets =
      hex("0102"
          "0201090C"
          "FFFFFFFFFFFFFFFFFF8000FF"
          "020100");
  auto rows = ProfileCursor::over(octets, {.clock_column = 0, .period = std::chrono::minutes(15)});
  ASSERT_TRUE(*rows->next());
  EXPECT_TRUE((*rows)[0].date_time());
  ASSERT_TRUE(*rows->next());
  EXPECT_TRUE((*rows)[0].null());
}

TEST(ProfileCursor, ReadsCompactArrays) {
  // structure{ long-unsigned, octet-string, date }, twice.
  const Bytes octets =
      hex("1302"
          "03"
          "12"
          "09"
          "1A"
          "14"
          "0001"
          "02ABCD"
          "07E8021D04"
          "0002"
          "01EF"
          "07E8030105"
          "00");
  EXPECT_FALSE(by_cursor(octets)) << "one octet too many";
  Bytes right(octets.begin(), octets.end() - 1);
  right[6] = std::byte{19};
  const auto rows = by_cursor(right);
  ASSERT_TRUE(rows) << rows.error().message();
  EXPECT_EQ(*rows, *expand(*decode_data(right)->as<CompactArray>()));
  const auto single =
      by_cursor(hex("1311"
                    "03"
                    "010203"));
  ASSERT_TRUE(single);
  EXPECT_EQ(single->elements()->size(), 3U) << "a row may be one simple value";
}

TEST(ProfileColumns, AreTypedAndAllocateForNoRow) {
  const Bytes octets = encode_data(quarter_rows(8640));
  const std::size_t before = test_only::allocations().count;
  const auto columns = profile_columns(octets, {.clock_column = 0});
  const std::size_t taken = test_only::allocations().count - before;
  ASSERT_TRUE(columns);
  EXPECT_LT(taken, 40U) << "some for each column, none for a row";
  ASSERT_EQ(columns->size(), 5U);
  const auto& times = std::get<std::vector<DateTime>>(columns->front());
  const auto& energy = std::get<std::vector<std::uint64_t>>((*columns)[1]);
  ASSERT_EQ(times.size(), 8640U);
  ASSERT_EQ(energy.size(), 8640U);
  EXPECT_EQ(times.back(), quarter(8639));
  EXPECT_EQ(energy.back(), 1000U + 8639U);
}

TEST(ProfileColumns, RefuseRowsThatAreNoTable) {
  const auto refused = [](const char* octets) { return profile_columns(hex(octets)).error(); };
  EXPECT_EQ(refused("0102020111050202110511"
                    "06"),
            CosemError::bad_length);
  EXPECT_EQ(refused("0102020111050201"
                    "0900"),
            CosemError::bad_value)
      << "another kind";
  EXPECT_EQ(refused("0101020100"), CosemError::bad_value) << "begins with null-data";
  EXPECT_EQ(refused("010102010101"
                    "1105"),
            CosemError::bad_value)
      << "a nested array";
  const auto floats =
      profile_columns(hex("010102021"
                          "73F8000000A0141"));
  ASSERT_TRUE(floats);
  EXPECT_EQ(std::get<std::vector<double>>(floats->front()).front(), 1.0);
}

}  // namespace
}  // namespace meterproof::cosem
