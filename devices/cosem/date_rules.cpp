#include "devices/cosem/date_rules.hpp"

#include <tuple>

namespace meterproof::cosem {
namespace {

// std::chrono's years end at 32767; no calendar of a meter comes near.
constexpr std::uint16_t k_last_year = 9999;

std::optional<std::chrono::sys_days> days_of(const Date& date) {
  if (date.year > k_last_year || date.month > 12 || date.day > 31) return std::nullopt;
  const std::chrono::year_month_day calendar{
      std::chrono::year(date.year), std::chrono::month(date.month), std::chrono::day(date.day)};
  if (!calendar.ok()) return std::nullopt;
  return std::chrono::sys_days(calendar);
}

Date date_from_days(std::chrono::sys_days days) {
  const std::chrono::year_month_day calendar(days);
  return {static_cast<std::uint16_t>(static_cast<int>(calendar.year())),
          static_cast<std::uint8_t>(static_cast<unsigned>(calendar.month())),
          static_cast<std::uint8_t>(static_cast<unsigned>(calendar.day())),
          static_cast<std::uint8_t>(std::chrono::weekday(days).iso_encoding())};
}

bool open_weekday(const Date& pattern) { return pattern.day_of_week == k_not_specified; }

// The pattern's day in one month of the calendar.
std::optional<Date> occurrence_in_month(const Date& pattern, std::uint16_t year,
                                        std::uint8_t month) {
  using std::chrono::days;
  const std::chrono::year_month_day_last month_end{
      std::chrono::year(year), std::chrono::month_day_last(std::chrono::month(month))};
  if (!month_end.ok()) return std::nullopt;
  const std::chrono::sys_days last(month_end);
  if (!open_weekday(pattern) && (pattern.day_of_week < 1 || pattern.day_of_week > 7)) {
    return std::nullopt;
  }
  if (pattern.day == k_last_day || pattern.day == k_second_last_day) {
    const int steps = pattern.day == k_last_day ? 0 : 1;
    if (open_weekday(pattern)) return date_from_days(last - days(steps));
    const unsigned back =
        (std::chrono::weekday(last).iso_encoding() + 7U - pattern.day_of_week) % 7U;
    return date_from_days(last - days(back) - days(7 * steps));
  }
  const auto first = days_of({year, month, pattern.day, k_not_specified});
  if (!first) return std::nullopt;
  if (open_weekday(pattern)) return date_from_days(*first);
  const unsigned ahead =
      (pattern.day_of_week + 7U - std::chrono::weekday(*first).iso_encoding()) % 7U;
  const std::chrono::sys_days found = *first + days(ahead);
  if (found > last) return std::nullopt;
  return date_from_days(found);
}

bool fits(std::uint8_t pattern, std::uint8_t value) {
  return pattern == k_not_specified || pattern == value;
}

bool whole_to_the_second(const DateTime& value) {
  return days_of(value.date) && value.time.hour <= 23 && value.time.minute <= 59 &&
         value.time.second <= 59;
}

bool daylight_saving(const DateTime& value) {
  return value.clock_status != k_not_specified &&
         (value.clock_status & clock_status::k_daylight_saving) != 0;
}

auto local_fields(const DateTime& value) {
  const std::uint8_t hundredths =
      value.time.hundredths == k_not_specified ? std::uint8_t{0} : value.time.hundredths;
  return std::tuple(value.date.year, value.date.month, value.date.day, value.time.hour,
                    value.time.minute, value.time.second, hundredths);
}

// Months 0xFE and 0xFD replaced by the whole day that the rule names in the year.
std::optional<Date> marked_day(const Date& pattern, std::uint16_t year,
                               const std::optional<DaylightSavingRule>& rule) {
  if (!rule) return std::nullopt;
  const Date& named = pattern.month == k_last_day ? rule->begin.date : rule->end.date;
  if (named.month > 12) return std::nullopt;  // a rule that refers to itself
  return occurrence(named, year);
}

}  // namespace

std::optional<std::uint8_t> weekday_of(const Date& date) {
  const auto days = days_of(date);
  if (!days) return std::nullopt;
  return static_cast<std::uint8_t>(std::chrono::weekday(*days).iso_encoding());
}

bool is_calendar_day(const Date& date) {
  const auto weekday = weekday_of(date);
  return weekday && (open_weekday(date) || date.day_of_week == *weekday);
}

std::optional<Date> occurrence(const Date& pattern, std::uint16_t year,
                               const std::optional<DaylightSavingRule>& rule) {
  if (year > k_last_year) return std::nullopt;
  if (pattern.year != k_year_not_specified && pattern.year != year) return std::nullopt;
  if (pattern.month == k_last_day || pattern.month == k_second_last_day) {
    return marked_day(pattern, year, rule);
  }
  if (pattern.month == k_not_specified || pattern.day == k_not_specified) return std::nullopt;
  return occurrence_in_month(pattern, year, pattern.month);
}

std::optional<DateTime> occurrence(const DateTime& pattern, std::uint16_t year,
                                   const std::optional<DaylightSavingRule>& rule) {
  const auto day = occurrence(pattern.date, year, rule);
  if (!day) return std::nullopt;
  DateTime found = pattern;
  found.date = *day;
  return found;
}

bool matches(const Date& pattern, const Date& day, const std::optional<DaylightSavingRule>& rule) {
  const auto weekday = weekday_of(day);
  if (!weekday) return false;
  if (pattern.year != k_year_not_specified && pattern.year != day.year) return false;
  Date whole = day;
  whole.day_of_week = *weekday;
  if (pattern.month == k_last_day || pattern.month == k_second_last_day) {
    return marked_day(pattern, day.year, rule) == whole;
  }
  if (!fits(pattern.month, day.month)) return false;
  if (pattern.day == k_not_specified) return fits(pattern.day_of_week, *weekday);
  return occurrence_in_month(pattern, day.year, day.month) == whole;
}

bool matches(const DateTime& pattern, const DateTime& instant,
             const std::optional<DaylightSavingRule>& rule) {
  return matches(pattern.date, instant.date, rule) && fits(pattern.time.hour, instant.time.hour) &&
         fits(pattern.time.minute, instant.time.minute) &&
         fits(pattern.time.second, instant.time.second) &&
         fits(pattern.time.hundredths, instant.time.hundredths);
}

std::partial_ordering compare(const DateTime& a, const DateTime& b) {
  const auto utc_a = to_utc(a);
  const auto utc_b = to_utc(b);
  if (utc_a && utc_b) return *utc_a <=> *utc_b;
  const bool both_local =
      a.deviation == k_deviation_not_specified && b.deviation == k_deviation_not_specified;
  if (!both_local || !whole_to_the_second(a) || !whole_to_the_second(b) ||
      daylight_saving(a) != daylight_saving(b)) {
    return std::partial_ordering::unordered;
  }
  return local_fields(a) <=> local_fields(b);
}

}  // namespace meterproof::cosem
