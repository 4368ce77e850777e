#include "devices/cosem/value.hpp"

#include <limits>

#include "devices/cosem/objects.hpp"
#include "devices/cosem/test_only/random_data.hpp"
#include "devices/cosem/test_vectors.hpp"

namespace meterproof::cosem {
namespace {

using test::hex;

TEST(Data, RandomValuesSurviveEncodingAndDecoding) {
  test::RandomData random(1);
  for (int round = 0; round < 2000; ++round) {
    const Data data = random.data();
    const Bytes octets = encode_data(data);
    const auto back = decode_data(octets);
    ASSERT_TRUE(back) << to_string(data) << ": " << back.error().message();
    EXPECT_EQ(*back, data);
  }
}

TEST(Data, EveryTruncationIsAnErrorAndEveryTrailingOctetToo) {
  test::RandomData random(2);
  for (int round = 0; round < 300; ++round) {
    Bytes octets = encode_data(random.data());
    for (std::size_t size = 0; size < octets.size(); ++size) {
      EXPECT_FALSE(decode_data(BytesView(octets).first(size)));
    }
    octets.push_back(std::byte{0});
    EXPECT_FALSE(decode_data(octets));
  }
}

TEST(Data, DepthElementsAndLengthsOfHostileValuesAreBounded) {
  Bytes deep;
  for (int i = 0; i < 100'000; ++i) append(deep, hex("0101"));
  EXPECT_EQ(decode_data(deep).error(), CosemError::too_deep);
  EXPECT_EQ(decode_data(hex("0184FFFFFFFF")).error(), CosemError::truncated);
  EXPECT_EQ(decode_data(hex("0984FFFFFFFF00")).error(), CosemError::truncated);
  EXPECT_EQ(decode_data(hex("0985FFFFFFFFFF00")).error(), CosemError::truncated);
  EXPECT_EQ(decode_data(hex("0480")).error(), CosemError::truncated);
  EXPECT_EQ(decode_data(hex("07")).error(), CosemError::bad_tag);
  EXPECT_EQ(decode_data(hex("0103000000"), {.max_elements = 3}).error(), CosemError::too_large);
}

TEST(Data, LengthsMayBeCodedInMoreOctetsThanTheyNeed) {
  EXPECT_EQ(decode_data(hex("09820002ABCD")).value(), octet_string(hex("ABCD")));
}

TEST(CompactArray, ExpandsByItsTypeDescription) {
  // structure{ long-unsigned, array of 2 unsigned }, twice.
  const auto data = decode_data(hex("13020212010002110800010203FFFE0405"));
  ASSERT_TRUE(data) << data.error().message();
  const auto rows = expand(*data->as<CompactArray>());
  ASSERT_TRUE(rows) << rows.error().message();
  const auto row = [](std::uint16_t a, std::uint8_t b, std::uint8_t c) {
    return structure({a, array({b, c})});
  };
  EXPECT_EQ(*rows, array({row(1, 2, 3), row(0xFFFE, 4, 5)}));
  EXPECT_EQ(encode_data(*data), hex("13020212010002110800010203FFFE0405"));
}

TEST(CompactArray, HostileDescriptionsEnd) {
  EXPECT_FALSE(expand({hex("00"), hex("00")})) << "null has no contents and would repeat for ever";
  EXPECT_FALSE(expand({hex("01FFFF01FFFF01FFFF00"), hex("00")})) << "2^48 nulls";
  EXPECT_FALSE(expand({hex("0202"), hex("00")}));
  EXPECT_FALSE(expand({hex("13"), hex("00")}));
}

TEST(DateTime, PublishedWildcardsAndCapturesDecode) {
  const auto& cases = test::vector_fields("axdr-null-time").at("cases").as_array();
  EXPECT_EQ(decode_data(test::hex_of(cases[0].at("hex"))).value(), Data(Date{}));
  EXPECT_EQ(decode_data(test::hex_of(cases[1].at("hex"))).value(), Data(Time{}));
  EXPECT_EQ(decode_data(test::hex_of(cases[2].at("hex"))).value(), Data(Date{2024, 11, 21, 0xFF}));
  EXPECT_EQ(decode_data(test::hex_of(cases[3].at("hex"))).value(), Data(Time{8, 30, 15, 23}));
  const auto capture = date_time_from(test::hex_of(cases[4].at("hex"))).value();
  EXPECT_EQ(capture.deviation, -120);
  EXPECT_EQ(to_string(capture), "2024-06-15 20:23:45.00 -120 DST");
  using namespace std::chrono;
  EXPECT_EQ(to_utc(capture), sys_days(2024y / June / 15) + 18h + 23min + 45s);
}

TEST(DateTime, FieldsOfAnInstantComeBackAsTheSameInstantInEveryZone) {
  const UtcTime instant{std::chrono::milliseconds(1'700'000'000'120)};
  for (const int deviation : {-840, -120, 0, 90, 720}) {
    const DateTime fields = from_utc(instant, static_cast<std::int16_t>(deviation));
    EXPECT_TRUE(fields.valid());
    EXPECT_EQ(to_utc(fields), instant);
  }
}

TEST(DateTime, WildcardsAndImpossibleDatesAreNoInstants) {
  EXPECT_FALSE(to_utc(DateTime{}));
  EXPECT_TRUE(DateTime{}.valid());
  DateTime value = from_utc(UtcTime{});
  value.date = {2023, 2, 29, 0xFF};
  EXPECT_FALSE(value.valid());
  EXPECT_FALSE(to_utc(value));
  value.date = {2024, 2, 29, 0xFF};
  EXPECT_TRUE(to_utc(value));
  value.deviation = k_deviation_not_specified;
  EXPECT_TRUE(value.valid());
  EXPECT_FALSE(to_utc(value)) << "nobody knows the zone, least of all the host";
}

TEST(LogicalName, ReadsAndWritesTheUsualNotations) {
  const LogicalName energy{{1, 0, 1, 8, 0, 255}};
  for (const char* text : {"1-0:1.8.0.255", "1.0.1.8.0.255", "1-0:1.8.0*255"}) {
    EXPECT_EQ(LogicalName::parse(text), energy) << text;
  }
  EXPECT_EQ(energy.to_string(), "1-0:1.8.0.255");
  for (const char* text : {"", "1-0:1.8.0", "1-0:1.8.0.256", "1-0:1.8.0.255.", "1:0-1.8.0.255",
                           "1-0:1..0.255", "99999999999-0:1.8.0.255"}) {
    EXPECT_FALSE(LogicalName::parse(text)) << text;
  }
}

TEST(Data, NumbersAreReadWhateverTheirType) {
  EXPECT_EQ(Data(std::int8_t{-3}).integer(), -3);
  EXPECT_EQ(Data(std::numeric_limits<std::uint64_t>::max()).integer(), std::nullopt);
  EXPECT_EQ(Data(std::numeric_limits<std::uint64_t>::max()).unsigned_integer(), UINT64_MAX);
  EXPECT_EQ(Data(std::int8_t{-3}).unsigned_integer(), std::nullopt);
  EXPECT_EQ(Data(2.5).number(), 2.5);
  EXPECT_EQ(octet_string(hex("00")).number(), std::nullopt);
}

TEST(Data, TextForPeopleIsCutAndPrintable) {
  EXPECT_EQ(to_string(structure({octet_string(hex("0100")), std::uint8_t{2}})),
            "structure{octet-string 0100, 2}");
  EXPECT_EQ(to_string(VisibleString{"a\x1b\n"}), "\"a\\x1B\\x0A\"");
  const Data large = array(std::vector<Data>(100'000, Data(std::uint8_t{1})));
  EXPECT_LE(to_string(large, 50).size(), 53u);
}

TEST(Register, AppliesTheScalerExactly) {
  const auto value =
      register_value(std::uint32_t{12345}, structure({std::int8_t{-3}, Enum{unit::k_watt_hour}}));
  ASSERT_TRUE(value);
  EXPECT_EQ(value->value(), 12.345);
  EXPECT_EQ(value->resolution(), 0.001);
  EXPECT_EQ(register_value(std::uint32_t{1}, Data(std::uint8_t{1})).error(),
            CosemError::type_mismatch);
}

}  // namespace
}  // namespace meterproof::cosem
