// Any text is a bench file or a meter type with problems; nothing else may happen. The corpus in
// test_data/corpus begins with the documented examples.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "harness/bench/bench_reader.hpp"
#include "harness/bench/market_reader.hpp"
#include "harness/bench/type_reader.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace meterproof;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static const bench::Vocabulary vocabulary{{"scpi"}, {"scpi"}, {"scpi"}, {"dlms"}, {}, {}};
  // No directory of that name: secrets and types are looked for, and not found.
  try {
    bench::read_bench(text, "/nonexistent/fuzz/bench.toml", vocabulary);
  } catch (const harness::ConfigError&) {
  }
  try {
    bench::Problems problems("/nonexistent/fuzz/type.toml");
    bench::read_meter_type(text, problems);
    problems.raise_if_any();
  } catch (const harness::ConfigError&) {
  }
  try {
    bench::Problems problems("/nonexistent/fuzz/market.toml");
    bench::read_market_profile(text, problems);
    problems.raise_if_any();
  } catch (const harness::ConfigError&) {
  }
  return 0;
}
