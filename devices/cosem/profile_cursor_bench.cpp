// Decoding 90 days of quarter hours, 8,640 rows of date-time and four double-long-unsigned (311,044
// octets), row by row, into columns, and as generic Data. METERPROOF_PROFILE_FILE: also writes the
// octets there, for the peers of suites/interop.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <fstream>

#include "devices/cosem/profile_columns.hpp"

namespace meterproof::cosem {
namespace {

constexpr std::size_t k_bench_rows = 8640;

Bytes quarter_hours() {
  std::vector<Data> rows;
  for (std::uint32_t i = 0; i < k_bench_rows; ++i) {
    const UtcTime at{std::chrono::minutes(15 * i)};
    rows.push_back(structure({octet_string(octets_of(from_utc(at))), std::uint32_t{1000 + i},
                              std::uint32_t{i / 7}, std::uint32_t{i * 3}, std::uint32_t{i % 96}}));
  }
  Bytes octets = encode_data(array(std::move(rows)));
  if (const char* path = std::getenv("METERPROOF_PROFILE_FILE")) {
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(octets.data()),
               static_cast<std::streamsize>(octets.size()));
  }
  return octets;
}

void count_profile(benchmark::State& state, std::size_t octets) {
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(octets));
}

// Every value is used: the dates as fields, the numbers in a sum.
void profile_rows_by_cursor(benchmark::State& state) {
  const Bytes octets = quarter_hours();
  for (auto _ : state) {
    auto rows = ProfileCursor::over(octets, {.clock_column = 0});
    std::uint64_t sum = 0;
    std::size_t count = 0;
    while (*rows->next()) {
      ++count;
      sum += (*rows)[0].date_time()->time.minute;
      for (std::size_t i = 1; i < rows->columns(); ++i) sum += *(*rows)[i].unsigned_integer();
    }
    if (count != k_bench_rows) state.SkipWithError("rows are missing");
    benchmark::DoNotOptimize(sum);
  }
  count_profile(state, octets.size());
}
BENCHMARK(profile_rows_by_cursor);

void profile_as_columns(benchmark::State& state) {
  const Bytes octets = quarter_hours();
  for (auto _ : state) benchmark::DoNotOptimize(profile_columns(octets, {.clock_column = 0}));
  count_profile(state, octets.size());
}
BENCHMARK(profile_as_columns);

void profile_as_data(benchmark::State& state) {
  const Bytes octets = quarter_hours();
  for (auto _ : state) benchmark::DoNotOptimize(decode_data(octets));
  count_profile(state, octets.size());
}
BENCHMARK(profile_as_data);

}  // namespace
}  // namespace meterproof::cosem
