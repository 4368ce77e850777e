// CaseJournal: what one attempt of one case writes into the journal, typed (docs/journal.md). The
// Context speaks through it; it belongs to that case's thread.
#pragma once

#include <boost/json/object.hpp>
#include <cstddef>
#include <filesystem>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/case_id.hpp"
#include "harness/journal/journal.hpp"
#include "harness/measurement.hpp"
#include "harness/verdict.hpp"

namespace meterproof::harness {

enum class ControlTime { before, after };

class CaseJournal {
 public:
  // Both outlive this object; run_folder is where the journal lies.
  CaseJournal(journal::Journal& journal, std::filesystem::path run_folder, CaseId id);

  const CaseId& id() const { return id_; }
  // 0 before started().
  int attempt() const { return attempt_; }

  // Durable. thread: a name for people, such as the position.
  void started(std::string_view thread);
  void step(std::string_view text);
  void expectation(std::string_view name, bool met, std::string_view detail);
  void control(std::string_view name, ControlTime when, bool ok, std::string_view detail);
  void requirement(std::string_view name, bool met, std::string_view detail);
  void measurement(const Measurement& measurement);
  // Writes cases/<procedure>/<variant>/<position>/[attempt_N/]<name>, on disk before the event is.
  // A name used twice gets a number; one with a slash or a leading dot is an InternalError.
  void attachment(std::string_view name, std::span<const std::byte> bytes,
                  std::string_view description);
  void exercised(std::string_view form);
  void not_exercised(std::string_view form, std::string_view reason);
  void property(std::string_view key, std::string_view value);
  // Durable; names what was exercised and what was not. tier: to_string(Tier). duration_s: wall
  // time of the attempt.
  void verdict(const CaseOutcome& outcome, std::string_view tier, double duration_s);

 private:
  boost::json::object fields() const;
  std::filesystem::path free_attachment_name(std::string_view name);

  journal::Journal& journal_;
  std::filesystem::path run_folder_;
  CaseId id_;
  std::string case_;
  int attempt_ = 0;
  std::set<std::string> attachment_names_;
  std::vector<std::string> exercised_;
  std::vector<std::pair<std::string, std::string>> not_exercised_;
};

}  // namespace meterproof::harness
