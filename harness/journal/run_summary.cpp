#include "harness/journal/run_summary.hpp"

#include <fmt/format.h>

#include <string_view>
#include <utility>

namespace meterproof::journal {

RunSummary summarise(const RunModel& model) {
  RunSummary summary;
  for (const CaseRecord& record : model.cases()) {
    ++summary.cases;
    if (record.state() == CaseState::not_started) ++summary.not_started;
    if (record.state() == CaseState::running) ++summary.running;
    if (record.state() != CaseState::judged) {
      summary.complete = false;
      continue;
    }
    const Attempt& attempt = *record.latest();
    switch (*attempt.verdict) {
      case harness::Verdict::pass:
        ++summary.pass;
        break;
      case harness::Verdict::skipped:
        ++summary.skipped;
        if (attempt.reason.empty() || attempt.reason_type == "NotRun") summary.complete = false;
        break;
      case harness::Verdict::inconclusive:
        ++summary.inconclusive;
        break;
      case harness::Verdict::fail:
        ++summary.fail;
        break;
      case harness::Verdict::error:
        ++summary.error;
        if (attempt.reason_type == "Interrupted") summary.complete = false;
        break;
    }
  }
  return summary;
}

int exit_code(const RunSummary& summary) {
  if (summary.pass + summary.inconclusive + summary.fail + summary.error == 0) return 4;
  if (summary.fail > 0) return 1;
  return summary.error > 0 || summary.inconclusive > 0 || !summary.complete ? 3 : 0;
}

std::string to_string(const RunSummary& summary) {
  const std::pair<int, std::string_view> parts[] = {{summary.pass, "pass"},
                                                    {summary.fail, "fail"},
                                                    {summary.inconclusive, "inconclusive"},
                                                    {summary.error, "error"},
                                                    {summary.skipped, "skipped"},
                                                    {summary.running, "interrupted"},
                                                    {summary.not_started, "not run"}};
  std::string text;
  for (const auto& [count, word] : parts) {
    if (count == 0) continue;
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, word);
  }
  return fmt::format("{} of {} case{}", text.empty() ? "none" : text, summary.cases,
                     summary.cases == 1 ? "" : "s");
}

}  // namespace meterproof::journal
