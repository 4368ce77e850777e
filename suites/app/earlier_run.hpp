// EarlierRun: what a run that is resumed must know of its first part, read from that part's
// journal.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "harness/bench/bench_file.hpp"
#include "suites/app/campaign.hpp"

namespace meterproof::suites {

// Stands in the journal for the path of a bench file when there was none.
inline constexpr const char* k_virtual_bench = "virtual";

struct EarlierRun {
  std::set<std::string> judged;    // cases that need not run again
  std::vector<std::string> cases;  // of its plan
  std::uint64_t seed = 0;
  harness::Tier tier = harness::Tier::demo;
  std::string bench_file;  // or k_virtual_bench
  std::string bench_sha256;
  int times_resumed = 0;
  // The same meters with the same defects, else the two halves of the run would not belong
  // together.
  struct Virtual {
    int positions = 0;
    double scale = 1;
    std::vector<std::string> weaknesses;
  };
  std::optional<Virtual> virtual_bench;
};

// Throws ConfigError for a folder without a usable journal.
EarlierRun read_earlier_run(const std::filesystem::path& run_folder);

// Makes the options those of the earlier run; a bench file given now is kept.
void take_up(const EarlierRun& earlier, CampaignOptions& options);

// Throws ConfigError when the bench file has changed.
void require_same_bench(const EarlierRun& earlier, const bench::Bench& bench);

}  // namespace meterproof::suites
