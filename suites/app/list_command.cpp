#include <fmt/format.h>

#include <boost/json.hpp>
#include <cstdio>

#include "harness/catalogue.hpp"
#include "suites/app/commands.hpp"

namespace meterproof::suites {
namespace {

boost::json::object listed(const harness::Procedure& procedure) {
  boost::json::array clauses, variants, mutants, missing;
  for (const harness::Clause& clause : procedure.clauses) {
    clauses.emplace_back(clause.standard + " " + clause.number);
  }
  for (const harness::Variant& variant : procedure.variants) {
    variants.push_back(boost::json::object{{"name", variant.name}, {"title", variant.title}});
  }
  for (const harness::Mutant& mutant : procedure.mutants) {
    mutants.push_back(
        boost::json::object{{"weakness", mutant.weakness}, {"expectation", mutant.expectation}});
  }
  for (const harness::NotExercised& form : procedure.not_exercised) {
    missing.push_back(boost::json::object{{"form", form.form}, {"reason", form.reason}});
  }
  const harness::Declaration& declaration = procedure.declaration;
  return {{"id", procedure.id},
          {"suite", procedure.suite},
          {"title", procedure.title},
          {"objective", procedure.objective},
          {"severity", to_string(procedure.severity)},
          {"clauses", std::move(clauses)},
          {"variants", std::move(variants)},
          {"mutants", std::move(mutants)},
          {"not_exercised", std::move(missing)},
          {"supply", to_string(declaration.supply)},
          {"changes_supply", declaration.changes_supply},
          {"disturbs", to_string(declaration.disturbs)},
          {"destructiveness", to_string(declaration.destructiveness)},
          {"real_time", declaration.real_time}};
}

}  // namespace

int list_command(const ListCommand& command) {
  boost::json::array all;
  std::string suite;
  for (const harness::Procedure* procedure : harness::Catalogue::instance().all()) {
    if (!command.selection.matches(*procedure, {procedure->id, "base", "p"})) continue;
    if (command.json) {
      all.push_back(listed(*procedure));
      continue;
    }
    if (procedure->suite != suite) {
      suite = procedure->suite;
      std::printf("%s%s\n", all.empty() ? "" : "\n", suite.c_str());
    }
    std::printf("  %-14s %-9s %s\n", procedure->id.c_str(),
                std::string(to_string(procedure->severity)).c_str(), procedure->title.c_str());
    std::string variants;
    for (const harness::Variant& variant : procedure->variants) variants += " " + variant.name;
    std::printf("  %-14s variants:%s\n", "", variants.c_str());
  }
  if (command.json) std::printf("%s\n", boost::json::serialize(all).c_str());
  return 0;
}

}  // namespace meterproof::suites
