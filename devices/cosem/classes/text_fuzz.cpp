// Texts that stand for something: types in the standard's notation, logical names, hexadecimal
// octets. What is read is written as a text that reads the same.
#include <cstdlib>

#include "devices/cosem/classes/check_type.hpp"
#include "devices/cosem/classes/obis_name.hpp"
#include "devices/cosem/classes/type.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace meterproof::cosem;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto octets = from_hex(text)) {
    if (from_hex(to_hex(*octets)) != octets) std::abort();
  }
  if (const auto name = LogicalName::parse(text)) {
    if (LogicalName::parse(name->to_string()) != name) std::abort();
    if (LogicalName::from(name->octets()) != name) std::abort();
    if (classes::obis_name(*name).empty()) std::abort();
  }
  if (const auto type = classes::parse_type(text)) {
    const std::string written = classes::to_string(*type);
    const auto again = classes::parse_type(written);
    if (!again || classes::to_string(*again) != written) std::abort();
    (void)classes::check_type(*type, array({std::uint8_t{1}, structure({Null{}})}));
  }
  return 0;
}
