#include "harness/journal/run_model.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <utility>

#include "harness/case_id.hpp"
#include "harness/journal/event_text.hpp"

namespace meterproof::journal {
namespace {

bool flag(const boost::json::object& event, std::string_view key) {
  const auto* value = event.if_contains(key);
  return value != nullptr && value->is_bool() && value->get_bool();
}

std::int64_t integer(const boost::json::object& event, std::string_view key) {
  const auto* value = event.if_contains(key);
  if (value == nullptr || !value->is_number()) return 0;
  boost::json::error_code not_exact;
  const auto number = value->to_number<std::int64_t>(not_exact);
  return not_exact ? 0 : number;
}

// In floating point: a damaged journal may hold any two integers, whose difference overflows.
double seconds_between(std::int64_t from_ns, std::int64_t to_ns) {
  return (static_cast<double>(to_ns) - static_cast<double>(from_ns)) * 1e-9;
}

double number_or(const boost::json::object& event, std::string_view key, double otherwise) {
  return event.contains(key) ? number_or_nan(event, key) : otherwise;
}

std::optional<double> limit(const boost::json::object& event, std::string_view key) {
  const auto* value = event.if_contains(key);
  if (value == nullptr || value->is_null()) return std::nullopt;
  return number_or_nan(event, key);
}

const boost::json::object& object_or_empty(const boost::json::object& event, std::string_view key) {
  static const boost::json::object k_empty;
  const auto* value = event.if_contains(key);
  const auto* object = value == nullptr ? nullptr : value->if_object();
  return object == nullptr ? k_empty : *object;
}

const boost::json::array& array_or_empty(const boost::json::object& event, std::string_view key) {
  static const boost::json::array k_empty;
  const auto* value = event.if_contains(key);
  const auto* array = value == nullptr ? nullptr : value->if_array();
  return array == nullptr ? k_empty : *array;
}

std::string string_of(const boost::json::value& value) {
  const auto* text = value.if_string();
  return text == nullptr ? std::string() : std::string(text->data(), text->size());
}

// A seed is a word for people here, whatever number type it was written as.
std::string word(const boost::json::object& event, std::string_view key) {
  const auto* value = event.if_contains(key);
  if (value == nullptr) return {};
  if (const auto* number = value->if_uint64()) return std::to_string(*number);
  if (const auto* number = value->if_int64()) return std::to_string(*number);
  return string_of(*value);
}

MeasurementRecord measurement_of(const boost::json::object& event) {
  MeasurementRecord record;
  harness::Measurement& measurement = record.measurement;
  measurement.name = text_or_empty(event, "name");
  measurement.unit = text_or_empty(event, "unit");
  measurement.value = number_or_nan(event, "value");
  measurement.expanded_uncertainty = number_or_nan(event, "expanded_uncertainty");
  measurement.coverage_factor = number_or_nan(event, "coverage_factor");
  measurement.lower_limit = limit(event, "lower_limit");
  measurement.upper_limit = limit(event, "upper_limit");
  measurement.rule.name = text_or_empty(event, "rule");
  measurement.observations = static_cast<int>(integer(event, "observations"));
  measurement.limit_source = text_or_empty(event, "limit_source");
  record.outcome = text_or_empty(event, "outcome");
  record.summary = text_or_empty(event, "summary");
  return record;
}

AttachmentRecord attachment_of(const boost::json::object& event) {
  return {text_or_empty(event, "name"), text_or_empty(event, "path"),
          text_or_empty(event, "sha256"), static_cast<std::uint64_t>(integer(event, "bytes")),
          text_or_empty(event, "description")};
}

CheckRecord check_of(const boost::json::object& event) {
  return {text_or_empty(event, "name"), flag(event, "met"), text_or_empty(event, "detail")};
}

void judge(Attempt& attempt, const boost::json::object& event) {
  attempt.verdict =
      harness::verdict_from(text_or_empty(event, "verdict")).value_or(harness::Verdict::error);
  attempt.reason_type = text_or_empty(event, "reason_type");
  attempt.reason = text_or_empty(event, "reason");
  attempt.expectation = text_or_empty(event, "expectation");
  attempt.tier = text_or_empty(event, "tier");
  attempt.duration_s = number_or(event, "duration_s", attempt.duration_s);
  // The verdict repeats them, for readers that look at nothing else.
  attempt.exercised.clear();
  for (const auto& form : array_or_empty(event, "exercised")) {
    attempt.exercised.push_back(string_of(form));
  }
  attempt.not_exercised.clear();
  for (const auto& value : array_or_empty(event, "not_exercised")) {
    if (const auto* entry = value.if_object()) {
      attempt.not_exercised.push_back(
          {text_or_empty(*entry, "form"), text_or_empty(*entry, "reason")});
    }
  }
}

}  // namespace

CaseState CaseRecord::state() const {
  if (attempts.empty()) return CaseState::not_started;
  return attempts.back().verdict ? CaseState::judged : CaseState::running;
}

std::optional<harness::Verdict> CaseRecord::verdict() const {
  return attempts.empty() ? std::nullopt : attempts.back().verdict;
}

RunModel::RunModel(const std::vector<boost::json::object>& events) {
  for (const auto& event : events) add(event);
}

const CaseRecord* RunModel::find(std::string_view id) const {
  const auto found = index_.find(id);
  return found == index_.end() ? nullptr : &cases_[found->second];
}

void RunModel::add(const boost::json::object& event) {
  const std::string type = text_or_empty(event, "type");
  const std::string t = text_or_empty(event, "t");
  if (!t.empty()) facts_.last_t = t;
  // Clocks of two parts of a resumed run do not compare.
  const std::int64_t mono_ns = integer(event, "mono_ns");
  if (type != "resumed" && last_mono_ns_ != 0 && mono_ns > last_mono_ns_) {
    facts_.wall_s += seconds_between(last_mono_ns_, mono_ns);
  }
  last_mono_ns_ = mono_ns;
  if (event.contains("case")) {
    add_case_event(type, event);
  } else {
    add_run_event(type, event);
  }
}

void RunModel::add_run_event(std::string_view type, const boost::json::object& event) {
  const std::string t = text_or_empty(event, "t");
  if (type == "run_started") {
    facts_.run_id = text_or_empty(event, "run_id");
    facts_.version = text_or_empty(event, "version");
    facts_.tier = text_or_empty(event, "tier");
    facts_.host = text_or_empty(event, "host");
    facts_.seed = word(event, "seed");
    facts_.simulated = flag(event, "simulated");
    facts_.started_t = t;
    const auto& bench = object_or_empty(event, "bench");
    facts_.bench_name = text_or_empty(bench, "name");
    facts_.bench_file = text_or_empty(bench, "file");
    facts_.bench_sha256 = text_or_empty(bench, "sha256");
    facts_.time_scale = number_or(bench, "time_scale", 1.0);
    for (const auto& value : array_or_empty(event, "planned")) {
      if (const auto* planned = value.if_object()) plan(*planned);
    }
  } else if (type == "resumed") {
    ++facts_.resumed;
    facts_.finished = facts_.complete = false;
    facts_.stopped_by.clear();
    remarks_.push_back({t, "resumed"});
  } else if (type == "identity") {
    identify(event);
  } else if (type == "health" && !flag(event, "ok")) {
    remarks_.push_back({t, text_or_empty(event, "position") + ": health probe failed (" +
                               text_or_empty(event, "action") + ") " +
                               text_or_empty(event, "detail")});
  } else if (type == "make_safe") {
    remarks_.push_back({t, std::string(flag(event, "ok") ? "made safe " : "MAKE SAFE FAILED ") +
                               text_or_empty(event, "detail")});
  } else if (type == "run_finished") {
    facts_.finished = true;
    facts_.complete = flag(event, "complete");
    facts_.stopped_by = text_or_empty(event, "stopped_by");
  }
}

void RunModel::identify(const boost::json::object& event) {
  const std::string position = text_or_empty(event, "position");
  const bool after = text_or_empty(event, "when") == "after";
  bool changed = false;
  for (CaseRecord& record : cases_) {
    if (record.position != position) continue;
    const auto take = [&](std::string& field, std::string_view key) {
      const std::string text = text_or_empty(event, key);
      if (text.empty() || text == field) return;
      // What was tested is the device as it was before.
      if (after) {
        changed = true;
      } else {
        field = text;
      }
    };
    take(record.dut.manufacturer, "manufacturer");
    take(record.dut.model, "model");
    take(record.dut.serial, "serial");
    take(record.dut.firmware, "firmware");
  }
  if (changed) {
    remarks_.push_back({text_or_empty(event, "t"), position + ": the device's identity changed"});
  }
}

void RunModel::plan(const boost::json::object& planned) {
  CaseRecord& record = case_record(text_or_empty(planned, "case"));
  record.planned = true;
  record.procedure = text_or_empty(planned, "procedure");
  record.variant = text_or_empty(planned, "variant");
  record.position = text_or_empty(planned, "position");
  record.suite = text_or_empty(planned, "suite");
  record.title = text_or_empty(planned, "title");
  record.severity = text_or_empty(planned, "severity");
  record.mutant = text_or_empty(planned, "mutant");
  record.clauses.clear();
  for (const auto& clause : array_or_empty(planned, "clauses")) {
    record.clauses.push_back(string_of(clause));
  }
  const auto& dut = object_or_empty(planned, "dut");
  record.dut = {text_or_empty(dut, "type"),     text_or_empty(dut, "manufacturer"),
                text_or_empty(dut, "model"),    text_or_empty(dut, "serial"),
                text_or_empty(dut, "firmware"), flag(dut, "simulated")};
}

CaseRecord& RunModel::case_record(const std::string& id) {
  const auto found = index_.find(id);
  if (found != index_.end()) return cases_[found->second];
  index_[id] = cases_.size();
  CaseRecord record;
  record.id = id;
  record.planned = false;
  if (const auto parts = harness::parse_case_id(id)) {
    record.procedure = parts->procedure;
    record.variant = parts->variant;
    record.position = parts->position;
  }
  cases_.push_back(std::move(record));
  return cases_.back();
}

Attempt& RunModel::open_attempt(CaseRecord& record, const boost::json::object& event) {
  Attempt attempt;
  attempt.number = static_cast<int>(record.attempts.size()) + 1;
  attempt.started_t = text_or_empty(event, "t");
  attempt.started_mono_ns = integer(event, "mono_ns");
  record.attempts.push_back(std::move(attempt));
  return record.attempts.back();
}

void RunModel::add_case_event(std::string_view type, const boost::json::object& event) {
  CaseRecord& record = case_record(text_or_empty(event, "case"));
  // A verdict may come without a start: a case skipped, or lost with its position.
  const bool new_attempt = type == "case_started" || record.attempts.empty() ||
                           (type == "verdict" && record.attempts.back().verdict);
  Attempt& attempt = new_attempt ? open_attempt(record, event) : record.attempts.back();
  if (!attempt.verdict) {
    attempt.duration_s =
        std::max(0.0, seconds_between(attempt.started_mono_ns, integer(event, "mono_ns")));
  }

  if (type == "step") {
    attempt.steps.push_back({text_or_empty(event, "t"), text_or_empty(event, "text")});
  } else if (type == "property") {
    attempt.properties.emplace_back(text_or_empty(event, "key"), text_or_empty(event, "value"));
  } else if (type == "exercised") {
    attempt.exercised.push_back(text_or_empty(event, "form"));
  } else if (type == "not_exercised") {
    attempt.not_exercised.push_back({text_or_empty(event, "form"), text_or_empty(event, "reason")});
  } else if (type == "control") {
    attempt.controls.push_back({text_or_empty(event, "name"), text_or_empty(event, "when"),
                                flag(event, "ok"), text_or_empty(event, "detail")});
  } else if (type == "requirement") {
    attempt.requirements.push_back(check_of(event));
  } else if (type == "expectation") {
    attempt.expectations.push_back(check_of(event));
  } else if (type == "measurement") {
    attempt.measurements.push_back(measurement_of(event));
  } else if (type == "attachment") {
    attempt.attachments.push_back(attachment_of(event));
  } else if (type == "verdict") {
    judge(attempt, event);
  }
}

}  // namespace meterproof::journal
