// Any bytes as a journal, rendered by every reporter: JUnit stays well-formed, and nothing in the
// closing table steers the terminal.
#include <cstddef>
#include <cstdint>
#include <pugixml.hpp>
#include <string_view>

#include "harness/errors.hpp"
#include "harness/journal/journal_reader.hpp"
#include "reports/reporter.hpp"
#include "reports/terminal.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace meterproof;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    const journal::RunModel model(journal::parse_journal(text, "fuzz").events);
    for (const auto& reporter : reports::all_reporters()) {
      const std::string document = reporter.render(model, {});
      pugi::xml_document xml;
      if (reporter.name.starts_with("junit-") && !xml.load_string(document.c_str())) {
        __builtin_trap();
      }
    }
    const std::string table = reports::closing_table(model, {});
    if (table.find('\x1b') != std::string::npos) __builtin_trap();
  } catch (const harness::ConfigError&) {
  }
  return 0;
}
