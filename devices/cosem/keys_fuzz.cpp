// Keys and proofs from outside: points that are not on the curve, numbers beyond its order, wrapped
// keys, signatures, HLS tokens and answers to key_agreement. Nothing is believed that was not made
// by the owner of the key.
#include <cstdlib>

#include "devices/cosem/hls.hpp"
#include "devices/cosem/security_setup_client.hpp"

namespace {

using namespace meterproof::cosem;

void read_keys(BytesView input) {
  for (const auto suite :
       {SecuritySuite::suite_0, SecuritySuite::suite_1, SecuritySuite::suite_2}) {
    if (const auto key = PublicKey::from(suite, input)) {
      if (key->octets() != Bytes(input.begin(), input.end())) std::abort();
    }
    if (const auto key = PrivateKey::from(suite, input)) {
      if (key->octets().size() != field_octets(suite)) std::abort();
    }
    (void)security_keys_from(input, input, suite);
  }
  (void)SymmetricKey::from(input);
  (void)system_title_from(input);
  (void)unwrap_key(SymmetricKey(), input);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const PrivateKey own = PrivateKey::generate(SecuritySuite::suite_1).value();
  static const KeyAgreement agreement{SymmetricKeyId::unicast_encryption,
                                      PrivateKey::generate(SecuritySuite::suite_1).value()};
  const BytesView input = std::as_bytes(std::span(data, size));
  read_keys(input);
  // Nobody can sign for a key that was made a moment ago.
  if (verify_signature(own.public_key(), input, input)) std::abort();
  for (std::uint8_t mechanism = 3; mechanism <= 7; ++mechanism) {
    HlsCredentials credentials;
    credentials.mechanism = mechanism;
    credentials.secret = to_bytes("secret");
    credentials.keys = SecurityKeys{};
    credentials.peer_signing_key = own.public_key();
    const HlsExchange exchange{{}, {}, Bytes(16), Bytes(16)};
    (void)verify_hls_token(credentials, exchange, input);
  }
  if (const auto answer = decode_data(input, {.max_elements = 1000})) {
    if (agreement.key(*answer, own.public_key(), {}, {})) std::abort();
  }
  return 0;
}
