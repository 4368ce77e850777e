#include "devices/cosem/elliptic.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>
#include <openssl/param_build.h>

#include <utility>

#include "devices/cosem/openssl_octets.hpp"
#include "harness/errors.hpp"

namespace meterproof::cosem {
namespace {

using BigNumber = std::unique_ptr<BIGNUM, Release<BN_clear_free>>;
using Group = std::unique_ptr<EC_GROUP, Release<EC_GROUP_free>>;
using Point = std::unique_ptr<EC_POINT, Release<EC_POINT_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Release<EVP_PKEY_CTX_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Release<EVP_MD_CTX_free>>;
using ParameterBuilder = std::unique_ptr<OSSL_PARAM_BLD, Release<OSSL_PARAM_BLD_free>>;
using Parameters = std::unique_ptr<OSSL_PARAM, Release<OSSL_PARAM_free>>;
using Signature = std::unique_ptr<ECDSA_SIG, Release<ECDSA_SIG_free>>;

const char* curve_name(SecuritySuite suite) {
  return suite == SecuritySuite::suite_2 ? "P-384" : "P-256";
}
int curve_number(SecuritySuite suite) {
  return suite == SecuritySuite::suite_2 ? NID_secp384r1 : NID_X9_62_prime256v1;
}
const EVP_MD* hash_of(SecuritySuite suite) {
  return suite == SecuritySuite::suite_2 ? EVP_sha384() : EVP_sha256();
}

// OpenSSL's failures here are of its own making: memory, or a missing algorithm.
template <class T>
T* needed(T* made) {
  if (made == nullptr) throw harness::InternalError("OpenSSL refused an elliptic curve operation");
  return made;
}
void needed(int status) {
  if (status != 1) throw harness::InternalError("OpenSSL refused an elliptic curve operation");
}

// Null when the point is not on the curve or does not belong to the number.
std::shared_ptr<EVP_PKEY> make_key(SecuritySuite suite, BytesView x_and_y, const BIGNUM* number) {
  Bytes point{std::byte{0x04}};  // uncompressed
  append(point, x_and_y);
  const ParameterBuilder builder(needed(OSSL_PARAM_BLD_new()));
  needed(OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME,
                                         curve_name(suite), 0));
  needed(OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                          point.size()));
  if (number != nullptr) {
    needed(OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_PRIV_KEY, number));
  }
  const Parameters parameters(needed(OSSL_PARAM_BLD_to_param(builder.get())));
  const KeyContext context(needed(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr)));
  needed(EVP_PKEY_fromdata_init(context.get()));
  EVP_PKEY* key = nullptr;
  const int selection = number != nullptr ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY;
  const bool made = EVP_PKEY_fromdata(context.get(), &key, selection, parameters.get()) == 1;
  std::shared_ptr<EVP_PKEY> held(key, EVP_PKEY_free);
  if (!made) {
    ERR_clear_error();
    return nullptr;
  }
  return held;
}

Bytes public_octets(SecuritySuite suite, const EC_GROUP* group, const EC_POINT* point) {
  std::vector<unsigned char> encoded(1 + 2 * field_octets(suite));
  if (EC_POINT_point2oct(group, point, POINT_CONVERSION_UNCOMPRESSED, encoded.data(),
                         encoded.size(), nullptr) != encoded.size()) {
    throw harness::InternalError("OpenSSL refused an elliptic curve point");
  }
  const BytesView octets = std::as_bytes(std::span(encoded)).subspan(1);
  return {octets.begin(), octets.end()};
}

Bytes big_number_octets(const BIGNUM* number, std::size_t size) {
  Bytes octets(size);
  if (BN_bn2binpad(number, as_openssl(octets), static_cast<int>(size)) < 0) {
    throw harness::InternalError("OpenSSL gave a number that is too long");
  }
  return octets;
}

}  // namespace

