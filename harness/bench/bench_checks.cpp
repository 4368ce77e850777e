#include <algorithm>
#include <cstdio>
#include <set>

#include "harness/bench/bench_reader.hpp"
#include "harness/names.hpp"

namespace meterproof::bench {
namespace {

// No test of the standards asks for more: voltages up to 1.15 Un and 1.2 times a position's Imax
// leave room for settling. Also keeps a slip of the pen from burning a meter.
constexpr double k_most_of_rating = 1.2;

std::string trimmed_number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%g", value);
  return text;
}

void check_make_safe(const Bench& bench, Reading& reading) {
  std::vector<std::string> instruments{"source", "reference"};
  for (const Instrument& input : bench.pulse_inputs) instruments.push_back(input.name);
  std::set<std::string> seen;
  for (const auto& item : reading.make_safe) {
    if (std::find(instruments.begin(), instruments.end(), item.text) == instruments.end())
      reading.problems.add(item.line, "'make_safe' in [safety]: unknown instrument '" + item.text +
                                          "'" + harness::did_you_mean(item.text, instruments));
    else if (!seen.insert(item.text).second)
      reading.problems.add(item.line,
                           "'make_safe' in [safety]: '" + item.text + "' is named twice");
  }
}

void check_time_scale(const Bench& bench, Reading& reading) {
  if (bench.time_scale == 1.0 || bench.simulated()) return;
  std::string real;
  const auto note = [&](bool simulated, const std::string& what) {
    if (!simulated) real += (real.empty() ? "" : ", ") + what;
  };
  if (bench.source) note(bench.source->simulated, "source");
  if (bench.reference) note(bench.reference->simulated, "reference");
  for (const Instrument& input : bench.pulse_inputs)
    note(input.simulated, "pulse input " + input.name);
  for (const Position& position : bench.positions)
    note(position.simulated, "position " + position.name);
  if (real.empty()) return;  // source or reference are missing, which is reported already
  reading.problems.add(reading.time_scale_line,
                       "'time_scale' in [bench]: must be 1 unless every "
                       "device is simulated; these are not: " +
                           real);
}

void check_envelope(const Bench& bench, Reading& reading) {
  const auto check = [&](const char* key, double wanted, double rating, const char* unit,
                         const Position& position) {
    const double most = rating * k_most_of_rating;
    if (rating <= 0 || wanted <= most * (1 + 1e-9)) return false;
    reading.problems.add(reading.envelope_lines[key],
                         std::string("'") + key +
                             "' in [safety.envelope]: " + trimmed_number(wanted) + unit +
                             " is more than 1.2 times the rating " + trimmed_number(rating) + unit +
                             " of position '" + position.name + "' (" + position.type->name + ")");
    return true;
  };
  bool voltage_reported = false, current_reported = false;
  const Envelope& envelope = bench.safety.envelope;
  for (const Position& position : bench.positions) {
    if (!position.type) continue;
    if (!voltage_reported)
      voltage_reported = check("max_voltage", envelope.max_voltage.value,
                               position.type->nominal_voltage.value, " V", position);
    if (!current_reported)
      current_reported = check("max_current", envelope.max_current.value,
                               position.type->maximum_current.value, " A", position);
  }
}

}  // namespace

void check_whole(const Bench& bench, Reading& reading) {
  check_make_safe(bench, reading);
  check_time_scale(bench, reading);
  check_envelope(bench, reading);
}

}  // namespace meterproof::bench
