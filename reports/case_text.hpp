// Small phrases about a case that every report says the same way.
#pragma once

#include <string>
#include <string_view>

#include "harness/journal/run_model.hpp"

namespace meterproof::reports {

// "pass" ... "error"; "running", "not run" while there is no verdict.
std::string state_word(const journal::CaseRecord& record);
// What a person should look at first: 0 fail, 1 error, inconclusive or running, 2 the rest.
int urgency(const journal::CaseRecord& record);
// "name: detail", or the name alone.
std::string name_and_detail(std::string_view name, std::string_view detail);
// "+0.213 %"
std::string value_text(const harness::Measurement& measurement);
// "-1..+1 %", "at most 3 s", empty when there are none.
std::string limits_text(const harness::Measurement& measurement);
// "0.041 % (k=2)"
std::string uncertainty_text(const harness::Measurement& measurement);
// "17:33:55.120" of a journal's t.
std::string time_of_day(std::string_view t);
// YYYY-MM-DDThh:mm:ss of a journal's t; the epoch when it is no such time.
std::string whole_seconds(std::string_view t);

}  // namespace meterproof::reports
