#include "devices/cosem/classes/scaled_value.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace meterproof::cosem::classes {
namespace {

std::string decimal(const Data& value, int scaler) {
  return scaled_decimal(value, static_cast<std::int8_t>(scaler)).value_or("none");
}

TEST(ScaledValue, ThePointMovesAndNoDigitIsLost) {
  EXPECT_EQ(decimal(Data(std::uint32_t{12345}), -3), "12.345");
  EXPECT_EQ(decimal(Data(std::uint32_t{12345}), 0), "12345");
  EXPECT_EQ(decimal(Data(std::uint32_t{12345}), 2), "1234500");
  EXPECT_EQ(decimal(Data(std::int16_t{-5}), -3), "-0.005");
  EXPECT_EQ(decimal(Data(std::uint8_t{0}), -2), "0.00");
  EXPECT_EQ(decimal(Data(std::uint8_t{0}), 3), "0");
  EXPECT_EQ(decimal(Data(std::uint32_t{2300}), -1), "230.0") << "resolution is information";
  EXPECT_EQ(decimal(Data(std::numeric_limits<std::int64_t>::min()), -1), "-922337203685477580.8");
  EXPECT_EQ(decimal(Data(std::numeric_limits<std::uint64_t>::max()), -19), "1.8446744073709551615");
  EXPECT_EQ(decimal(Data(std::uint8_t{1}), -128).size(), 130U);
}

TEST(ScaledValue, FloatingNumbersKeepTheirShortestText) {
  EXPECT_EQ(decimal(Data(0.1F), 0), "0.1");
  EXPECT_EQ(decimal(Data(230.5), 1), "2305");
  EXPECT_EQ(decimal(Data(-1.25e-3), 0), "-0.00125");
  EXPECT_EQ(decimal(Data(0.0), 0), "0");
  EXPECT_EQ(decimal(Data(std::numeric_limits<double>::infinity()), 0), "infinity");
}

TEST(ScaledValue, WhatIsNoNumberHasNone) {
  EXPECT_EQ(decimal(Data(true), 0), "none");
  EXPECT_EQ(decimal(Data(Enum{1}), 0), "none");
  EXPECT_EQ(decimal(array({}), 0), "none");
}

TEST(ScaledValue, UnitsAreTheBlueBooks) {
  EXPECT_EQ(unit_name(27), "W");
  EXPECT_EQ(unit_name(30), "Wh");
  EXPECT_EQ(unit_name(35), "V");
  EXPECT_EQ(unit_name(255), "");
  EXPECT_EQ(unit_name(200), "unit 200");
  EXPECT_EQ(scaled_text(Data(std::uint32_t{2301}), {-1, 35}), "230.1 V");
  EXPECT_EQ(scaled_text(Data(std::uint32_t{7}), {0, 255}), "7");
}

TEST(ScaledValue, OnlyAScalerAndAUnitAreAScalerUnit) {
  EXPECT_EQ(scaler_unit_from(structure({Data(std::int8_t{-1}), Data(Enum{35})})),
            (ScalerUnit{-1, 35}));
  EXPECT_FALSE(scaler_unit_from(structure({Data(std::int16_t{-1}), Data(Enum{35})})));
  EXPECT_FALSE(scaler_unit_from(structure({Data(std::int8_t{-1})})));
  EXPECT_FALSE(scaler_unit_from(Data(Null{})));
}

}  // namespace
}  // namespace meterproof::cosem::classes
