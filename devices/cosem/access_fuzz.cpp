#include <cstdlib>

#include "devices/cosem/access.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace cosem = meterproof::cosem;
  const auto input = std::as_bytes(std::span(data, size));
  const cosem::DecodeLimits limits{.max_elements = 100'000};
  if (const auto request = cosem::decode_access_request(input, limits)) {
    const cosem::Bytes octets = cosem::encode_access(*request);
    const auto again = cosem::decode_access_request(octets);
    if (!again || cosem::encode_access(*again) != octets) std::abort();
  }
  if (const auto response = cosem::decode_access_response(input, limits)) {
    const cosem::Bytes octets = cosem::encode_access(*response);
    const auto again = cosem::decode_access_response(octets);
    if (!again || cosem::encode_access(*again) != octets) std::abort();
  }
  return 0;
}
