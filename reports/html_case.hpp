// One case of the HTML page.
#pragma once

#include <string>

#include "harness/journal/run_model.hpp"

namespace meterproof::reports {

// The coloured word for a case's state.
std::string chip(const journal::CaseRecord& record);
std::string html_case(const journal::CaseRecord& record);
// Inline SVG: the limits as a band, the expanded uncertainty as a bar, the estimate as a mark.
// Empty when there are no limits or a number is not finite.
std::string uncertainty_bar(const journal::MeasurementRecord& record);

}  // namespace meterproof::reports
