// Date and time as COSEM carries them (IEC 62056-6-2 4.1.6): fields, each of which may be a
// wildcard. They stay fields; the host's time zone is never consulted. The deviation counts minutes
// from local time to UTC, so a meter in UTC+2 says -120.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "devices/cosem/bytes.hpp"

namespace meterproof::cosem {

inline constexpr std::uint16_t k_year_not_specified = 0xFFFF;
inline constexpr std::uint8_t k_not_specified = 0xFF;
inline constexpr std::uint8_t k_second_last_day = 0xFD;  // day of month; month: end of DST
inline constexpr std::uint8_t k_last_day = 0xFE;         // day of month; month: begin of DST
inline constexpr std::int16_t k_deviation_not_specified = INT16_MIN;

struct Date {
  std::uint16_t year = k_year_not_specified;
  std::uint8_t month = k_not_specified;        // 1..12
  std::uint8_t day = k_not_specified;          // 1..31
  std::uint8_t day_of_week = k_not_specified;  // 1 = Monday .. 7
  bool operator==(const Date&) const = default;
  // Every field in its range or a wildcard that the standard knows.
  bool valid() const;
};

struct Time {
  std::uint8_t hour = k_not_specified;        // 0..23
  std::uint8_t minute = k_not_specified;      // 0..59
  std::uint8_t second = k_not_specified;      // 0..59
  std::uint8_t hundredths = k_not_specified;  // 0..99
  bool operator==(const Time&) const = default;
  bool valid() const;
};

// Bits of clock_status, which is 0xFF when not specified (IEC 62056-6-2 4.1.6.1).
namespace clock_status {
inline constexpr std::uint8_t k_invalid_value = 0x01, k_doubtful_value = 0x02,
                              k_different_clock_base = 0x04, k_invalid_status = 0x08,
                              k_daylight_saving = 0x80;
}  // namespace clock_status

struct DateTime {
  Date date;
  Time time;
  std::int16_t deviation = k_deviation_not_specified;  // minutes, -720..840
  // Bit 0 invalid value, 1 doubtful value, 2 different clock base, 3 invalid status, 7 DST active.
  std::uint8_t clock_status = k_not_specified;
  bool operator==(const DateTime&) const = default;
  bool valid() const;
};

// Exactly 5, 4 and 12 octets; any field value is kept as it came.
std::optional<Date> date_from(BytesView octets);
std::optional<Time> time_from(BytesView octets);
std::optional<DateTime> date_time_from(BytesView octets);
void append_date(Bytes& out, const Date& date);
void append_time(Bytes& out, const Time& time);
void append_date_time(Bytes& out, const DateTime& value);
Bytes octets_of(const DateTime& value);

using UtcTime = std::chrono::sys_time<std::chrono::milliseconds>;
// Nothing when date, hour, minute, second or the deviation are wildcards or out of range.
// hundredths not specified counts as 0.
std::optional<UtcTime> to_utc(const DateTime& value);
// The local fields of an instant. deviation in minutes as above; the status has only the DST bit.
DateTime from_utc(UtcTime instant, std::int16_t deviation = 0, bool daylight_saving = false);
// "2024-06-15 20:23:45.00 -120 DST", wildcards as "*". Days and months that only a calendar can
// tell are named: "*-03-last Sun 02:00:00". Bits of the status follow: "doubtful value".
std::string to_string(const DateTime& value);
std::string to_string(const Date& value);
std::string to_string(const Time& value);

}  // namespace meterproof::cosem
