#include "devices/scpi/message.hpp"

#include <gtest/gtest.h>

namespace meterproof::scpi {
namespace {

Unit only(std::string_view line) {
  const auto message = parse_message(line);
  EXPECT_EQ(message.error.code, 0) << line;
  EXPECT_EQ(message.units.size(), 1u) << line;
  return message.units.empty() ? Unit{} : message.units.front();
}

TEST(ScpiMessage, LongAndShortFormsInAnyCaseMatch) {
  for (const char* line : {"SOUR:VOLT2 230", ":source:voltage2 230", "Sour:VOLTage2\t230\r"}) {
    const Unit unit = only(line);
    EXPECT_EQ(match_header(unit, "SOURce:VOLTage#"), std::vector<int>{2}) << line;
    EXPECT_EQ(unit.arguments, std::vector<std::string>{"230"});
  }
  EXPECT_FALSE(match_header(only("SOURC:VOLT2 230"), "SOURce:VOLTage#"));
  EXPECT_FALSE(match_header(only("SOUR:VOLT2?"), "SOURce:VOLTage#"));
  EXPECT_FALSE(match_header(only("SOUR"), "SOURce:VOLTage#"));
  EXPECT_FALSE(match_header(only("SOUR:VOLT:X 1"), "SOURce:VOLTage#"));
  EXPECT_EQ(match_header(only("SOUR:VOLT 230"), "SOURce:VOLTage#"), std::vector<int>{1});
}

TEST(ScpiMessage, UnitsShareTheBranchOfTheOneBefore) {
  const auto message = parse_message("SOUR:VOLT1 230;CURR1 5;*OPC?;:OUTP ON");
  ASSERT_EQ(message.units.size(), 4u);
  EXPECT_TRUE(match_header(message.units[1], "SOURce:CURRent#"));
  EXPECT_TRUE(match_header(message.units[2], "*OPC?"));
  EXPECT_TRUE(match_header(message.units[3], "OUTPut"));
}

TEST(ScpiMessage, StringsMayHoldSeparators) {
  const Unit unit = only("DISP \"a;b,\"\"c\", 'd'");
  EXPECT_EQ(unit.arguments, (std::vector<std::string>{"a;b,\"c", "d"}));
}

TEST(ScpiMessage, WhatIsWrongHasAStandardNumber) {
  EXPECT_EQ(parse_message("SOUR::VOLT 1").error.code, -110);
  EXPECT_EQ(parse_message("1VOLT").error.code, -110);
  EXPECT_EQ(parse_message("VOLT 1,,2").error.code, -109);
  EXPECT_EQ(parse_message("VOLT \"open").error.code, -151);
  EXPECT_EQ(parse_message(std::string(5000, 'A')).error.code, -223);
  EXPECT_EQ(parse_message("").error.code, 0);
}

TEST(ScpiMessage, NumbersAreWholeAndFinite) {
  EXPECT_EQ(parse_number(" +2.5e1 "), 25);
  for (const char* bad : {"", "nan", "inf", "1e999", "5 V", "1,2"})
    EXPECT_FALSE(parse_number(bad)) << bad;
  EXPECT_EQ(parse_integer("42"), 42);
  for (const char* bad : {"-1", "4.0", "99999999999999999999"})
    EXPECT_FALSE(parse_integer(bad)) << bad;
}

}  // namespace
}  // namespace meterproof::scpi
