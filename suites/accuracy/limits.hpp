// Limits: what the standards allow, as data (suites/accuracy/data), embedded in the program.
//
// A limit belongs to a standard with its edition, an accuracy class, a connection, a power factor
// and a range of currents given in multiples of Ib, In or Imax. Each carries its clause, its source
// and how sure we are; that text goes into every measurement judged by it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "harness/bench/meter_type.hpp"
#include "harness/quantity.hpp"

namespace meterproof::suites {

extern const std::string_view k_limits_json;

enum class Side { none, inductive, capacitive };

struct PowerFactor {
  double cosine = 1;  // 0 < cosine <= 1
  Side side = Side::none;

  harness::Angle angle() const;  // > 0: the current lags
};

struct ErrorLimit {
  double percent = 0;  // symmetric, +-
  std::string source;  // "IEC 62053-21:2003 8.1 Table 6 [S2,S3,S4; confidence high]"
};

// Limit of the percentage error of a balanced load. Nothing when the standard has none for this
// class, connection, power factor and current.
std::optional<ErrorLimit> limit_for(const bench::MeterType& type, PowerFactor power_factor,
                                    harness::Current current);
// The limit at the base current and power factor 1: the class's own figure.
std::optional<ErrorLimit> base_limit(const bench::MeterType& type);

struct StartingCurrent {
  harness::Current current;
  std::string source;
};
std::optional<StartingCurrent> starting_current(const bench::MeterType& type);

struct NoLoadTest {
  double voltage = 1.15;           // multiple of Un
  harness::BenchDuration minimum;  // C 1e6 / (k m Un Imax) min
  double most_pulses = 1;
  std::string source;
};
// IEC 62053-21/-22:2003.
std::optional<NoLoadTest> no_load_test(const bench::MeterType& type);

struct StartingTest {
  harness::BenchDuration tau;    // time of one pulse at the starting current
  harness::BenchDuration limit;  // 1.5 tau for each of the first two pulses
  std::string source;
};
// OIML R 46-2:2012, a substitute: IEC 62053-21:2003 gives no time.
StartingTest starting_test(const bench::MeterType& type, harness::Current starting);

struct ConstantTest {
  double minimum_energy_wh = 0;  // 1000 R / b
  double limit_percent = 0;      // a tenth of the class's limit
  std::string source;
};
// OIML R 46:2012, a substitute: IEC 62053-21:2003 gives no number. resolution: of the register, Wh.
std::optional<ConstantTest> constant_test(const bench::MeterType& type, double resolution_wh);

}  // namespace meterproof::suites
