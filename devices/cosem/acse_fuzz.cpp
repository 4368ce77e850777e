#include <cstdlib>

#include "devices/cosem/acse.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace meterproof::cosem;
  const auto apdu = decode_acse(std::as_bytes(std::span(data, size)));
  if (!apdu) return 0;
  const Bytes octets = encode_acse(*apdu);
  // A foreign context name is read but not written again, and an AARQ needs one.
  if (const auto* aarq = std::get_if<Aarq>(&*apdu); aarq && !aarq->application_context) return 0;
  const auto again = decode_acse(octets);
  if (!again || encode_acse(*again) != octets) std::abort();
  return 0;
}
