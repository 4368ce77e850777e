#include "reports/case_text.hpp"

#include <fmt/format.h>

#include <charconv>
#include <chrono>

namespace meterproof::reports {
namespace {

// A decimal field of a time stamp, or -1.
int digits(std::string_view text, std::size_t from, std::size_t count) {
  int value = -1;
  const char* end = text.data() + from + count;
  const auto [stopped, problem] = std::from_chars(text.data() + from, end, value);
  return problem == std::errc{} && stopped == end && value >= 0 ? value : -1;
}

bool is_time_stamp(std::string_view text) {
  if (text.size() < 19 || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' ||
      text[16] != ':') {
    return false;
  }
  const int year = digits(text, 0, 4), month = digits(text, 5, 2), day = digits(text, 8, 2);
  const int hour = digits(text, 11, 2), minute = digits(text, 14, 2), second = digits(text, 17, 2);
  if (year < 1 || month < 1 || day < 1) return false;
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  return date.ok() && hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59 && second >= 0 &&
         second <= 59;
}

}  // namespace

std::string state_word(const journal::CaseRecord& record) {
  switch (record.state()) {
    case journal::CaseState::not_started:
      return "not run";
    case journal::CaseState::running:
      return "running";
    case journal::CaseState::judged:
      break;
  }
  return std::string(harness::to_string(*record.verdict()));
}

int urgency(const journal::CaseRecord& record) {
  if (record.state() == journal::CaseState::running) return 1;
  const auto verdict = record.verdict();
  if (verdict == harness::Verdict::fail) return 0;
  return verdict == harness::Verdict::error || verdict == harness::Verdict::inconclusive ? 1 : 2;
}

std::string name_and_detail(std::string_view name, std::string_view detail) {
  return detail.empty() ? std::string(name) : fmt::format("{}: {}", name, detail);
}

std::string value_text(const harness::Measurement& measurement) {
  return fmt::format("{:+.4g} {}", measurement.value, measurement.unit);
}

std::string limits_text(const harness::Measurement& measurement) {
  const auto& [lower, upper] = std::pair(measurement.lower_limit, measurement.upper_limit);
  if (lower && upper) return fmt::format("{:+g}..{:+g} {}", *lower, *upper, measurement.unit);
  if (upper) return fmt::format("at most {:g} {}", *upper, measurement.unit);
  if (lower) return fmt::format("at least {:g} {}", *lower, measurement.unit);
  return {};
}

std::string uncertainty_text(const harness::Measurement& measurement) {
  return fmt::format("{:.2g} {} (k={:g})", measurement.expanded_uncertainty, measurement.unit,
                     measurement.coverage_factor);
}

std::string time_of_day(std::string_view t) {
  return is_time_stamp(t) ? std::string(t.substr(11, 12)) : std::string("--:--:--.---");
}

std::string whole_seconds(std::string_view t) {
  return is_time_stamp(t) ? std::string(t.substr(0, 19)) : std::string("1970-01-01T00:00:00");
}

}  // namespace meterproof::reports
