#include "devices/cosem/date_time.hpp"

namespace meterproof::cosem {
namespace {

bool in_range_or_wild(std::uint8_t value, std::uint8_t lowest, std::uint8_t highest) {
  return value == k_not_specified || (value >= lowest && value <= highest);
}

Date read_date_fields(Reader& reader) {
  Date date;
  date.year = *reader.u16();
  date.month = *reader.u8();
  date.day = *reader.u8();
  date.day_of_week = *reader.u8();
  return date;
}

Time read_time_fields(Reader& reader) {
  Time time;
  time.hour = *reader.u8();
  time.minute = *reader.u8();
  time.second = *reader.u8();
  time.hundredths = *reader.u8();
  return time;
}

}  // namespace

bool Date::valid() const {
  const bool month_fits =
      in_range_or_wild(month, 1, 12) || month == k_second_last_day || month == k_last_day;
  const bool day_fits =
      in_range_or_wild(day, 1, 31) || day == k_second_last_day || day == k_last_day;
  if (!month_fits || !day_fits || !in_range_or_wild(day_of_week, 1, 7)) return false;
  if (month > 12 || day > 31) return true;
  // Without a year the longest February counts.
  const std::chrono::year_month_day calendar{
      std::chrono::year(year == k_year_not_specified ? 2024 : year), std::chrono::month(month),
      std::chrono::day(day)};
  return calendar.ok();
}

bool Time::valid() const {
  return in_range_or_wild(hour, 0, 23) && in_range_or_wild(minute, 0, 59) &&
         in_range_or_wild(second, 0, 59) && in_range_or_wild(hundredths, 0, 99);
}

bool DateTime::valid() const {
  return date.valid() && time.valid() &&
         (deviation == k_deviation_not_specified || (deviation >= -840 && deviation <= 840));
}

std::optional<Date> date_from(BytesView octets) {
  if (octets.size() != 5) return std::nullopt;
  Reader reader(octets);
  return read_date_fields(reader);
}

std::optional<Time> time_from(BytesView octets) {
  if (octets.size() != 4) return std::nullopt;
  Reader reader(octets);
  return read_time_fields(reader);
}

std::optional<DateTime> date_time_from(BytesView octets) {
  if (octets.size() != 12) return std::nullopt;
  Reader reader(octets);
  DateTime value;
  value.date = read_date_fields(reader);
  value.time = read_time_fields(reader);
  value.deviation = static_cast<std::int16_t>(*reader.u16());
  value.clock_status = *reader.u8();
  return value;
}

void append_date(Bytes& out, const Date& date) {
  append_integer(out, date.year);
  append_u8(out, date.month);
  append_u8(out, date.day);
  append_u8(out, date.day_of_week);
}

void append_time(Bytes& out, const Time& time) {
  append_u8(out, time.hour);
  append_u8(out, time.minute);
  append_u8(out, time.second);
  append_u8(out, time.hundredths);
}

void append_date_time(Bytes& out, const DateTime& value) {
  append_date(out, value.date);
  append_time(out, value.time);
  append_integer(out, static_cast<std::uint16_t>(value.deviation));
  append_u8(out, value.clock_status);
}

Bytes octets_of(const DateTime& value) {
  Bytes out;
  append_date_time(out, value);
  return out;
}

std::optional<UtcTime> to_utc(const DateTime& value) {
  using namespace std::chrono;
  if (value.date.year == k_year_not_specified || value.deviation == k_deviation_not_specified ||
      !value.valid() || value.time.hour > 23 || value.time.minute > 59 || value.time.second > 59) {
    return std::nullopt;
  }
  const year_month_day calendar{year(value.date.year), month(value.date.month),
                                day(value.date.day)};
  if (!calendar.ok()) return std::nullopt;
  const int hundredths = value.time.hundredths == k_not_specified ? 0 : int{value.time.hundredths};
  return sys_days(calendar) + hours(value.time.hour) + minutes(value.time.minute) +
         seconds(value.time.second) + milliseconds(10 * hundredths) + minutes(value.deviation);
}

DateTime from_utc(UtcTime instant, std::int16_t deviation, bool daylight_saving) {
  using namespace std::chrono;
  const UtcTime local = instant - minutes(deviation);
  const sys_days midnight = floor<days>(local);
  const year_month_day calendar(midnight);
  const hh_mm_ss<milliseconds> clock(local - midnight);
  DateTime value;
  value.date.year = static_cast<std::uint16_t>(static_cast<int>(calendar.year()));
  value.date.month = static_cast<std::uint8_t>(static_cast<unsigned>(calendar.month()));
  value.date.day = static_cast<std::uint8_t>(static_cast<unsigned>(calendar.day()));
  value.date.day_of_week = static_cast<std::uint8_t>(weekday(midnight).iso_encoding());
  value.time.hour = static_cast<std::uint8_t>(clock.hours().count());
  value.time.minute = static_cast<std::uint8_t>(clock.minutes().count());
  value.time.second = static_cast<std::uint8_t>(clock.seconds().count());
  value.time.hundredths = static_cast<std::uint8_t>(clock.subseconds().count() / 10);
  value.deviation = deviation;
  value.clock_status = daylight_saving ? 0x80 : 0x00;
  return value;
}

}  // namespace meterproof::cosem
