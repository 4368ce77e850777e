// Any bytes as a journal: read or refused with a line number, folded, summarised.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "harness/errors.hpp"
#include "harness/journal/journal_reader.hpp"
#include "harness/journal/run_model.hpp"
#include "harness/journal/run_summary.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace journal = meterproof::journal;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    const auto contents = journal::parse_journal(text, "fuzz");
    if (contents.whole_bytes > size) __builtin_trap();
    const journal::RunModel model(contents.events);
    const auto summary = journal::summarise(model);
    if (summary.cases != summary.pass + summary.skipped + summary.inconclusive + summary.fail +
                             summary.error + summary.running + summary.not_started) {
      __builtin_trap();
    }
  } catch (const meterproof::harness::ConfigError&) {
  }
  return 0;
}
