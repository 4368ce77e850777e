// How a planned case stands in the journal's first event (docs/journal.md).
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <vector>

#include "harness/bench/bench_file.hpp"
#include "harness/plan.hpp"

namespace meterproof::suites {

// weaknesses: switched on in the virtual bench for this run.
boost::json::object planned_event(const harness::PlannedCase& planned, const bench::Bench& bench,
                                  const std::vector<std::string>& weaknesses);

}  // namespace meterproof::suites
