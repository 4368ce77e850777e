// Elliptic curve keys of security suites 1 (P-256, SHA-256) and 2 (P-384, SHA-384): digital
// signature (ECDSA) and key agreement (ECDH), IEC 62056-5-3 and FIPS 186. Octets are those of
// DLMS/COSEM: a public key is x || y, a signature r || s, a private key its number; 32 octets each
// in suite 1, 48 in suite 2. A public key that is not a point of the curve never becomes a
// PublicKey, so nobody can agree on a key with one.
#pragma once

#include <memory>

#include "devices/cosem/ciphering.hpp"

struct evp_pkey_st;

namespace meterproof::cosem {

// Octets of a coordinate; 0 in suite 0, which has no curve.
constexpr std::size_t field_octets(SecuritySuite suite) {
  return suite == SecuritySuite::suite_1 ? 32 : suite == SecuritySuite::suite_2 ? 48 : 0;
}

class PublicKey {
 public:
  // bad_length, or bad_public_key for what is not on the curve; not_supported in suite 0.
  static Result<PublicKey> from(SecuritySuite suite, BytesView x_and_y);
  // Of a certificate; wrong_security_suite when it is of neither curve.
  static Result<PublicKey> from_openssl(std::shared_ptr<evp_pkey_st> key);

  SecuritySuite suite() const { return suite_; }
  const Bytes& octets() const { return octets_; }  // x || y
  evp_pkey_st* openssl() const { return key_.get(); }

 private:
  PublicKey(SecuritySuite suite, Bytes octets, std::shared_ptr<evp_pkey_st> key)
      : suite_(suite), octets_(std::move(octets)), key_(std::move(key)) {}
  SecuritySuite suite_;
  Bytes octets_;
  std::shared_ptr<evp_pkey_st> key_;
};

class PrivateKey {
 public:
  // The number; bad_value unless 1 <= number < order of the curve.
  static Result<PrivateKey> from(SecuritySuite suite, BytesView number);
  static Result<PrivateKey> generate(SecuritySuite suite);

  SecuritySuite suite() const { return public_key_.suite(); }
  const Bytes& octets() const { return octets_; }
  const PublicKey& public_key() const { return public_key_; }
  evp_pkey_st* openssl() const { return key_.get(); }

 private:
  PrivateKey(Bytes octets, std::shared_ptr<evp_pkey_st> key, PublicKey public_key)
      : octets_(std::move(octets)), key_(std::move(key)), public_key_(std::move(public_key)) {}
  Bytes octets_;
  std::shared_ptr<evp_pkey_st> key_;
  PublicKey public_key_;
};

Bytes sign(const PrivateKey& key, BytesView message);
// bad_length, or bad_signature.
Result<void> verify_signature(const PublicKey& key, BytesView message, BytesView signature);

// The shared secret Z. wrong_security_suite when the keys are of two curves.
Result<Bytes> shared_secret(const PrivateKey& own, const PublicKey& peer);

// The single-step key derivation function of NIST SP 800-56A with the suite's hash, for an AES key
// of the suite: Hash(00000001 || Z || AlgorithmID || PartyUInfo || PartyVInfo), cut to its size.
enum class KeyUse : std::uint8_t { cipher, wrap };  // AES-GCM or AES-WRAP, of the suite's size
SymmetricKey derive_key(SecuritySuite suite, KeyUse use, BytesView z, BytesView party_u,
                        BytesView party_v);

}  // namespace meterproof::cosem
