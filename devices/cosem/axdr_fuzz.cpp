// Any octets give a value or an error, and a value encodes to octets that decode to the same value.
#include <cstdlib>

#include "devices/cosem/value.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace meterproof::cosem;
  const auto value = decode_data(std::as_bytes(std::span(data, size)), {.max_elements = 100'000});
  if (!value) return 0;
  const Bytes octets = encode_data(*value);
  const auto again = decode_data(octets);
  if (!again || encode_data(*again) != octets) std::abort();
  (void)to_string(*value);
  if (const auto* compact = value->as<CompactArray>()) {
    (void)expand(*compact, {.max_elements = 100'000});
  }
  return 0;
}
