#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "devices/scpi/message.hpp"

// Any bytes parse to units within the bounds or to an error, and matching never fails either.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace meterproof::scpi;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const ParsedMessage message = parse_message(text);
  if (message.units.size() > 64) std::abort();
  for (const Unit& unit : message.units) {
    if (unit.path.empty() || unit.path.size() > 16 || unit.arguments.size() > 64) std::abort();
    match_header(unit, "SOURce:VOLTage#");
    match_header(unit, "*IDN?");
    for (const auto& argument : unit.arguments) {
      parse_number(argument);
      parse_integer(argument);
      parse_boolean(argument);
    }
  }
  return 0;
}
