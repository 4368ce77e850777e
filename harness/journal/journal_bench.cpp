// What an event costs, beside what the disk itself asks: a durable append cannot beat one
// write(2) + fdatasync(2) of the same line, a written one not one write(2).
#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <unistd.h>

#include <string>

#include "harness/journal/journal.hpp"
#include "harness/journal/test_folder.hpp"

namespace meterproof::journal {
namespace {

// As long as a verdict's line.
const std::string k_text(150, 'x');

void append_events(benchmark::State& state, Durability durability) {
  const TestFolder folder;
  auto journal = Journal::create(folder / "journal.jsonl");
  for (auto _ : state) {
    journal->append("verdict", {{"case", "ACC_LOAD_001/i0p1_pf0p5l/p03"}, {"reason", k_text}},
                    durability);
  }
  state.SetItemsProcessed(state.iterations());
}

void raw_bound(benchmark::State& state, bool sync) {
  const TestFolder folder;
  const std::string line(300, 'x');
  const int file = ::open((folder / "raw").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  for (auto _ : state) {
    benchmark::DoNotOptimize(::write(file, line.data(), line.size()));
    if (sync) ::fdatasync(file);
  }
  ::close(file);
  state.SetItemsProcessed(state.iterations());
}

void journal_append_durable(benchmark::State& state) { append_events(state, Durability::durable); }
void journal_append_written(benchmark::State& state) { append_events(state, Durability::written); }
void raw_write_and_fdatasync(benchmark::State& state) { raw_bound(state, true); }
void raw_write(benchmark::State& state) { raw_bound(state, false); }

BENCHMARK(journal_append_durable)->UseRealTime();
BENCHMARK(raw_write_and_fdatasync)->UseRealTime();
BENCHMARK(journal_append_written)->UseRealTime();
BENCHMARK(raw_write)->UseRealTime();

}  // namespace
}  // namespace meterproof::journal
