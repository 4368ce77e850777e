// A plan: which cases of the catalogue run on which positions of a bench, and in which order.
// Harmless procedures come first; cases whose position lacks a capability or a permission stay in
// the plan as skipped, with the reason.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "harness/case_id.hpp"
#include "harness/catalogue.hpp"
#include "harness/procedure.hpp"

namespace meterproof::harness {

// What the scheduler must know of a position. Capabilities are words such as "interface.tcp",
// "client.management", "pulse", "relay", "real_time", "permit.state_changing",
// "permit.destructive"; needs of procedures are matched against them.
struct PositionInfo {
  std::string name;
  std::string group;  // positions of one group (meter type) share a stage: they take the same load
  std::set<std::string> capabilities;
};

// Empty members select everything.
struct Selection {
  std::vector<std::string> suites;
  std::vector<std::string>
      cases;  // shell patterns on procedure id or case string: "ACC_*", "*/p01"
  std::vector<std::string> clauses;  // a part of "standard number": "62053-21"
  std::optional<Severity> at_least;
  bool matches(const Procedure& procedure, const CaseId& id) const;
};

struct SkipReason {
  std::string type;  // "MissingCapability" or "NotPermitted"
  std::string message;
};

struct PlannedCase {
  CaseId id;
  const Procedure* procedure = nullptr;
  const Variant* variant = nullptr;
  std::string group;
  std::optional<SkipReason> skip;
};

using Plan = std::vector<PlannedCase>;

// Sorted by destructiveness, suite, id, variant (as declared), group, position (as given).
Plan make_plan(const Catalogue& catalogue, const std::vector<PositionInfo>& positions,
               const Selection& selection);

// What runs at one time: one procedure in one variant on all positions of one group.
struct Stage {
  const Procedure* procedure = nullptr;
  const Variant* variant = nullptr;
  std::string group;
  std::vector<CaseId> cases;  // without the skipped ones
};

std::vector<Stage> stages_of(const Plan& plan);

// True when the stage may run beside a no-load test: it only reads over the interfaces what the
// host holds.
bool may_be_guest(const Procedure& procedure);

}  // namespace meterproof::harness
