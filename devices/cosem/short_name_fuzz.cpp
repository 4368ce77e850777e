#include <cstdlib>

#include "devices/cosem/short_names.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace cosem = meterproof::cosem;
  const auto input = std::as_bytes(std::span(data, size));
  const auto apdu = cosem::decode_short_name(input, {.max_elements = 100'000});
  if (!apdu) return 0;
  const cosem::Bytes octets = cosem::encode_short_name(*apdu);
  const auto again = cosem::decode_short_name(octets);
  if (!again || cosem::encode_short_name(*again) != octets) std::abort();
  if (const auto* response = std::get_if<cosem::ReadResponse>(&*apdu)) {
    for (const auto& result : response->results) {
      const auto* list = std::get_if<cosem::Data>(&result);
      if (list != nullptr) (void)cosem::ShortNames::from_object_list(*list);
    }
  }
  return 0;
}
