#include "devices/cosem/classes/render.hpp"

#include <gtest/gtest.h>

namespace meterproof::cosem::classes {
namespace {

TEST(Render, ARegisterIsShownWithItsUnit) {
  const Data value(std::uint32_t{123456});
  EXPECT_EQ(render_attribute(3, 0, 2, value, ScalerUnit{-2, 30}), "1234.56 Wh");
  EXPECT_EQ(render_attribute(3, 0, 2, value), "123456");
  EXPECT_EQ(render_attribute(3, 0, 3, structure({Data(std::int8_t{-2}), Data(Enum{30})})),
            "10^-2 Wh");
  EXPECT_EQ(render_attribute(5, 0, 3, value, ScalerUnit{0, 27}), "123456 W");
  EXPECT_EQ(render_attribute(5, 0, 8, Data(std::uint32_t{900}), ScalerUnit{0, 27}), "900")
      << "a period is not scaled";
}

TEST(Render, FieldsHaveNamesAndOctetsAForm) {
  DateTime at;
  at.date = {2024, 6, 15, 6};
  at.time = {20, 23, 45, 0xFF};
  at.deviation = -120;
  at.clock_status = 0x80;
  EXPECT_EQ(render_attribute(8, 0, 2, octet_string(octets_of(at))), "2024-06-15 20:23:45 -120 DST");
  EXPECT_EQ(render_attribute(7, 1, 3,
                             array({structure({Data(std::uint16_t{8}), octet_string(names::k_clock),
                                               Data(std::int8_t{2}), Data(std::uint16_t{0})})})),
            "[{class_id: 8, logical_name: 0-0:1.0.0.255, attribute_index: 2, data_index: 0}]");
}

TEST(Render, OctetStringsHaveTheFormOfTheirType) {
  const auto shown = [](const char* type, const char* octets) {
    return render(*parse_type(type), octet_string(*from_hex(octets)));
  };
  EXPECT_EQ(shown("octet-date", "07EA050401"), to_string(*date_from(*from_hex("07EA050401"))));
  EXPECT_EQ(shown("octet-time", "173B00FF"), "23:59:00");
  EXPECT_EQ(shown("logical-name", "0100010800FF"), "1-0:1.8.0.255");
  for (const char* type : {"octet-date", "octet-time", "octet-date-time", "logical-name"}) {
    EXPECT_EQ(shown(type, "0102"), "octet-string 0102") << type;
  }
}

TEST(Render, AValueOfAnotherTypeIsShownAsItIs) {
  EXPECT_EQ(render_attribute(8, 0, 2, Data(true)), "true");
  EXPECT_EQ(render_attribute(8, 0, 2, octet_string(Bytes(2))), "octet-string 0000");
  EXPECT_EQ(render_attribute(9999, 0, 2, structure({Data(true)})), "{true}");
  EXPECT_LT(render_attribute(7, 1, 2, array(std::vector<Data>(100'000, Data(true)))).size(), 500U);
}

}  // namespace
}  // namespace meterproof::cosem::classes
