#include "reports/regenerate.hpp"

#include "harness/errors.hpp"
#include "harness/journal/journal_reader.hpp"
#include "harness/journal/run_folder.hpp"
#include "harness/journal/write_file.hpp"

namespace meterproof::reports {
namespace {

constexpr std::string_view k_junit_prefix = "junit-";

}  // namespace

std::vector<std::string> junit_dialects() {
  std::vector<std::string> dialects;
  for (const Reporter& reporter : all_reporters()) {
    if (reporter.name.starts_with(k_junit_prefix)) {
      dialects.push_back(reporter.name.substr(k_junit_prefix.size()));
    }
  }
  return dialects;
}

Reporter junit_reporter(std::string_view dialect) {
  std::string known;
  for (const std::string& name : junit_dialects()) {
    if (name == dialect) return find_reporter(std::string(k_junit_prefix) + name);
    known += (known.empty() ? "" : ", ") + name;
  }
  throw harness::ConfigError(harness::Diagnostic{
      {},
      0,
      "no JUnit dialect is called '" + std::string(dialect) + "' (there are: " + known + ")"});
}

std::string attachment_prefix(const std::filesystem::path& run_folder) {
  std::error_code problem;
  const auto here = std::filesystem::current_path(problem);
  const auto absolute = problem ? run_folder : std::filesystem::absolute(run_folder, problem);
  if (problem) return {};
  const std::string relative =
      absolute.lexically_normal().lexically_relative(here).generic_string();
  if (relative.empty() || relative == "." || relative.starts_with("..")) return {};
  return relative.ends_with('/') ? relative : relative + "/";
}

void write_report(const std::filesystem::path& run_folder, const Reporter& reporter,
                  const journal::RunModel& model) {
  journal::write_file_atomically(run_folder / reporter.file_name,
                                 reporter.render(model, {attachment_prefix(run_folder)}));
}

journal::RunModel regenerate(const std::filesystem::path& run_folder, std::string_view dialect) {
  const Reporter junit = junit_reporter(dialect);
  const Reporter html = find_reporter("html");
  const auto folder = journal::RunFolder::open(run_folder);
  journal::RunModel model(journal::read_journal(folder.journal()));
  for (const Reporter& reporter : {junit, html}) write_report(folder.path(), reporter, model);
  folder.update_manifest({junit.file_name, html.file_name});
  return model;
}

}  // namespace meterproof::reports
