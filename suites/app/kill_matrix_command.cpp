#include <fmt/format.h>
#include <fnmatch.h>
#include <stdlib.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <map>

#include "harness/bench/signals.hpp"
#include "harness/catalogue.hpp"
#include "harness/errors.hpp"
#include "suites/app/commands.hpp"

namespace meterproof::suites {
namespace {

using harness::CaseId;
using harness::CaseResult;
using harness::Procedure;
using harness::Verdict;

// Bench defects must end as error or inconclusive, never as a verdict about the DUT.
struct BenchDefect {
  std::string weakness;
  std::string procedure;
  std::string variant;
};
const std::vector<BenchDefect>& bench_defects() {
  static const std::vector<BenchDefect> k_defects{{"SOURCE_LIES", "ACC_LOAD_001", "i1_pf1"},
                                                  {"REFERENCE_FROZEN", "ACC_LOAD_001", "i1_pf1"}};
  return k_defects;
}

class Matrix {
 public:
  Matrix(const KillMatrixCommand& command, bench::SignalStops& signals)
      : command_(command), signals_(signals) {
    std::printf("%-14s %-20s %-14s %-30s %6s  %s\n", "procedure", "meter", "variant",
                "verdict (expectation)", "s", "cell");
  }

  bool wants(const std::string& id) const {
    return command_.procedures.empty() ||
           std::any_of(command_.procedures.begin(), command_.procedures.end(),
                       [&](const std::string& pattern) {
                         return ::fnmatch(pattern.c_str(), id.c_str(), 0) == 0;
                       });
  }

  void healthy(const Procedure& procedure) {
    run(procedure.id + "/*", {}, [&](const CaseId& id, const CaseResult& result) {
      row(id, "healthy", result, result.verdict == Verdict::pass);
    });
  }

  // A procedure that nothing shows to be able to fail.
  void unproven(const Procedure& procedure) {
    row({procedure.id, "", ""}, "(no mutant)", {}, false);
  }

  void mutant(const Procedure& procedure, const harness::Mutant& mutant) {
    for (const harness::Variant& variant : procedure.variants) {
      if (!mutant.variants.empty() && std::find(mutant.variants.begin(), mutant.variants.end(),
                                                variant.name) == mutant.variants.end()) {
        continue;
      }
      // A fresh world for each cell: what one mutant did cannot colour the next verdict.
      run(procedure.id + "/" + variant.name + "/*", {"p01:" + mutant.weakness},
          [&](const CaseId& id, const CaseResult& result) {
            row(id, mutant.weakness, result,
                result.verdict == Verdict::fail && result.expectation == mutant.expectation);
          });
    }
  }

  void defect(const BenchDefect& defect) {
    run(defect.procedure + "/" + defect.variant + "/*", {defect.weakness},
        [&](const CaseId& id, const CaseResult& result) {
          row(id, defect.weakness, result,
              result.verdict == Verdict::error || result.verdict == Verdict::inconclusive);
        });
  }

  int finish() const {
    std::printf("\n%d cells, %d wrong\n", cells_, wrong_);
    if (cells_ == 0) return 4;
    return wrong_ == 0 ? 0 : 1;
  }

 private:
  template <class Judge>
  void run(const std::string& pattern, const std::vector<std::string>& weaknesses, Judge judge) {
    if (signals_.received() > 0) throw harness::Cancelled("stopped");
    CampaignOptions options;
    options.runs = command_.runs;
    options.selection = {.cases = {pattern}};
    options.seed = 1;
    options.weaknesses = weaknesses;
    options.virtual_positions = 2;  // the second is the twin of the flood procedures
    options.after_step = signals_.after_step();
    options.abort = signals_.abort();
    Campaign campaign(options);
    std::set<CaseId> selected;
    for (const harness::PlannedCase& planned : campaign.plan()) {
      if (planned.id.position == "p01") selected.insert(planned.id);
    }
    campaign.begin(selected);
    for (const CaseId& id : selected) {
      const auto begun = harness::WallClock::now();
      const CaseResult result = campaign.result(id);
      seconds_ = std::chrono::duration<double>(harness::WallClock::now() - begun).count();
      judge(id, result);
    }
    campaign.finish();
  }

  void row(const CaseId& id, const std::string& meter, const CaseResult& result, bool right) {
    ++cells_;
    wrong_ += right ? 0 : 1;
    const std::string verdict =
        fmt::format("{}{}", to_string(result.verdict),
                    result.expectation.empty() ? "" : " (" + result.expectation + ")");
    std::printf("%-14s %-20s %-14s %-30s %6.1f  %s\n", id.procedure.c_str(), meter.c_str(),
                id.variant.c_str(), verdict.c_str(), seconds_, right ? "ok" : "WRONG");
    if (!right) std::printf("    %s: %s\n", result.type.c_str(), result.reason.c_str());
    std::fflush(stdout);
  }

  const KillMatrixCommand& command_;
  bench::SignalStops& signals_;
  int cells_ = 0;
  int wrong_ = 0;
  double seconds_ = 0;
};

}  // namespace

int kill_matrix_command(const KillMatrixCommand& given) {
  KillMatrixCommand command = given;
  const bool temporary = command.runs.empty();
  if (temporary) {
    std::string name = (std::filesystem::temp_directory_path() / "kill-matrix-XXXXXX").string();
    if (!::mkdtemp(name.data())) throw harness::BenchError("no temporary directory");
    command.runs = name;
  }
  bench::SignalStops signals;
  Matrix matrix(command, signals);
  for (const Procedure* procedure : harness::Catalogue::instance().all()) {
    if (!matrix.wants(procedure->id)) continue;
    matrix.healthy(*procedure);
    for (const harness::Mutant& mutant : procedure->mutants) matrix.mutant(*procedure, mutant);
    if (procedure->mutants.empty()) matrix.unproven(*procedure);
  }
  for (const BenchDefect& defect : bench_defects()) {
    if (matrix.wants(defect.procedure)) matrix.defect(defect);
  }
  const int code = matrix.finish();
  std::error_code ignored;
  if (temporary && code == 0) std::filesystem::remove_all(command.runs, ignored);
  if (code != 0) std::printf("run folders: %s\n", command.runs.c_str());
  return code;
}

}  // namespace meterproof::suites
