// What the reference says about the load: the set point never counts. Without its word no verdict
// about a meter is possible, so every doubt here is the bench's (BenchError) and never the DUT's.
#pragma once

#include <chrono>
#include <string>

#include "devices/reference.hpp"
#include "devices/source.hpp"
#include "harness/quantity.hpp"
#include "suites/context.hpp"

namespace meterproof::suites {

// Empty when the energy counted between two readings under one load agrees with the power read, 5
// %; else what is wrong: a frozen reading, a count that stands still.
std::string implausible(const devices::ReferenceReading& before,
                        const devices::ReferenceReading& after, double constant);

// Bench time after a change of load before anything is believed; by tier.
harness::BenchDuration settling_time(const Context& ctx);

// Reads the reference and throws BenchError unless it confirms the load (each quantity within 1 %).
devices::ReferenceReading confirm_load(Context& ctx, const devices::Load& asked);
// After at least half a second of bench time since `before`: confirms the load again and that the
// reference has counted what it read. Throws BenchError.
devices::ReferenceReading confirm_load_since(Context& ctx, const devices::Load& asked,
                                             const devices::ReferenceReading& before);

// Throws BenchError when the day is past the last day of validity (ISO 8601; empty: not stated).
void require_calibrated(const std::string& valid_until, std::chrono::sys_days today);

// Mean angle of the loaded phases, rad.
double load_angle(const devices::ReferenceReading& reading);

}  // namespace meterproof::suites
