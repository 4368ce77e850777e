// The first octet chooses: what follows is a ciphered APDU or plain octets to be protected.
#include <cstdlib>

#include "devices/cosem/ciphering.hpp"
#include "devices/cosem/hls.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace meterproof::cosem;
  const BytesView input = std::as_bytes(std::span(data, size));
  const SecurityKeys keys;
  const SystemTitle title{};
  if (const auto parsed = parse_ciphered(input)) {
    (void)unprotect(keys, title, parsed->protected_octets);
  }
  (void)unprotect(keys, title, input);
  (void)verify_hls_gmac_token(keys, title, input, input);
  (void)unwrap_key(keys.encryption, input);
  if (size == 0) return 0;
  const auto made = protect_apdu(keys, title, static_cast<std::uint8_t>(data[0] & 0x30), 1, input);
  if (!made) return 0;
  const auto back = unprotect(keys, title, parse_ciphered(*made)->protected_octets);
  if (!back || back->plain != Bytes(input.begin(), input.end())) std::abort();
  return 0;
}
