// Reports made again from the journal alone: of a run that ended, was killed, or is going on.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "harness/journal/run_model.hpp"
#include "reports/reporter.hpp"

namespace meterproof::reports {

// "ant", "jenkins-xunit", "rich".
std::vector<std::string> junit_dialects();
// Throws ConfigError naming the dialects there are.
Reporter junit_reporter(std::string_view dialect);

// The run folder as seen from the current directory when it lies below it (CI servers resolve
// attachments from their workspace), else empty: paths are then relative to the run folder.
std::string attachment_prefix(const std::filesystem::path& run_folder);

// Writes one report into the run folder. Throws BenchError.
void write_report(const std::filesystem::path& run_folder, const Reporter& reporter,
                  const journal::RunModel& model);

// Reads journal.jsonl and writes junit.xml in that dialect and report.html; a manifest that is
// there gets their new hashes and keeps all others. Returns what the journal says, for the closing
// table and the exit code. Throws ConfigError for a folder without a readable journal or an unknown
// dialect.
journal::RunModel regenerate(const std::filesystem::path& run_folder,
                             std::string_view dialect = "rich");

}  // namespace meterproof::reports
