// RunModel: a journal folded into what people ask for - the planned cases, each with its attempts,
// and in the latest attempt the state that counts. Reports, resume, the closing table and the exit
// code all read this and nothing else.
//
// A case nobody started is not_started; one with an unfinished latest attempt is running (the run
// goes on, or it died there); else its verdict is that of the latest attempt.
//
// Folding is total: an event with missing or odd fields leaves defaults, unknown types are passed
// over, a case that was not planned is added with planned == false.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/measurement.hpp"
#include "harness/verdict.hpp"

namespace meterproof::journal {

struct DutIdentity {
  std::string type, manufacturer, model, serial, firmware;
  bool simulated = false;
};

struct StepRecord {
  std::string t;  // UTC, as in the journal
  std::string text;
};

// An expectation about the DUT or a requirement on the bench.
struct CheckRecord {
  std::string name;
  bool met = false;
  std::string detail;
};

struct ControlRecord {
  std::string name;
  std::string when;  // "before", "after"
  bool ok = false;
  std::string detail;
};

struct MeasurementRecord {
  harness::Measurement measurement;
  std::string outcome;  // "within", "outside", "undecided", as judged in the run
  std::string summary;
};

struct AttachmentRecord {
  std::string name;
  std::string path;  // relative to the run folder
  std::string sha256;
  std::uint64_t bytes = 0;
  std::string description;
};

struct NotExercisedRecord {
  std::string form;
  std::string reason;
};

struct Attempt {
  int number = 1;
  std::string started_t;
  std::optional<harness::Verdict> verdict;  // nothing while it runs
  std::string reason_type;
  std::string reason;
  std::string expectation;  // that failed
  std::string tier;
  double duration_s = 0;  // while it runs: up to its latest event
  std::vector<StepRecord> steps;
  std::vector<CheckRecord> expectations;
  std::vector<CheckRecord> requirements;
  std::vector<ControlRecord> controls;
  std::vector<MeasurementRecord> measurements;
  std::vector<AttachmentRecord> attachments;
  std::vector<std::string> exercised;
  std::vector<NotExercisedRecord> not_exercised;
  std::vector<std::pair<std::string, std::string>> properties;

  std::int64_t started_mono_ns = 0;
};

enum class CaseState { not_started, running, judged };

struct CaseRecord {
  std::string id;  // "ACC_LOAD_001/i0p1_pf0p5l/p03"
  bool planned = true;
  std::string procedure, variant, position, suite, title, severity;
  std::vector<std::string> clauses;
  DutIdentity dut;
  std::string mutant;  // the weakness switched on for this run, else empty
  std::vector<Attempt> attempts;

  CaseState state() const;
  const Attempt* latest() const { return attempts.empty() ? nullptr : &attempts.back(); }
  // Nothing unless state() is judged.
  std::optional<harness::Verdict> verdict() const;
};

struct RunFacts {
  std::string run_id, version, tier, host, started_t, last_t;
  std::string seed;
  bool simulated = false;
  std::string bench_name, bench_file, bench_sha256;
  double time_scale = 1;
  bool finished = false;  // run_finished was written
  bool complete = false;
  std::string stopped_by;
  int resumed = 0;
  double wall_s = 0;  // first to latest event of each part of the run, pauses left out
};

class RunModel {
 public:
  RunModel() = default;
  explicit RunModel(const std::vector<boost::json::object>& events);

  void add(const boost::json::object& event);

  const RunFacts& facts() const { return facts_; }
  // In the order of the plan.
  const std::vector<CaseRecord>& cases() const { return cases_; }
  const CaseRecord* find(std::string_view id) const;
  // Events of the run as a whole worth telling: make_safe, quarantine, stops.
  const std::vector<StepRecord>& remarks() const { return remarks_; }

 private:
  void add_run_event(std::string_view type, const boost::json::object& event);
  void add_case_event(std::string_view type, const boost::json::object& event);
  void identify(const boost::json::object& event);
  void plan(const boost::json::object& planned);
  CaseRecord& case_record(const std::string& id);
  Attempt& open_attempt(CaseRecord& record, const boost::json::object& event);

  RunFacts facts_;
  std::vector<CaseRecord> cases_;
  std::map<std::string, std::size_t, std::less<>> index_;
  std::vector<StepRecord> remarks_;
  std::int64_t last_mono_ns_ = 0;
};

}  // namespace meterproof::journal
