// general-ciphering and general-signing: what decodes must encode to the same value, and no content
// may do more than fail.
#include <cstdlib>

#include "devices/cosem/general_protection.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace meterproof::cosem;
  const BytesView input = std::as_bytes(std::span(data, size));
  static const GeneralKeys keys = [] {
    GeneralKeys made;
    made.suite = SecuritySuite::suite_1;
    made.unicast = made.broadcast = made.master = SymmetricKey();
    made.agreement_key = PrivateKey::generate(made.suite).value();
    made.peer_agreement_key = made.agreement_key->public_key();
    made.peer_signing_key = made.agreement_key->public_key();
    return made;
  }();
  if (const auto apdu = decode_general_ciphering(input)) {
    const auto again = decode_general_ciphering(encode_general_ciphering(*apdu));
    if (!again || !(*again == *apdu)) std::abort();
    (void)unprotect_general(keys, *apdu);
  }
  if (const auto apdu = decode_general_signing(input)) {
    const auto again = decode_general_signing(encode_general_signing(*apdu));
    if (!again || !(*again == *apdu)) std::abort();
    (void)verify_general(keys, *apdu);
  }
  return 0;
}
