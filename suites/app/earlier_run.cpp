#include "suites/app/earlier_run.hpp"

#include <boost/json.hpp>
#include <charconv>

#include "harness/errors.hpp"
#include "harness/journal/journal_reader.hpp"
#include "harness/journal/run_folder.hpp"
#include "harness/journal/run_model.hpp"

namespace meterproof::suites {

EarlierRun read_earlier_run(const std::filesystem::path& run_folder) {
  const auto folder = journal::RunFolder::open(run_folder);
  const auto events = journal::read_journal(folder.journal());
  const journal::RunModel model(events);
  const journal::RunFacts& facts = model.facts();
  EarlierRun earlier;
  const char* const end = facts.seed.data() + facts.seed.size();
  const bool has_seed = std::from_chars(facts.seed.data(), end, earlier.seed).ptr == end;
  if (model.cases().empty() || facts.seed.empty() || !has_seed) {
    throw harness::ConfigError(
        {folder.journal().string(), 1, "the run ended before its plan was written"});
  }
  for (const journal::CaseRecord& record : model.cases()) {
    earlier.cases.push_back(record.id);
    // An error says nothing of the meter: the case is still to be judged.
    if (record.verdict() && record.verdict() != harness::Verdict::error) {
      earlier.judged.insert(record.id);
    }
  }
  if (facts.tier == "standard") earlier.tier = harness::Tier::standard;
  if (facts.tier == "full") earlier.tier = harness::Tier::full;
  earlier.bench_file = facts.bench_file;
  earlier.bench_sha256 = facts.bench_sha256;
  for (const auto& event : events) {
    if (event.at("type").as_string() == "resumed") ++earlier.times_resumed;
    const auto* made = event.if_contains("virtual");
    if (!made) continue;
    earlier.virtual_bench = {
        made->at("positions").to_number<int>(), made->at("scale").to_number<double>(),
        boost::json::value_to<std::vector<std::string>>(made->at("weaknesses"))};
  }
  return earlier;
}

void take_up(const EarlierRun& earlier, CampaignOptions& options) {
  options.seed = earlier.seed;
  options.tier = earlier.tier;
  options.selection = {.cases = earlier.cases};
  if (!options.bench && earlier.bench_file != k_virtual_bench) options.bench = earlier.bench_file;
  if (earlier.virtual_bench) {
    options.virtual_positions = earlier.virtual_bench->positions;
    options.virtual_scale = earlier.virtual_bench->scale;
    options.weaknesses = earlier.virtual_bench->weaknesses;
  }
}

void require_same_bench(const EarlierRun& earlier, const bench::Bench& bench) {
  if (earlier.bench_file == k_virtual_bench || earlier.bench_sha256 == bench.sha256) return;
  throw harness::ConfigError(
      {bench.file, 0, "the bench file has changed since the run that is resumed"});
}

}  // namespace meterproof::suites
