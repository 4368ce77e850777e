// The files that let somebody else compute an accuracy result again: numbers with all their digits.
// suites/selfcheck/recompute.py reads them.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "devices/pulse_input.hpp"
#include "devices/reference.hpp"

namespace meterproof::suites {

struct PulseTestResult;

// index,counter_ns,reference_count (empty when not latched)
std::string edges_csv(std::span<const devices::Edge> edges);
// instrument_ns,energy_count,power_w,frequency_hz, then u, i and phi of each phase
std::string readings_csv(const std::vector<devices::ReferenceReading>& readings);
// Constants, error and expanded uncertainty; the result must have an estimate.
std::string error_json(const PulseTestResult& result);

}  // namespace meterproof::suites
