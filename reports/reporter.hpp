// A reporter turns a run into one document: JUnit in a dialect, HTML. Pure: the same journal gives
// the same bytes. Add one by adding a file with a ReporterRegistration; nothing else is edited.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/journal/run_model.hpp"

namespace meterproof::reports {

struct ReportOptions {
  // Put in front of attachment paths, which the journal gives relative to the run folder. CI
  // servers look them up from their workspace: "runs/20261122T173355Z_ab12/". Empty, or ends in /.
  std::string attachment_prefix;
};

struct Reporter {
  std::string name;       // "junit-rich"
  std::string file_name;  // in the run folder
  std::string description;
  std::function<std::string(const journal::RunModel&, const ReportOptions&)> render;
};

// Sorted by name.
std::vector<Reporter> all_reporters();
// Throws ConfigError naming those there are.
Reporter find_reporter(std::string_view name);

void register_reporter(Reporter reporter);

struct ReporterRegistration {
  explicit ReporterRegistration(Reporter reporter) { register_reporter(std::move(reporter)); }
};

}  // namespace meterproof::reports
