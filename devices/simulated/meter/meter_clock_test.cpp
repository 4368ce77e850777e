#include "devices/simulated/meter/meter_clock.hpp"

#include <gtest/gtest.h>

namespace meterproof::simulated {
namespace {

using cosem::ActionResult;
using cosem::Data;
using cosem::DataAccessResult;
using cosem::DateTime;

constexpr std::size_t k_time = 0, k_zone = 1, k_begin = 3, k_end = 4, k_saving = 5, k_enabled = 6;

Data octets(const DateTime& value) { return cosem::octet_string(cosem::octets_of(value)); }
DateTime local(std::uint16_t year, std::uint8_t month, std::uint8_t day, std::uint8_t hour,
               std::uint8_t minute, std::uint8_t second = 0) {
  return {{year, month, day, 0xFF}, {hour, minute, second, 0}, cosem::k_deviation_not_specified, 0};
}
// "Last Sunday of the month, at this hour".
DateTime last_sunday(std::uint8_t month, std::uint8_t hour) {
  return {
      {0xFFFF, month, cosem::k_last_day, 7}, {hour, 0, 0, 0}, cosem::k_deviation_not_specified, 0};
}

struct ClockBench {
  explicit ClockBench(bool saves = true)
      : clock(
            kept, [this] { return works; }, saves),
        object(clock.object()) {}

  DataAccessResult set(std::size_t attribute, const Data& value) {
    return object.attributes[attribute].set(value);
  }
  ActionResult run(int method, const Data& parameters) {
    Notifications none;
    return object.methods[static_cast<std::size_t>(method - 1)].run(parameters, none).result;
  }
  // Central Europe: UTC+1, in summer UTC+2.
  void central_europe() {
    EXPECT_EQ(set(k_zone, Data(std::int16_t{-60})), DataAccessResult::success);
    EXPECT_EQ(set(k_begin, octets(last_sunday(3, 2))), DataAccessResult::success);
    EXPECT_EQ(set(k_end, octets(last_sunday(10, 3))), DataAccessResult::success);
    EXPECT_EQ(set(k_saving, Data(std::int8_t{60})), DataAccessResult::success);
    EXPECT_EQ(set(k_enabled, Data(true)), DataAccessResult::success);
  }
  std::string shown() const { return cosem::to_string(clock.time()).substr(0, 19); }
  bool saving() const { return (clock.time().clock_status & 0x80) != 0; }

