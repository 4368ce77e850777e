#include "reports/junit_content.hpp"

#include <fmt/format.h>

#include <cmath>
#include <map>

#include "reports/case_text.hpp"
#include "reports/junit_case.hpp"
#include "reports/text.hpp"

namespace meterproof::reports {
namespace {

void count(JunitCounts& counts, const JunitCase& junit, double seconds) {
  ++counts.tests;
  counts.failures += junit.result.element == JunitElement::failure ? 1 : 0;
  counts.errors += junit.result.element == JunitElement::error ? 1 : 0;
  counts.skipped += junit.result.element == JunitElement::skipped ? 1 : 0;
  if (std::isfinite(seconds) && seconds > 0) counts.seconds += seconds;
}

Properties suite_properties(const journal::RunFacts& facts, const journal::CaseRecord& record) {
  Properties all{{"meterproof.version", facts.version},
                 {"meterproof.run_id", facts.run_id},
                 {"random_seed", facts.seed},
                 {"tier", facts.tier},
                 {"bench.id", facts.bench_name},
                 {"bench.config_sha256", facts.bench_sha256},
                 {"bench.time_scale", fmt::format("{:g}", facts.time_scale)},
                 {"position", record.position},
                 {"dut.type", record.dut.type},
                 {"dut.manufacturer", record.dut.manufacturer},
                 {"dut.model", record.dut.model},
                 {"dut.serial", record.dut.serial},
                 {"dut.firmware", record.dut.firmware}};
  std::erase_if(all, [](const auto& property) { return property.second.empty(); });
  if (facts.simulated || record.dut.simulated) all.emplace_back("simulated", "true");
  if (facts.resumed > 0) all.emplace_back("resumed", std::to_string(facts.resumed));
  if (!facts.stopped_by.empty()) all.emplace_back("stopped_by", facts.stopped_by);
  return all;
}

}  // namespace

JunitRun junit_content(const journal::RunModel& model, const ReportOptions& options) {
  const journal::RunFacts& facts = model.facts();
  JunitRun run;
  run.name = "meterproof " + facts.run_id + (facts.simulated ? " (SIMULATED)" : "");
  run.timestamp = whole_seconds(facts.started_t);
  std::map<std::string, std::size_t> index;
  for (const journal::CaseRecord& record : model.cases()) {
    const std::string name = record.suite + "/" + record.position;
    const auto [place, is_new] = index.emplace(name, run.suites.size());
    if (is_new) {
      run.suites.push_back({.name = name,
                            .package = "meterproof." + record.suite,
                            .hostname = facts.host.empty() ? "localhost" : facts.host,
                            .timestamp = run.timestamp,
                            .properties = suite_properties(facts, record),
                            .counts = {},
                            .cases = {}});
    }
    JunitSuite& suite = run.suites[place->second];
    JunitCase junit = junit_case(record, model, options);
    const double seconds = record.latest() == nullptr ? 0.0 : record.latest()->duration_s;
    count(suite.counts, junit, seconds);
    count(run.counts, junit, seconds);
    suite.cases.push_back(std::move(junit));
  }
  return run;
}

std::string_view junit_element_name(JunitElement element) {
  switch (element) {
    case JunitElement::failure:
      return "failure";
    case JunitElement::error:
      return "error";
    case JunitElement::skipped:
      return "skipped";
    case JunitElement::none:
      break;
  }
  return {};
}

std::string junit_time(double seconds) {
  return fmt::format("{:.3f}", std::isfinite(seconds) && seconds > 0 ? seconds : 0.0);
}

std::string without_markers(std::string_view text) {
  std::string line = printable_line(text);
  for (auto at = line.find("[["); at != std::string::npos; at = line.find("[[", at)) {
    line.replace(at, 2, "[\\x5B");
  }
  return line;
}

std::string property_lines(const Properties& properties) {
  std::string lines;
  for (const auto& [key, value] : properties) {
    lines += "[[PROPERTY|" + without_markers(key) + "=" + without_markers(value) + "]]\n";
  }
  return lines;
}

}  // namespace meterproof::reports
