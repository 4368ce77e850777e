// How values are shown in steps and evidence.
#include <gtest/gtest.h>

#include "devices/cosem/value.hpp"

namespace meterproof::cosem {
namespace {

TEST(ValueText, EveryAlternativeIsShownAsWhatItIs) {
  const auto text = [](Data data) { return to_string(data); };
  EXPECT_EQ(text(Null{}), "null");
  EXPECT_EQ(text(DontCare{}), "dont-care");
  EXPECT_EQ(text(true), "true");
  EXPECT_EQ(text(std::uint32_t{7}), "7");
  EXPECT_EQ(text(std::int8_t{-7}), "-7");
  EXPECT_EQ(text(1.5f), "1.5");
  EXPECT_EQ(text(BitString{4, {std::byte{0xA0}}}), "bit-string(4) A0");
  EXPECT_EQ(text(OctetString{to_bytes("AB")}), "octet-string 4142");
  EXPECT_EQ(text(VisibleString{"a\nb"}), "\"a\\x0Ab\"");
  EXPECT_EQ(text(Utf8String{"z"}), "utf8 \"z\"");
  EXPECT_EQ(text(Bcd{12}), "bcd 12");
  EXPECT_EQ(text(Enum{3}), "enum 3");
  EXPECT_EQ(text(CompactArray{{std::byte{0x11}}, {std::byte{0x01}, std::byte{0x02}}}),
            "compact-array 11: 0102");
  EXPECT_EQ(text(structure({std::uint8_t{1}, array({std::uint8_t{2}, true})})),
            "structure{1, array{2, true}}");
}

TEST(ValueText, DatesAndTimesKeepTheirFields) {
  const auto date = decode_data(*from_hex("1A07E40A1704"));
  ASSERT_TRUE(date);
  EXPECT_EQ(to_string(*date), "date 07E40A1704");
  const auto time = decode_data(*from_hex("1B0B0C0D0E"));
  ASSERT_TRUE(time);
  EXPECT_EQ(to_string(*time), "time 0B0C0D0E");
}

TEST(ValueText, ALongValueIsCutAndSaysSo) {
  const Data list = array(std::vector<Data>(100'000, Data{std::uint8_t{1}}));
  const std::string text = to_string(list, 30);
  EXPECT_EQ(text.size(), 33u);
  EXPECT_TRUE(text.ends_with("...")) << text;
}

}  // namespace
}  // namespace meterproof::cosem