Result<PublicKey> PublicKey::from(SecuritySuite suite, BytesView x_and_y) {
  if (suite == SecuritySuite::suite_0) return CosemError::not_supported;
  if (x_and_y.size() != 2 * field_octets(suite)) return CosemError::bad_length;
  auto key = make_key(suite, x_and_y, nullptr);
  if (!key) return CosemError::bad_public_key;
  const KeyContext check(needed(EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr)));
  if (EVP_PKEY_public_check(check.get()) != 1) {
    ERR_clear_error();
    return CosemError::bad_public_key;
  }
  return PublicKey(suite, Bytes(x_and_y.begin(), x_and_y.end()), std::move(key));
}

Result<PublicKey> PublicKey::from_openssl(std::shared_ptr<evp_pkey_st> key) {
  if (!key || EVP_PKEY_is_a(key.get(), "EC") != 1) return CosemError::wrong_security_suite;
  std::array<unsigned char, 1 + 2 * 48> point{};
  std::size_t size = 0;
  if (EVP_PKEY_get_octet_string_param(key.get(), OSSL_PKEY_PARAM_ENCODED_PUBLIC_KEY, point.data(),
                                      point.size(), &size) != 1) {
    ERR_clear_error();
    return CosemError::wrong_security_suite;
  }
  std::array<char, 32> curve{};
  if (EVP_PKEY_get_group_name(key.get(), curve.data(), curve.size(), nullptr) != 1) {
    return CosemError::wrong_security_suite;
  }
  int number = OBJ_sn2nid(curve.data());
  if (number == NID_undef) number = EC_curve_nist2nid(curve.data());
  for (const auto suite : {SecuritySuite::suite_1, SecuritySuite::suite_2}) {
    if (number != curve_number(suite) || size != 1 + 2 * field_octets(suite)) continue;
    return from(suite, std::as_bytes(std::span(point).first(size)).subspan(1));
  }
  return CosemError::wrong_security_suite;
}

Result<PrivateKey> PrivateKey::from(SecuritySuite suite, BytesView number) {
  if (suite == SecuritySuite::suite_0) return CosemError::not_supported;
  if (number.size() != field_octets(suite)) return CosemError::bad_length;
  const Group group(needed(EC_GROUP_new_by_curve_name(curve_number(suite))));
  const BigNumber scalar(
      needed(BN_bin2bn(as_openssl(number), static_cast<int>(number.size()), nullptr)));
  if (BN_is_zero(scalar.get()) == 1 ||
      BN_cmp(scalar.get(), EC_GROUP_get0_order(group.get())) >= 0) {
    return CosemError::bad_value;
  }
  const Point point(needed(EC_POINT_new(group.get())));
  needed(EC_POINT_mul(group.get(), point.get(), scalar.get(), nullptr, nullptr, nullptr));
  const Bytes octets = public_octets(suite, group.get(), point.get());
  auto key = make_key(suite, octets, scalar.get());
  Result<PublicKey> public_key = PublicKey::from(suite, octets);
  if (!key || public_key.has_error())
    throw harness::InternalError("a key that is not of its curve");
  return PrivateKey(Bytes(number.begin(), number.end()), std::move(key), std::move(*public_key));
}

Result<PrivateKey> PrivateKey::generate(SecuritySuite suite) {
  if (suite == SecuritySuite::suite_0) return CosemError::not_supported;
  const std::shared_ptr<EVP_PKEY> key(needed(EVP_EC_gen(curve_name(suite))), EVP_PKEY_free);
  BIGNUM* number = nullptr;
  needed(EVP_PKEY_get_bn_param(key.get(), OSSL_PKEY_PARAM_PRIV_KEY, &number));
  const BigNumber held(number);
  return from(suite, big_number_octets(number, field_octets(suite)));
}