  Nonvolatile kept{""};
  std::chrono::system_clock::time_point works{
      std::chrono::sys_days{std::chrono::year{2026} / std::chrono::month{5} / std::chrono::day{4}}};
  MeterClock clock;
  Object object;
};

TEST(MeterClockObject, WhatIsSetRunsOnFromThereAndOutlivesThePowerCut) {
  ClockBench bench;
  EXPECT_EQ(bench.shown(), "2026-05-04 00:00:00");
  ASSERT_EQ(bench.set(k_time, octets(local(2030, 1, 2, 3, 4, 5))), DataAccessResult::success);
  bench.works += std::chrono::seconds(10);
  EXPECT_EQ(bench.shown(), "2030-01-02 03:04:15");
  const MeterClock after(
      bench.kept, [&] { return bench.works; }, true);
  EXPECT_EQ(after.time(), bench.clock.time());
}

TEST(MeterClockObject, DaylightSavingBeginsAndEndsOnTheSecond) {
  ClockBench bench;
  bench.central_europe();
  // 29 March 2026, 02:00 becomes 03:00.
  ASSERT_EQ(bench.set(k_time, octets(local(2026, 3, 29, 1, 59, 59))), DataAccessResult::success);
  EXPECT_FALSE(bench.saving());
  EXPECT_EQ(bench.clock.time().deviation, -60);
  bench.works += std::chrono::seconds(1);
  EXPECT_TRUE(bench.saving());
  EXPECT_EQ(bench.shown(), "2026-03-29 03:00:00");
  EXPECT_EQ(bench.clock.time().deviation, -120);
  // 25 October 2026, 03:00 becomes 02:00.
  ASSERT_EQ(bench.set(k_time, octets(local(2026, 10, 25, 1, 59, 59))), DataAccessResult::success);
  EXPECT_TRUE(bench.saving());
  bench.works += std::chrono::seconds(3600);
  EXPECT_TRUE(bench.saving());
  bench.works += std::chrono::seconds(1);
  EXPECT_FALSE(bench.saving());
  EXPECT_EQ(bench.shown(), "2026-10-25 02:00:00");
}

TEST(MeterClockObject, SouthOfTheEquatorTheYearBeginsInDaylightSaving) {
  ClockBench bench;
  ASSERT_EQ(bench.set(k_begin, octets(last_sunday(10, 2))), DataAccessResult::success);
  ASSERT_EQ(bench.set(k_end, octets(last_sunday(3, 3))), DataAccessResult::success);
  ASSERT_EQ(bench.set(k_saving, Data(std::int8_t{60})), DataAccessResult::success);
  ASSERT_EQ(bench.set(k_enabled, Data(true)), DataAccessResult::success);
  EXPECT_FALSE(bench.saving());
  for (const std::uint8_t month : {std::uint8_t{1}, std::uint8_t{12}}) {
    ASSERT_EQ(bench.set(k_time, octets(local(2026, month, 15, 12, 0))), DataAccessResult::success);
    EXPECT_TRUE(bench.saving()) << int{month};
  }
}

TEST(MeterClockObject, ADefectiveOneNeverSaves) {
  ClockBench bench(false);
  bench.central_europe();
  ASSERT_EQ(bench.set(k_time, octets(local(2026, 7, 1, 12, 0))), DataAccessResult::success);
  EXPECT_FALSE(bench.saving());
}

TEST(MeterClockObject, WhatIsNoInstantOfThisCenturyIsRefusedAndChangesNothing) {
  ClockBench bench;
  const DateTime before = bench.clock.time();
  for (const DateTime& wrong :
       {local(2026, 2, 30, 0, 0), local(2026, 13, 1, 0, 0), local(2026, 1, 1, 24, 0),
        local(1970, 1, 1, 0, 0), local(2106, 2, 7, 0, 0), DateTime{}}) {
    EXPECT_EQ(bench.set(k_time, octets(wrong)), DataAccessResult::other_reason)
        << cosem::to_string(wrong);
  }
  EXPECT_EQ(bench.set(k_time, Data(true)), DataAccessResult::type_unmatched);
  EXPECT_EQ(bench.set(k_zone, Data(std::int16_t{841})), DataAccessResult::type_unmatched);
  EXPECT_EQ(bench.clock.time(), before);
}

TEST(MeterClockObject, IsAdjustedAndShifted) {
  ClockBench bench;
  const Data zero(std::int8_t{0});
  ASSERT_EQ(bench.set(k_time, octets(local(2026, 5, 4, 12, 7, 40))), DataAccessResult::success);
  ASSERT_EQ(bench.run(3, zero), ActionResult::success);
  EXPECT_EQ(bench.shown(), "2026-05-04 12:08:00");
  ASSERT_EQ(bench.run(1, zero), ActionResult::success);
  EXPECT_EQ(bench.shown(), "2026-05-04 12:15:00");
  ASSERT_EQ(bench.run(6, Data(std::int16_t{-900})), ActionResult::success);
  EXPECT_EQ(bench.shown(), "2026-05-04 12:00:00");
  EXPECT_EQ(bench.run(6, Data(std::int16_t{901})), ActionResult::other_reason);
  EXPECT_EQ(bench.run(4, zero), ActionResult::other_reason);  // nothing preset
  const auto window = [](std::uint8_t from, std::uint8_t until) {
    return cosem::structure({octets(local(2027, 1, 1, 0, 0)), octets(local(2026, 5, 4, from, 0)),
                             octets(local(2026, 5, 4, until, 0))});
  };
  ASSERT_EQ(bench.run(5, window(13, 14)), ActionResult::success);
  EXPECT_EQ(bench.run(4, zero), ActionResult::other_reason);  // too early
  ASSERT_EQ(bench.run(5, window(11, 14)), ActionResult::success);
  EXPECT_EQ(bench.run(4, zero), ActionResult::success);
  EXPECT_EQ(bench.shown(), "2027-01-01 00:00:00");
}

}  // namespace
}  // namespace meterproof::simulated
