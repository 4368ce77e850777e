#include "devices/simulated/exact_energy.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "devices/simulated/random.hpp"

namespace meterproof::simulated {
namespace {

using harness::BenchTime;

TEST(ExactEnergy, ABillionSecondsLoseNotOneAttojoule) {
  EnergyAccumulator accumulator;
  accumulator.set_power({0}, 69'000);
  const BenchTime end{1'000'000'000'000'000'000};  // 1e9 s
  EXPECT_EQ(to_decimal(accumulator.at(end)), "69000000000000000000000000000000");
  EXPECT_EQ(accumulator.at(BenchTime{end.nanoseconds + 1}) - accumulator.at(end),
            Attojoules{69'000} * 1'000'000'000);
}

TEST(ExactEnergy, ManySegmentsAgreeWithAHighPrecisionSum) {
  Random random(1, "segments");
  EnergyAccumulator accumulator;
  long double expected = 0;
  BenchTime now{0};
  double power = 0;
  for (int n = 0; n < 20'000; ++n) {
    const BenchTime next{now.nanoseconds + static_cast<std::int64_t>(random.uniform() * 5e12)};
    expected += static_cast<long double>(power) *
                static_cast<long double>(next.nanoseconds - now.nanoseconds) * 1e-9L;
    now = next;
    power = random.uniform() * 1e5;
    accumulator.set_power(now, power);
  }
  const long double joules = static_cast<long double>(accumulator.at(now)) * 1e-18L;
  EXPECT_LT(std::abs(static_cast<double>(joules / expected - 1)), 1e-12);
}

TEST(ExactEnergy, ThePulseFallsOnTheFirstNanosecondThatHasItsEnergy) {
  const Attojoules pulse = energy_per_pulse(1000);
  EXPECT_DOUBLE_EQ(to_joules(pulse), 3600);
  EnergyAccumulator accumulator;
  accumulator.set_power({0}, 172.5);
  accumulator.set_power({7'000'000'003}, 34'500.25);
  for (int n : {1, 2, 1000, 1'000'000'000}) {
    const auto when = accumulator.reaches(pulse * n);
    ASSERT_TRUE(when);
    EXPECT_GE(accumulator.at(*when), pulse * n);
    EXPECT_LT(accumulator.at(BenchTime{when->nanoseconds - 1}), pulse * n);
  }
}

TEST(ExactEnergy, NoPowerNoPulse) {
  EnergyAccumulator accumulator;
  EXPECT_FALSE(accumulator.reaches(1));
  accumulator.set_power({0}, -5);
  EXPECT_FALSE(accumulator.reaches(1));
}

TEST(ExactEnergy, DecimalTextRoundTrips) {
  for (const Attojoules value :
       {Attojoules{0}, Attojoules{-1}, from_watt_hours(4'999'999.125), -from_watt_hours(1e7)}) {
    EXPECT_EQ(from_decimal(to_decimal(value)), value);
  }
  for (const char* bad : {"", "-", "12x", " 1", "999999999999999999999999999999999999999"})
    EXPECT_FALSE(from_decimal(bad)) << bad;
}

TEST(ExactEnergy, ConstantsThatAreNotRoundKeepTheirPulse) {
  EXPECT_NEAR(to_joules(energy_per_pulse(937.5)), 3840, 1e-9);
  EXPECT_NEAR(to_joules(energy_per_pulse(1e9)), 3.6e-3, 1e-15);
}

}  // namespace
}  // namespace meterproof::simulated