Bytes sign(const PrivateKey& key, BytesView message) {
  const DigestContext context(needed(EVP_MD_CTX_new()));
  needed(EVP_DigestSignInit(context.get(), nullptr, hash_of(key.suite()), nullptr, key.openssl()));
  std::size_t size = 0;
  needed(EVP_DigestSign(context.get(), nullptr, &size, as_openssl(message), message.size()));
  std::vector<unsigned char> der(size);
  needed(EVP_DigestSign(context.get(), der.data(), &size, as_openssl(message), message.size()));
  const unsigned char* from = der.data();
  const Signature signature(needed(d2i_ECDSA_SIG(nullptr, &from, static_cast<long>(size))));
  const std::size_t half = field_octets(key.suite());
  Bytes octets = big_number_octets(ECDSA_SIG_get0_r(signature.get()), half);
  append(octets, big_number_octets(ECDSA_SIG_get0_s(signature.get()), half));
  return octets;
}

Result<void> verify_signature(const PublicKey& key, BytesView message, BytesView signature) {
  const std::size_t half = field_octets(key.suite());
  if (signature.size() != 2 * half) return CosemError::bad_length;
  const Signature parts(needed(ECDSA_SIG_new()));
  BigNumber r(needed(BN_bin2bn(as_openssl(signature), static_cast<int>(half), nullptr)));
  BigNumber s(
      needed(BN_bin2bn(as_openssl(signature.subspan(half)), static_cast<int>(half), nullptr)));
  needed(ECDSA_SIG_set0(parts.get(), r.release(), s.release()));
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(parts.get(), &der);
  if (size <= 0) throw harness::InternalError("OpenSSL cannot encode a signature");
  const std::unique_ptr<unsigned char, Release<free_openssl_octets>> held(der);
  const DigestContext context(needed(EVP_MD_CTX_new()));
  needed(
      EVP_DigestVerifyInit(context.get(), nullptr, hash_of(key.suite()), nullptr, key.openssl()));
  const int verdict = EVP_DigestVerify(context.get(), der, static_cast<std::size_t>(size),
                                       as_openssl(message), message.size());
  if (verdict == 1) return {};
  ERR_clear_error();
  return CosemError::bad_signature;
}

Result<Bytes> shared_secret(const PrivateKey& own, const PublicKey& peer) {
  if (own.suite() != peer.suite()) return CosemError::wrong_security_suite;
  const KeyContext context(needed(EVP_PKEY_CTX_new_from_pkey(nullptr, own.openssl(), nullptr)));
  needed(EVP_PKEY_derive_init(context.get()));
  needed(EVP_PKEY_derive_set_peer(context.get(), peer.openssl()));
  std::size_t size = 0;
  needed(EVP_PKEY_derive(context.get(), nullptr, &size));
  Bytes z(size);
  needed(EVP_PKEY_derive(context.get(), as_openssl(z), &size));
  z.resize(size);
  return z;
}

SymmetricKey derive_key(SecuritySuite suite, KeyUse use, BytesView z, BytesView party_u,
                        BytesView party_v) {
  // 2.16.756.5.8.3.x: 0 AES-GCM-128, 1 AES-GCM-256, 2 AES-WRAP-128, 3 AES-WRAP-256
  const int algorithm = (suite == SecuritySuite::suite_2 ? 1 : 0) + (use == KeyUse::wrap ? 2 : 0);
  Bytes input;
  append_integer(input, std::uint32_t{1});
  append(input, z);
  for (const int octet : {0x60, 0x85, 0x74, 0x05, 0x08, 0x03, algorithm}) {
    append_u8(input, static_cast<std::uint8_t>(octet));
  }
  append(input, party_u);
  append(input, party_v);
  std::array<std::byte, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  needed(EVP_Digest(input.data(), input.size(), as_openssl(std::span<std::byte>(digest)), &size,
                    hash_of(suite), nullptr));
  return *SymmetricKey::from(BytesView(digest).first(key_octets(suite)));
}

}  // namespace meterproof::cosem
