// Dates and times as people read them.
#include <array>
#include <cstdio>

#include "devices/cosem/date_time.hpp"

namespace meterproof::cosem {
namespace {

std::string two_digits(std::uint8_t value) {
  if (value == k_not_specified) return "*";
  char text[8];
  std::snprintf(text, sizeof text, "%02u", unsigned{value});
  return text;
}

std::string month_text(std::uint8_t month) {
  if (month == k_last_day) return "DST-begin";
  if (month == k_second_last_day) return "DST-end";
  return two_digits(month);
}

std::string day_text(std::uint8_t day) {
  if (day == k_last_day) return "last";
  if (day == k_second_last_day) return "second-last";
  return two_digits(day);
}

// The weekday of a whole date says nothing new; of a date with open parts it is part of the rule.
bool weekday_matters(const Date& date) {
  return date.day_of_week >= 1 && date.day_of_week <= 7 &&
         (date.year == k_year_not_specified || date.month > 12 || date.day > 31);
}

// Appended piece by piece: GCC 12 warns falsely of "literal" + string when it optimises.
void add_part(std::string& text, const char* before, const std::string& part) {
  text += before;
  text += part;
}

struct StatusBit {
  std::uint8_t mask;
  const char* text;
};
constexpr std::array k_status_bits{
    StatusBit{clock_status::k_daylight_saving, " DST"},
    StatusBit{clock_status::k_invalid_value, ", invalid value"},
    StatusBit{clock_status::k_doubtful_value, ", doubtful value"},
    StatusBit{clock_status::k_different_clock_base, ", different clock base"},
    StatusBit{clock_status::k_invalid_status, ", invalid clock status"}};

}  // namespace

std::string to_string(const Date& value) {
  constexpr std::array<const char*, 7> k_weekdays{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
  std::string text = value.year == k_year_not_specified ? "*" : std::to_string(value.year);
  add_part(text, "-", month_text(value.month));
  add_part(text, "-", day_text(value.day));
  if (weekday_matters(value)) add_part(text, " ", k_weekdays[value.day_of_week - 1U]);
  return text;
}

std::string to_string(const Time& value) {
  std::string text = two_digits(value.hour);
  add_part(text, ":", two_digits(value.minute));
  add_part(text, ":", two_digits(value.second));
  if (value.hundredths != k_not_specified) add_part(text, ".", two_digits(value.hundredths));
  return text;
}

std::string to_string(const DateTime& value) {
  std::string text = to_string(value.date);
  add_part(text, " ", to_string(value.time));
  if (value.deviation != k_deviation_not_specified) {
    add_part(text, " ", std::to_string(value.deviation));
  }
  if (value.clock_status == k_not_specified) return text;
  for (const StatusBit& bit : k_status_bits) {
    if ((value.clock_status & bit.mask) != 0) text += bit.text;
  }
  return text;
}

}  // namespace meterproof::cosem
