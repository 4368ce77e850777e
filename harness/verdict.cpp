#include "harness/verdict.hpp"

#include <array>
#include <utility>

namespace meterproof::harness {
namespace {

constexpr std::array<std::pair<Verdict, std::string_view>, 5> k_verdict_names{{
    {Verdict::pass, "pass"},
    {Verdict::skipped, "skipped"},
    {Verdict::inconclusive, "inconclusive"},
    {Verdict::fail, "fail"},
    {Verdict::error, "error"},
}};

std::string with_detail(const std::string& name, const std::string& detail) {
  return detail.empty() ? name : name + ": " + detail;
}

}  // namespace

std::string_view to_string(Verdict verdict) {
  for (const auto& [value, name] : k_verdict_names) {
    if (value == verdict) return name;
  }
  return "error";
}

std::optional<Verdict> verdict_from(std::string_view text) {
  for (const auto& [value, name] : k_verdict_names) {
    if (name == text) return value;
  }
  return std::nullopt;
}

void CaseOutcome::bench_fault(std::string type, std::string message) {
  if (!fault_) fault_ = Part{std::move(type), {}, std::move(message)};
}

void CaseOutcome::failed_control(std::string name, std::string detail) {
  if (!control_) control_ = Part{"ControlFailed", name, with_detail(name, detail)};
}

void CaseOutcome::requirement_not_met(std::string name, std::string detail) {
  if (!control_) control_ = Part{"RequirementNotMet", name, with_detail(name, detail)};
}

void CaseOutcome::failed_expectation(std::string name, std::string detail) {
  if (!expectation_) expectation_ = Part{"ExpectationFailed", name, with_detail(name, detail)};
}

void CaseOutcome::undecided_measurement(std::string name, std::string detail) {
  if (!undecided_) undecided_ = Part{"Inconclusive", name, with_detail(name, detail)};
}

void CaseOutcome::skipped(std::string type, std::string message) {
  if (!skipped_) skipped_ = Part{std::move(type), {}, std::move(message)};
}

const CaseOutcome::Part* CaseOutcome::deciding() const {
  for (const auto* part : {&fault_, &control_, &expectation_, &undecided_, &skipped_}) {
    if (*part) return &**part;
  }
  return nullptr;
}

Verdict CaseOutcome::verdict() const {
  if (fault_) return Verdict::error;
  if (control_) return Verdict::inconclusive;
  if (expectation_) return Verdict::fail;
  if (undecided_) return Verdict::inconclusive;
  if (skipped_) return Verdict::skipped;
  return Verdict::pass;
}

std::string CaseOutcome::type() const { return deciding() ? deciding()->type : std::string{}; }

std::string CaseOutcome::message() const {
  return deciding() ? deciding()->message : std::string{};
}

std::string CaseOutcome::expectation() const {
  return verdict() == Verdict::fail ? expectation_->name : std::string{};
}

}  // namespace meterproof::harness
