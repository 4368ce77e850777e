// Load points: the currents and power factors at which a meter's error is looked for. Each is a
// variant of ACC_LOAD_001; its name says it: i0p1_pf0p5l is 0.1 Ib at power factor 0.5 inductive,
// imax_pf0p8c is Imax at 0.8 capacitive.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "devices/source.hpp"
#include "harness/bench/meter_type.hpp"
#include "harness/procedure.hpp"
#include "suites/accuracy/limits.hpp"

namespace meterproof::suites {

struct LoadPoint {
  std::string_view name;
  double multiple = 1;  // of Ib; 0: Imax
  PowerFactor power_factor;

  harness::Current current(const bench::MeterType& type) const {
    return multiple > 0 ? type.base_current * multiple : type.maximum_current;
  }
  // Balanced, at the nominal voltage and frequency.
  devices::Load load(const bench::MeterType& type) const;
  std::string title() const;  // "0.1 Ib, PF 0.5 inductive"
};

// IEC 62053-21:2003 class 1 direct connected, from the highest load down, so that the meter is warm
// where its pulses are slow.
std::span<const LoadPoint> direct_load_points();
// Throws InternalError for an unknown name.
const LoadPoint& load_point(std::string_view name);
std::vector<harness::Variant> load_point_variants();
// Names of the points at this power factor.
std::vector<std::string> load_point_names(PowerFactor power_factor);

}  // namespace meterproof::suites
