#include <cstdlib>

#include "devices/cosem/apdu.hpp"
#include "devices/cosem/initiate.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace meterproof::cosem;
  const BytesView input = std::as_bytes(std::span(data, size));
  if (const auto request = decode_initiate_request(input)) {
    if (decode_initiate_request(encode(*request)).value() != *request) std::abort();
  }
  if (const auto response = decode_initiate_response(input)) {
    if (decode_initiate_response(encode(*response)).value() != *response) std::abort();
  }
  const auto apdu = decode_apdu(input, {.max_elements = 100'000});
  if (!apdu) return 0;
  const Bytes octets = encode_apdu(*apdu);
  const auto again = decode_apdu(octets);
  if (!again || encode_apdu(*again) != octets) std::abort();
  return 0;
}
