#include "suites/accuracy/limits.hpp"

#include <gtest/gtest.h>

#include <numbers>

namespace meterproof::suites {
namespace {

bench::MeterType class_one() {
  bench::MeterType type;
  type.phases = 3;
  type.nominal_voltage = {230};
  type.base_current = {5};
  type.maximum_current = {100};
  type.constant = 1000;
  type.accuracy_class = "1";
  type.standard = "IEC 62053-21:2003";
  type.connection = "direct";
  return type;
}

constexpr PowerFactor k_unity{1, Side::none};
constexpr PowerFactor k_half_inductive{0.5, Side::inductive};
constexpr PowerFactor k_capacitive{0.8, Side::capacitive};

double percent(const bench::MeterType& type, PowerFactor pf, double multiple_of_ib) {
  const auto limit = limit_for(type, pf, type.base_current * multiple_of_ib);
  return limit ? limit->percent : -1;
}

TEST(Limits, ClassOneDirectAfterTable6) {
  const auto type = class_one();
  EXPECT_EQ(percent(type, k_unity, 0.05), 1.5);
  EXPECT_EQ(percent(type, k_unity, 0.0999), 1.5);
  EXPECT_EQ(percent(type, k_unity, 0.1), 1.0);
  EXPECT_EQ(percent(type, k_unity, 20), 1.0);
  EXPECT_EQ(percent(type, k_half_inductive, 0.1), 1.5);
  EXPECT_EQ(percent(type, k_half_inductive, 0.2), 1.0);
  EXPECT_EQ(percent(type, k_capacitive, 0.1), 1.5);
  EXPECT_EQ(percent(type, k_capacitive, 20), 1.0);
}

TEST(Limits, OutsideTheTableThereIsNone) {
  auto type = class_one();
  EXPECT_EQ(percent(type, k_unity, 0.049), -1);
  EXPECT_EQ(percent(type, k_unity, 20.1), -1);
  EXPECT_EQ(percent(type, k_half_inductive, 0.05), -1);
  EXPECT_EQ(percent(type, {0.9, Side::inductive}, 1), -1);
  type.accuracy_class = "3";
  EXPECT_EQ(percent(type, k_unity, 1), -1);
  type = class_one();
  type.standard = "IEC 62053-21:2020";
  EXPECT_EQ(percent(type, k_unity, 1), -1) << "class 1 of the 2020 edition was not read";
}

TEST(Limits, ClassTwoHasNoCapacitiveRow) {
  auto type = class_one();
  type.accuracy_class = "2";
  EXPECT_EQ(percent(type, k_unity, 1), 2.0);
  EXPECT_EQ(percent(type, k_capacitive, 1), -1);
}

TEST(Limits, TransformerMetersOfPart22) {
  auto type = class_one();
  type.standard = "IEC 62053-22:2003";
  type.accuracy_class = "0.2S";
  type.connection = "transformer";
  type.maximum_current = {6};
  EXPECT_EQ(percent(type, k_unity, 0.01), 0.4);
  EXPECT_EQ(percent(type, k_unity, 1.2), 0.2);
  EXPECT_EQ(percent(type, k_half_inductive, 0.1), 0.3);
}

TEST(Limits, EveryLimitSaysWhereItComesFrom) {
  const auto limit = limit_for(class_one(), k_unity, {5});
  ASSERT_TRUE(limit);
  EXPECT_EQ(limit->source, "IEC 62053-21:2003 8.1 Table 6 [S2,S3,S4; confidence high]");
}

TEST(Limits, NoLoadTimeOfClassOneIs522Seconds) {
  // 600e6 / (1000 x 3 x 230 V x 100 A) min
  const auto test = no_load_test(class_one());
  ASSERT_TRUE(test);
  EXPECT_NEAR(test->minimum.seconds(), 521.739, 0.001);
  EXPECT_EQ(test->voltage, 1.15);
  EXPECT_EQ(test->most_pulses, 1);
  auto single = class_one();
  single.phases = 1;
  single.maximum_current = {60};
  EXPECT_NEAR(no_load_test(single)->minimum.seconds() / 60, 43.5, 0.05);
  single.accuracy_class = "2";
  EXPECT_NEAR(no_load_test(single)->minimum.seconds() / 60, 34.8, 0.05);
}

TEST(Limits, StartingOfClassOne) {
  const auto current = starting_current(class_one());
  ASSERT_TRUE(current);
  EXPECT_NEAR(current->current.value, 0.02, 1e-12);
  const auto test = starting_test(class_one(), current->current);
  EXPECT_NEAR(test.tau.seconds(), 260.87, 0.01);
  EXPECT_NEAR(test.limit.seconds(), 391.30, 0.01);
  EXPECT_NE(test.source.find("substitute"), std::string::npos);
}

TEST(Limits, ConstantTestOfClassOne) {
  const auto test = constant_test(class_one(), 10);
  ASSERT_TRUE(test);
  EXPECT_DOUBLE_EQ(test->minimum_energy_wh, 10000);
  EXPECT_DOUBLE_EQ(test->limit_percent, 0.1);
  EXPECT_NE(test->source.find("substitute"), std::string::npos);
}

TEST(PowerFactor, InductiveLags) {
  EXPECT_NEAR(k_half_inductive.angle().value, std::numbers::pi / 3, 1e-12);
  EXPECT_LT(k_capacitive.angle().value, 0);
  EXPECT_EQ(k_unity.angle().value, 0);
}

}  // namespace
}  // namespace meterproof::suites
