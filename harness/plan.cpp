#include "harness/plan.hpp"

#include <fnmatch.h>

#include <algorithm>
#include <tuple>

namespace meterproof::harness {
namespace {

bool any_pattern(const std::vector<std::string>& patterns, const std::string& text) {
  return std::any_of(patterns.begin(), patterns.end(), [&](const std::string& pattern) {
    return ::fnmatch(pattern.c_str(), text.c_str(), 0) == 0;
  });
}

std::optional<SkipReason> skip_reason(const Procedure& procedure, const Variant& variant,
                                      const PositionInfo& position) {
  const auto lacks = [&](const std::string& need) { return !position.capabilities.contains(need); };
  std::vector<std::string> needs = procedure.needs;
  needs.insert(needs.end(), variant.needs.begin(), variant.needs.end());
  for (const std::string& interface : procedure.declaration.interfaces) {
    needs.push_back("interface." + interface);
  }
  if (procedure.declaration.real_time) needs.push_back("real_time");
  for (const std::string& need : needs) {
    if (lacks(need)) return SkipReason{"MissingCapability", "position has no " + need};
  }
  const Destructiveness harm = procedure.declaration.destructiveness;
  if (harm == Destructiveness::state_changing && lacks("permit.state_changing")) {
    return SkipReason{"NotPermitted", "the bench file does not allow state-changing procedures"};
  }
  if (harm == Destructiveness::destructive && lacks("permit.destructive")) {
    return SkipReason{"NotPermitted", "destructive, and the unit is not marked sacrificial"};
  }
  return std::nullopt;
}

}  // namespace

bool Selection::matches(const Procedure& procedure, const CaseId& id) const {
  if (!suites.empty() && std::find(suites.begin(), suites.end(), procedure.suite) == suites.end()) {
    return false;
  }
  if (!cases.empty() && !any_pattern(cases, procedure.id) && !any_pattern(cases, id.to_string())) {
    return false;
  }
  if (at_least && procedure.severity < *at_least) return false;
  if (clauses.empty()) return true;
  return std::any_of(procedure.clauses.begin(), procedure.clauses.end(), [&](const Clause& clause) {
    const std::string text = clause.standard + " " + clause.number;
    return std::any_of(clauses.begin(), clauses.end(), [&](const std::string& wanted) {
      return text.find(wanted) != std::string::npos;
    });
  });
}

Plan make_plan(const Catalogue& catalogue, const std::vector<PositionInfo>& positions,
               const Selection& selection) {
  std::vector<const Procedure*> procedures = catalogue.all();
  std::stable_sort(procedures.begin(), procedures.end(),
                   [](const Procedure* a, const Procedure* b) {
                     return a->declaration.destructiveness < b->declaration.destructiveness;
                   });
  std::vector<std::string> groups;
  for (const PositionInfo& position : positions) {
    if (std::find(groups.begin(), groups.end(), position.group) == groups.end()) {
      groups.push_back(position.group);
    }
  }
  Plan plan;
  for (const Procedure* procedure : procedures) {
    for (const Variant& variant : procedure->variants) {
      for (const std::string& group : groups) {
        for (const PositionInfo& position : positions) {
          if (position.group != group) continue;
          const CaseId id{procedure->id, variant.name, position.name};
          if (!selection.matches(*procedure, id)) continue;
          plan.push_back(
              {id, procedure, &variant, group, skip_reason(*procedure, variant, position)});
        }
      }
    }
  }
  return plan;
}

std::vector<Stage> stages_of(const Plan& plan) {
  std::vector<Stage> stages;
  for (const PlannedCase& planned : plan) {
    if (planned.skip) continue;
    if (stages.empty() || stages.back().procedure != planned.procedure ||
        stages.back().variant != planned.variant || stages.back().group != planned.group) {
      stages.push_back({planned.procedure, planned.variant, planned.group, {}});
    }
    stages.back().cases.push_back(planned.id);
  }
  return stages;
}

bool may_be_guest(const Procedure& procedure) {
  const Declaration& declaration = procedure.declaration;
  return declaration.supply != Supply::load && !declaration.changes_supply &&
         declaration.disturbs == Disturbs::nothing &&
         declaration.destructiveness == Destructiveness::none && !declaration.real_time &&
         !declaration.one_position_at_a_time;
}

}  // namespace meterproof::harness
