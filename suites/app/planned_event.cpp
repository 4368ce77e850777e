#include "suites/app/planned_event.hpp"

#include <boost/json.hpp>
#include <utility>

namespace meterproof::suites {

boost::json::object planned_event(const harness::PlannedCase& planned, const bench::Bench& bench,
                                  const std::vector<std::string>& weaknesses) {
  boost::json::array clauses;
  for (const harness::Clause& clause : planned.procedure->clauses) {
    clauses.emplace_back(clause.standard + " " + clause.number);
  }
  std::string mutant;
  for (const std::string& weakness : weaknesses) mutant += (mutant.empty() ? "" : " ") + weakness;
  boost::json::object dut;
  for (const bench::Position& position : bench.positions) {
    if (position.name != planned.id.position) continue;
    dut = {{"type", position.type->name},
           {"manufacturer", position.type->manufacturer},
           {"model", position.type->model},
           {"serial", position.serial},
           {"simulated", position.simulated}};
  }
  return {{"case", planned.id.to_string()},
          {"procedure", planned.id.procedure},
          {"variant", planned.id.variant},
          {"position", planned.id.position},
          {"suite", planned.procedure->suite},
          {"title", planned.procedure->title},
          {"severity", to_string(planned.procedure->severity)},
          {"clauses", std::move(clauses)},
          {"dut", std::move(dut)},
          {"mutant", mutant}};
}

}  // namespace meterproof::suites
