// One case of a JUnit file; see junit_content.hpp.
#pragma once

#include "reports/junit_content.hpp"

namespace meterproof::reports {

JunitCase junit_case(const journal::CaseRecord& record, const journal::RunModel& model,
                     const ReportOptions& options);

}  // namespace meterproof::reports
