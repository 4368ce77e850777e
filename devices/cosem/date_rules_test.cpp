#include "devices/cosem/date_rules.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>

namespace meterproof::cosem {
namespace {

constexpr std::uint8_t k_open = k_not_specified;
constexpr std::uint16_t k_any_year = k_year_not_specified;
constexpr Date k_last_sunday_of_march{k_any_year, 3, k_last_day, 7};
constexpr Date k_last_sunday_of_october{k_any_year, 10, k_last_day, 7};

Date day(std::uint16_t year, std::uint8_t month, std::uint8_t number) {
  return {year, month, number, k_open};
}
std::string on(const Date& pattern, std::uint16_t year,
               const std::optional<DaylightSavingRule>& rule = {}) {
  const auto found = occurrence(pattern, year, rule);
  return found ? to_string(*found) : "none";
}

TEST(DateRules, DaylightSavingOfTheEuropeanUnion) {
  EXPECT_EQ(on(k_last_sunday_of_march, 2024), "2024-03-31");
  EXPECT_EQ(on(k_last_sunday_of_march, 2026), "2026-03-29");
  EXPECT_EQ(on(k_last_sunday_of_october, 2026), "2026-10-25");
}

TEST(DateRules, DaysOfTheMonth) {
  EXPECT_EQ(on({k_any_year, 2, k_last_day, k_open}, 2024), "2024-02-29");
  EXPECT_EQ(on({k_any_year, 2, k_last_day, k_open}, 2023), "2023-02-28");
  EXPECT_EQ(on({k_any_year, 2, k_second_last_day, k_open}, 2024), "2024-02-28");
  EXPECT_EQ(on({k_any_year, 3, k_second_last_day, 7}, 2024), "2024-03-24");
  EXPECT_EQ(on({k_any_year, 3, 8, 7}, 2024), "2024-03-10") << "second Sunday";
  EXPECT_EQ(on({k_any_year, 2, 29, k_open}, 2023), "none");
  EXPECT_EQ(on({k_any_year, 4, 30, 7}, 2024), "none") << "no Sunday on or after 30 April";
  EXPECT_EQ(on({2023, 3, 1, k_open}, 2024), "none");
  EXPECT_EQ(on({k_any_year, k_open, 1, k_open}, 2024), "none") << "twelve days a year";
  EXPECT_EQ(on({k_any_year, 3, 1, 9}, 2024), "none");
}

TEST(DateRules, MarkersOfDaylightSavingNeedTheClocksRule) {
  DaylightSavingRule rule;
  rule.begin.date = k_last_sunday_of_march;
  rule.end.date = k_last_sunday_of_october;
  const Date begin{k_any_year, k_last_day, k_open, k_open};
  const Date end{k_any_year, k_second_last_day, k_open, k_open};
  EXPECT_EQ(on(begin, 2024), "none");
  EXPECT_EQ(on(begin, 2024, rule), "2024-03-31");
  EXPECT_EQ(on(end, 2024, rule), "2024-10-27");
  EXPECT_TRUE(matches(begin, day(2024, 3, 31), rule));
  EXPECT_FALSE(matches(begin, day(2024, 3, 30), rule));
  rule.begin.date = begin;  // refers to itself
  EXPECT_EQ(on(begin, 2024, rule), "none");
}

TEST(DateRules, AnInstantKeepsThePatternsTimeOfDay) {
  DateTime pattern;
  pattern.date = k_last_sunday_of_march;
  pattern.time = {2, 0, 0, 0};
  pattern.deviation = -60;
  pattern.clock_status = clock_status::k_daylight_saving;
  const auto found = occurrence(pattern, 2024);
  ASSERT_TRUE(found);
  EXPECT_EQ(to_string(*found), "2024-03-31 02:00:00.00 -60 DST");
  pattern.date = {2023, 3, 1, k_open};
  EXPECT_FALSE(occurrence(pattern, 2024));
}

TEST(DateRules, PatternsFitDays) {
  const Date every_monday{k_any_year, k_open, k_open, 1};
  EXPECT_TRUE(matches(every_monday, day(2026, 5, 4)));
  EXPECT_FALSE(matches(every_monday, day(2026, 5, 5)));
  EXPECT_TRUE(matches(Date{}, day(2026, 5, 5)));
  EXPECT_FALSE(matches(Date{}, day(2026, 2, 30))) << "no day of the calendar";
  const Date month_end{k_any_year, k_open, k_last_day, k_open};
  EXPECT_TRUE(matches(month_end, day(2026, 4, 30)));
  EXPECT_FALSE(matches(month_end, day(2026, 5, 30)));
  DateTime midnight;
  midnight.time = {0, 0, 0, k_open};
  DateTime instant{day(2026, 5, 5), {0, 0, 0, 0}, -120, 0};
  EXPECT_TRUE(matches(midnight, instant));
  instant.time.minute = 1;
  EXPECT_FALSE(matches(midnight, instant));
}

TEST(DateRules, InstantsAreOrderedOnlyWhereTheStandardSaysHow) {
  const DateTime noon_in_berlin{day(2026, 7, 1), {12, 0, 0, 0}, -120, 0x80};
  const DateTime eleven_utc{day(2026, 7, 1), {11, 0, 0, 0}, 0, 0};
  EXPECT_EQ(compare(noon_in_berlin, eleven_utc), std::partial_ordering::less);
  DateTime local = noon_in_berlin;
  local.deviation = k_deviation_not_specified;
  EXPECT_EQ(compare(noon_in_berlin, local), std::partial_ordering::unordered);
  DateTime later = local;
  later.time.second = 1;
  EXPECT_EQ(compare(local, later), std::partial_ordering::less);
  EXPECT_EQ(compare(local, local), std::partial_ordering::equivalent);
  later.clock_status = 0;  // out of daylight saving: an hour may lie between
  EXPECT_EQ(compare(local, later), std::partial_ordering::unordered);
  later = local;
  later.time.hour = k_open;
  EXPECT_EQ(compare(local, later), std::partial_ordering::unordered);
}

TEST(DateRules, WeekdaysAreThoseOfTheCalendar) {
  EXPECT_EQ(weekday_of(day(2000, 1, 1)), 6);
  EXPECT_EQ(weekday_of(day(2026, 11, 22)), 7);
  EXPECT_TRUE(is_calendar_day({2026, 11, 22, 7}));
  EXPECT_FALSE(is_calendar_day({2026, 11, 22, 1}));
  EXPECT_FALSE(weekday_of(Date{}));
  EXPECT_FALSE(weekday_of(day(40'000, 1, 1))) << "beyond any calendar";
}

TEST(DateTimeText, EveryFormCanBeRead) {
  EXPECT_EQ(to_string(DateTime{}), "*-*-* *:*:*");
  EXPECT_EQ(to_string(DateTime{k_last_sunday_of_march, {2, 0, 0, 0}, -60, 0}),
            "*-03-last Sun 02:00:00.00 -60");
  EXPECT_EQ(to_string(Date{k_any_year, k_last_day, k_open, k_open}), "*-DST-begin-*");
  EXPECT_EQ(to_string(Date{k_any_year, k_second_last_day, k_second_last_day, k_open}),
            "*-DST-end-second-last");
  EXPECT_EQ(to_string(DateTime{day(2026, 5, 4), {1, 2, 3, k_open}, 0, 0x83}),
            "2026-05-04 01:02:03 0 DST, invalid value, doubtful value");
  EXPECT_EQ(to_string(Date{2026, 13, 32, 9}), "2026-13-32")
      << "hostile fields are shown as they are";
}

// Every answer must be the same wherever the host stands.
TEST(DateRules, TheHostsTimeZoneHasNoPart) {
  const char* before = std::getenv("TZ");
  const std::string kept = before == nullptr ? "" : before;
  const UtcTime instant =
      std::chrono::sys_days(std::chrono::year(2026) / 3 / 29) + std::chrono::minutes(90);
  for (const char* zone : {"UTC", "Europe/Berlin", "America/St_Johns", "Asia/Kathmandu",
                           "Pacific/Kiritimati", "XYZ-13:45ABC,M3.2.0,M11.1.0"}) {
    setenv("TZ", zone, 1);
    tzset();
    SCOPED_TRACE(zone);
    const DateTime local = from_utc(instant, -120, true);
    EXPECT_EQ(to_string(local), "2026-03-29 03:30:00.00 -120 DST");
    EXPECT_EQ(to_utc(local), instant);
    EXPECT_EQ(on(k_last_sunday_of_march, 2026), "2026-03-29");
    EXPECT_EQ(compare(local, from_utc(instant, 300)), std::partial_ordering::equivalent);
  }
  if (before == nullptr) {
    unsetenv("TZ");
  } else {
    setenv("TZ", kept.c_str(), 1);
  }
  tzset();
}

}  // namespace
}  // namespace meterproof::cosem
