// Rules over dates with wildcards (IEC 62056-6-2 4.1.6.1): which day a pattern such as "last Sunday
// of March" names in a year, whether a day or an instant fits a pattern, and in which order two
// instants stand. All from the fields: the host's time zone and the C library's calendar have no
// part in it.
#pragma once

#include <compare>
#include <optional>

#include "devices/cosem/date_time.hpp"

namespace meterproof::cosem {

// Year, month, day a day of the calendar; the weekday, if given, its own.
bool is_calendar_day(const Date& date);
// 1 = Monday .. 7. Nothing unless year, month and day are given.
std::optional<std::uint8_t> weekday_of(const Date& date);

// When the clock's daylight saving begins and ends: attributes 5 and 6 of the clock. They resolve
// the months 0xFE (begin) and 0xFD (end).
struct DaylightSavingRule {
  DateTime begin;
  DateTime end;
};

// The one day that the pattern names in the year; the weekday is filled in.
//   day 1..31 alone        that day
//   day 1..31 and weekday  the first such weekday on or after that day of the month
//   last, second last      that day of the month; with a weekday the last, second last such weekday
// Nothing when the pattern names another year, many days (month or day open) or none.
std::optional<Date> occurrence(const Date& pattern, std::uint16_t year,
                               const std::optional<DaylightSavingRule>& rule = {});
// The same with the pattern's time of day, deviation and status.
std::optional<DateTime> occurrence(const DateTime& pattern, std::uint16_t year,
                                   const std::optional<DaylightSavingRule>& rule = {});

// Whether a calendar day fits. Months 0xFE and 0xFD fit nothing without a rule.
bool matches(const Date& pattern, const Date& day,
             const std::optional<DaylightSavingRule>& rule = {});
// Open fields of the pattern fit everything; its deviation and status are not looked at.
bool matches(const DateTime& pattern, const DateTime& instant,
             const std::optional<DaylightSavingRule>& rule = {});

// By UTC when both say their deviation; by the local fields when neither does and both or none are
// in daylight saving time. Otherwise, and when a field is open, unordered.
std::partial_ordering compare(const DateTime& a, const DateTime& b);

}  // namespace meterproof::cosem
