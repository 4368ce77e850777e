#include "harness/journal/case_journal.hpp"

#include <algorithm>
#include <boost/json/array.hpp>

#include "harness/errors.hpp"
#include "harness/journal/hash.hpp"
#include "harness/journal/write_file.hpp"

namespace meterproof::harness {
namespace {

boost::json::value limit_or_null(const std::optional<double>& limit) {
  return limit ? boost::json::value(*limit) : boost::json::value(nullptr);
}

std::string_view outcome_word(MeasurementOutcome outcome) {
  return outcome == MeasurementOutcome::within    ? "within"
         : outcome == MeasurementOutcome::outside ? "outside"
                                                  : "undecided";
}

bool is_file_name(std::string_view name) {
  return !name.empty() && name.front() != '.' && std::all_of(name.begin(), name.end(), [](char c) {
    return is_name(std::string_view(&c, 1)) || c == '.' || c == '-';
  });
}

}  // namespace

CaseJournal::CaseJournal(journal::Journal& journal, std::filesystem::path run_folder, CaseId id)
    : journal_(journal),
      run_folder_(std::move(run_folder)),
      id_(std::move(id)),
      case_(id_.to_string()) {}

boost::json::object CaseJournal::fields() const { return {{"case", case_}}; }

void CaseJournal::started(std::string_view thread) {
  attempt_ = journal_.next_attempt(case_);
  auto event = fields();
  event["attempt"] = attempt_;
  event["thread"] = thread;
  journal_.append("case_started", std::move(event));
}

void CaseJournal::step(std::string_view text) {
  auto event = fields();
  event["text"] = text;
  journal_.append("step", std::move(event));
}

void CaseJournal::expectation(std::string_view name, bool met, std::string_view detail) {
  auto event = fields();
  event["name"] = name;
  event["met"] = met;
  event["detail"] = detail;
  journal_.append("expectation", std::move(event));
}

void CaseJournal::control(std::string_view name, ControlTime when, bool ok,
                          std::string_view detail) {
  auto event = fields();
  event["name"] = name;
  event["when"] = when == ControlTime::before ? "before" : "after";
  event["ok"] = ok;
  event["detail"] = detail;
  journal_.append("control", std::move(event));
}

void CaseJournal::requirement(std::string_view name, bool met, std::string_view detail) {
  auto event = fields();
  event["name"] = name;
  event["met"] = met;
  event["detail"] = detail;
  journal_.append("requirement", std::move(event));
}

void CaseJournal::measurement(const Measurement& measurement) {
  auto event = fields();
  event["name"] = measurement.name;
  event["unit"] = measurement.unit;
  event["value"] = measurement.value;
  event["expanded_uncertainty"] = measurement.expanded_uncertainty;
  event["coverage_factor"] = measurement.coverage_factor;
  event["lower_limit"] = limit_or_null(measurement.lower_limit);
  event["upper_limit"] = limit_or_null(measurement.upper_limit);
  event["rule"] = measurement.rule.name;
  event["observations"] = measurement.observations;
  event["limit_source"] = measurement.limit_source;
  event["outcome"] = outcome_word(measurement.outcome());
  event["summary"] = measurement.summary();
  journal_.append("measurement", std::move(event));
}

std::filesystem::path CaseJournal::free_attachment_name(std::string_view name) {
  if (!is_file_name(name)) {
    throw InternalError("not a name for an attachment: '" + std::string(name) + "'");
  }
  const std::filesystem::path wanted(name);
  std::string free = wanted.string();
  for (int n = 2; !attachment_names_.insert(free).second; ++n) {
    free = wanted.stem().string() + "_" + std::to_string(n) + wanted.extension().string();
  }
  return free;
}

void CaseJournal::attachment(std::string_view name, std::span<const std::byte> bytes,
                             std::string_view description) {
  const std::filesystem::path file_name = free_attachment_name(name);
  std::filesystem::path folder =
      std::filesystem::path("cases") / id_.procedure / id_.variant / id_.position;
  // An earlier attempt's evidence must stay what its hash says.
  if (attempt_ > 1) folder /= "attempt_" + std::to_string(attempt_);
  std::error_code problem;
  std::filesystem::create_directories(run_folder_ / folder, problem);
  if (problem) {
    throw BenchError("cannot make " + (run_folder_ / folder).string() + ": " + problem.message());
  }
  journal::write_file_atomically(run_folder_ / folder / file_name, bytes);
  auto event = fields();
  event["name"] = file_name.string();
  event["path"] = (folder / file_name).string();
  event["sha256"] = journal::sha256(bytes);
  event["bytes"] = bytes.size();
  event["description"] = description;
  journal_.append("attachment", std::move(event));
}

void CaseJournal::exercised(std::string_view form) {
  exercised_.emplace_back(form);
  auto event = fields();
  event["form"] = form;
  journal_.append("exercised", std::move(event));
}

void CaseJournal::not_exercised(std::string_view form, std::string_view reason) {
  not_exercised_.emplace_back(form, reason);
  auto event = fields();
  event["form"] = form;
  event["reason"] = reason;
  journal_.append("not_exercised", std::move(event));
}

void CaseJournal::property(std::string_view key, std::string_view value) {
  auto event = fields();
  event["key"] = key;
  event["value"] = value;
  journal_.append("property", std::move(event));
}

void CaseJournal::verdict(const CaseOutcome& outcome, std::string_view tier, double duration_s) {
  auto event = fields();
  event["attempt"] = attempt_;
  event["verdict"] = to_string(outcome.verdict());
  event["reason_type"] = outcome.type();
  event["reason"] = outcome.message();
  event["expectation"] = outcome.expectation();
  event["duration_s"] = duration_s;
  event["tier"] = tier;
  boost::json::array exercised;
  for (const auto& form : exercised_) exercised.emplace_back(form);
  event["exercised"] = std::move(exercised);
  boost::json::array not_exercised;
  for (const auto& [form, reason] : not_exercised_) {
    not_exercised.push_back({{"form", form}, {"reason", reason}});
  }
  event["not_exercised"] = std::move(not_exercised);
  journal_.append("verdict", std::move(event));
}

}  // namespace meterproof::harness
