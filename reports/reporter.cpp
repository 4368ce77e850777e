#include "reports/reporter.hpp"

#include <algorithm>

#include "harness/errors.hpp"

namespace meterproof::reports {
namespace {

std::vector<Reporter>& reporter_registry() {
  static std::vector<Reporter> reporters;
  return reporters;
}

}  // namespace

void register_reporter(Reporter reporter) { reporter_registry().push_back(std::move(reporter)); }

std::vector<Reporter> all_reporters() {
  std::vector<Reporter> reporters = reporter_registry();
  std::sort(reporters.begin(), reporters.end(),
            [](const Reporter& a, const Reporter& b) { return a.name < b.name; });
  return reporters;
}

Reporter find_reporter(std::string_view name) {
  std::string known;
  for (const Reporter& reporter : all_reporters()) {
    if (reporter.name == name) return reporter;
    known += (known.empty() ? "" : ", ") + reporter.name;
  }
  throw harness::ConfigError(harness::Diagnostic{
      {}, 0, "no report is called '" + std::string(name) + "' (there are: " + known + ")"});
}

}  // namespace meterproof::reports
