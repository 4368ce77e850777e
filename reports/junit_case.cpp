#include "reports/junit_case.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "reports/case_text.hpp"
#include "reports/text.hpp"

namespace meterproof::reports {
namespace {

constexpr std::size_t k_log_steps = 200;
constexpr std::size_t k_log_line_bytes = 500;
constexpr std::size_t k_message_bytes = 1000;

JunitResult unfinished_result(const journal::CaseRecord& record) {
  if (record.state() == journal::CaseState::not_started) {
    return {JunitElement::skipped, "NotRun", "not run", {}};
  }
  return {
      JunitElement::error, "Interrupted", "interrupted: the case started and has no verdict", {}};
}

JunitResult judged_result(const journal::Attempt& attempt) {
  JunitResult result;
  result.type = attempt.reason_type;
  result.message = attempt.reason;
  switch (*attempt.verdict) {
    case harness::Verdict::pass:
      return {};
    case harness::Verdict::skipped:
      result.element = JunitElement::skipped;
      break;
    case harness::Verdict::fail:
      result.element = JunitElement::failure;
      break;
    case harness::Verdict::error:
      result.element = JunitElement::error;
      break;
    case harness::Verdict::inconclusive:
      result.element = JunitElement::error;
      result.type = "Inconclusive";
      result.message = "inconclusive: " + attempt.reason;
      break;
  }
  if (result.type.empty()) result.type = "InternalError";
  if (result.message.empty()) result.message = "no reason was recorded";
  result.message = shortened(result.message, k_message_bytes);
  return result;
}

// What is not as it should be, one line each.
std::string findings(const journal::Attempt& attempt) {
  std::string text;
  const auto add = [&text](const std::string& line) {
    text += "\n" + shortened(printable_line(line), k_message_bytes);
  };
  for (const auto& check : attempt.expectations) {
    if (!check.met) add("expectation not met: " + name_and_detail(check.name, check.detail));
  }
  for (const auto& control : attempt.controls) {
    if (control.ok) continue;
    add("control " + control.when + " failed: " + name_and_detail(control.name, control.detail));
  }
  for (const auto& check : attempt.requirements) {
    if (!check.met) add("requirement not met: " + name_and_detail(check.name, check.detail));
  }
  for (const auto& record : attempt.measurements) {
    if (record.outcome == "within") continue;
    add(fmt::format("{} {}: {}", record.measurement.name, record.outcome, record.summary));
  }
  return text;
}

Properties case_properties(const journal::CaseRecord& record, const journal::RunModel& model) {
  Properties all{{"procedure", record.procedure},
                 {"variant", record.variant},
                 {"position", record.position},
                 {"title", record.title}};
  for (const auto& clause : record.clauses) all.emplace_back("clause", clause);
  all.emplace_back("severity", record.severity);
  all.emplace_back("verdict", state_word(record));
  all.emplace_back("attempts", std::to_string(record.attempts.size()));
  all.emplace_back("dut.serial", record.dut.serial);
  if (record.dut.simulated || model.facts().simulated) all.emplace_back("simulated", "true");
  if (!record.mutant.empty()) all.emplace_back("mutant", record.mutant);
  const journal::Attempt* attempt = record.latest();
  if (attempt == nullptr) return all;
  if (!attempt->tier.empty()) all.emplace_back("tier", attempt->tier);
  if (!attempt->reason_type.empty()) all.emplace_back("reason_type", attempt->reason_type);
  if (!attempt->expectation.empty()) all.emplace_back("expectation", attempt->expectation);
  for (const auto& form : attempt->exercised) all.emplace_back("exercised", form);
  for (const auto& entry : attempt->not_exercised) {
    all.emplace_back("not_exercised", name_and_detail(entry.form, entry.reason));
  }
  for (const auto& measured : attempt->measurements) {
    const std::string name = "measurement." + measured.measurement.name;
    all.emplace_back(name, value_text(measured.measurement));
    if (const std::string limits = limits_text(measured.measurement); !limits.empty()) {
      all.emplace_back(name + ".limits", limits);
    }
    all.emplace_back(name + ".uncertainty", uncertainty_text(measured.measurement));
    all.emplace_back(name + ".n", std::to_string(measured.measurement.observations));
    all.emplace_back(name + ".rule", measured.measurement.rule.name);
    all.emplace_back(name + ".outcome", measured.outcome);
  }
  for (const auto& property : attempt->properties) all.push_back(property);
  for (auto& property : all) property.second = shortened(property.second, k_message_bytes);
  return all;
}

std::string log_line(std::string_view text) {
  return shortened(without_markers(text), k_log_line_bytes) + "\n";
}

std::string attempt_log(const journal::Attempt& attempt) {
  std::string log;
  const std::size_t left_out =
      attempt.steps.size() > k_log_steps ? attempt.steps.size() - k_log_steps : 0;
  if (left_out > 0) log += fmt::format("({} earlier steps are in journal.jsonl)\n", left_out);
  for (std::size_t i = left_out; i < attempt.steps.size(); ++i) {
    log += log_line(time_of_day(attempt.steps[i].t) + " " + attempt.steps[i].text);
  }
  for (const auto& control : attempt.controls) {
    log += log_line(fmt::format("control {} {}: {}", control.when, control.ok ? "ok" : "FAILED",
                                name_and_detail(control.name, control.detail)));
  }
  for (const auto& check : attempt.expectations) {
    log += log_line(fmt::format("{}: {}", check.met ? "met" : "NOT MET",
                                name_and_detail(check.name, check.detail)));
  }
  for (const auto& measured : attempt.measurements) {
    log += log_line(
        fmt::format("{} {}: {}", measured.measurement.name, measured.outcome, measured.summary));
  }
  return log;
}

std::vector<JunitRerun> reruns_of(const journal::CaseRecord& record) {
  std::vector<JunitRerun> reruns;
  for (std::size_t i = 0; i + 1 < record.attempts.size(); ++i) {
    const journal::Attempt& attempt = record.attempts[i];
    const JunitResult result =
        attempt.verdict ? judged_result(attempt)
                        : JunitResult{JunitElement::error,
                                      "Interrupted",
                                      "interrupted: the run ended while this attempt ran",
                                      {}};
    if (result.element == JunitElement::none || result.element == JunitElement::skipped) continue;
    reruns.push_back({result.type, result.message,
                      fmt::format("attempt {} of {}: {}{}", attempt.number, record.attempts.size(),
                                  result.message, findings(attempt)),
                      attempt_log(attempt)});
  }
  return reruns;
}

// Splits the attachments: those whose lines fit into what CI servers keep, and the rest.
void add_attachments(const journal::Attempt& attempt, const ReportOptions& options,
                     JunitCase& junit) {
  for (const auto& attachment : attempt.attachments) {
    const std::string path = printable_line(options.attachment_prefix + attachment.path);
    const std::string line = "[[ATTACHMENT|" + path + "]]\n";
    if (junit.attachment_lines.size() + line.size() < k_kept_output) {
      junit.attachment_lines += line;
    } else {
      junit.log += "file " + path + "\n";
    }
  }
}

}  // namespace

JunitCase junit_case(const journal::CaseRecord& record, const journal::RunModel& model,
                     const ReportOptions& options) {
  JunitCase junit;
  junit.name = record.id;
  junit.classname = fmt::format("meterproof.{}.{}", record.suite, record.procedure);
  junit.properties = case_properties(record, model);
  const journal::Attempt* attempt = record.latest();
  junit.time = junit_time(attempt == nullptr ? 0.0 : attempt->duration_s);
  junit.result = record.state() == journal::CaseState::judged ? judged_result(*attempt)
                                                              : unfinished_result(record);
  if (junit.result.element != JunitElement::none) {
    junit.result.body =
        junit.result.message + (attempt == nullptr ? std::string() : findings(*attempt));
  }
  junit.passed_at_last = record.verdict() == harness::Verdict::pass;
  junit.reruns = reruns_of(record);
  if (attempt != nullptr) {
    junit.log = attempt_log(*attempt);
    add_attachments(*attempt, options, junit);
  }
  return junit;
}

}  // namespace meterproof::reports
