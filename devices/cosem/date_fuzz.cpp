// Dates and times, wildcards and rules: any twelve octets have a text and come back as they were;
// what a pattern names in a year is a day of the calendar that fits the pattern.
#include <cstdlib>

#include "devices/cosem/date_rules.hpp"

namespace {

using namespace meterproof::cosem;

template <class Value, class Append>
void comes_back(const std::optional<Value>& value, BytesView octets, Append append_value) {
  if (!value) return;
  Bytes again;
  append_value(again, *value);
  if (again != Bytes(octets.begin(), octets.end()) || to_string(*value).empty()) std::abort();
}

}  // namespace

// Two date-times, the begin of daylight saving time, and two octets of a year.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const BytesView input = std::as_bytes(std::span(data, size));
  comes_back(date_from(input), input, append_date);
  comes_back(time_from(input), input, append_time);
  comes_back(date_time_from(input), input, append_date_time);
  if (size < 38) return 0;
  const DateTime one = *date_time_from(input.first(12));
  const DateTime other = *date_time_from(input.subspan(12, 12));
  const DaylightSavingRule rule{*date_time_from(input.subspan(24, 12)), other};
  const auto year = static_cast<std::uint16_t>(data[36] << 8 | data[37]);
  for (const std::optional<DaylightSavingRule>& known :
       {std::optional<DaylightSavingRule>{}, std::optional(rule)}) {
    if (const auto day = occurrence(one.date, year, known)) {
      if (!is_calendar_day(*day) || day->year != year) std::abort();
      if (weekday_of(*day) != day->day_of_week) std::abort();
      // What a pattern names, fits it.
      if (!matches(one.date, *day, known)) std::abort();
    }
    (void)occurrence(one, year, known);
    (void)matches(one, other, known);
  }
  const auto order = compare(one, other), reverse = compare(other, one);
  if ((order < 0) != (reverse > 0) || (order == 0) != (reverse == 0)) std::abort();
  if (const auto instant = to_utc(one)) {
    if (to_utc(from_utc(*instant, one.deviation)) != instant) std::abort();
  }
  return 0;
}
