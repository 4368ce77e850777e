// Campaign: one run from bench file to exit code. It is the composition root: it wires bench,
// devices, scheduler, journal and reports. All front ends (meterproof run, the GoogleTest program,
// the pytest plug-in) are thin layers over it.
//
// Life: construct (bench loaded and checked, positions known, nothing energised) -> begin(selected
// cases) -> run_all() or result(id)...
// -> finish(). Without a bench file it starts the virtual bench: a scaled world, and a second one
// at scale 1 for procedures that couple bench time with wall time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include "harness/plan.hpp"
#include "harness/scheduler.hpp"

namespace meterproof::journal {
class JournalObserver;
}

namespace meterproof::suites {

struct CampaignOptions {
  std::optional<std::filesystem::path> bench;   // none: the virtual bench
  std::filesystem::path runs = "runs";          // where run folders are made
  std::optional<std::filesystem::path> resume;  // run folder of an unfinished run
  harness::Selection selection;
  harness::Tier tier = harness::Tier::demo;
  std::uint64_t seed = 0;  // 0: drawn from the operating system and recorded
  std::string junit_dialect = "rich";
  std::vector<std::shared_ptr<journal::JournalObserver>> observers;  // besides the reports
  std::stop_token after_step;
  std::stop_token abort;
  // The virtual bench only.
  std::vector<std::string> weaknesses;  // "NAME" at every position, or "p01:NAME"
  int virtual_positions = 2;
  double virtual_scale = 500;
};

class Campaign {
 public:
  // Throws ConfigError (nothing energised) or BenchError.
  explicit Campaign(CampaignOptions options);
  ~Campaign();

  // Every case that the options select, in running order, with the reasons of those that will be
  // skipped.
  const harness::Plan& plan() const;
  // All positions of the bench, as its file names them, whatever is selected.
  std::vector<harness::PositionInfo> positions() const;
  // Opens the run folder and the journal. Empty: all of the plan.
  void begin(const std::set<harness::CaseId>& selected = {});
  void run_all();
  // See harness::Scheduler::result. A planned skip is answered at once.
  harness::CaseResult result(const harness::CaseId& id);
  // Closes devices (make-safe), ends worlds, writes the last report and the manifest. Returns the
  // exit code: 0 passed, 1 any fail, 3 any error, inconclusive or incomplete, 4 nothing was judged.
  // Throws, after all that, what went wrong in closing a bench.
  int finish();

  const std::filesystem::path& run_folder() const;
  // Typed devices of a position, for hand-written tests. begin() must have been called.
  const harness::Resources& resources(const std::string& position);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace meterproof::suites
