// A certification authority for tests: issues certificates that are good, or wrong in one way.
#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <string>

#include "devices/cosem/certificate.hpp"

namespace meterproof::cosem::test {

struct CertificateWish {
  std::string subject = "4D50480000000001";
  std::string usage = "digitalSignature";           // as OpenSSL writes it; empty: none
  std::string constraints;                          // "CA:TRUE"
  long from_seconds = -3600, until_seconds = 3600;  // from now
  long serial = 1;
};

inline Bytes issue(const PublicKey& key, const PrivateKey& authority,
                   const std::string& authority_name, const CertificateWish& wish) {
  const std::unique_ptr<X509, decltype(&X509_free)> made(X509_new(), X509_free);
  X509_set_version(made.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(made.get()), wish.serial);
  X509_gmtime_adj(X509_getm_notBefore(made.get()), wish.from_seconds);
  X509_gmtime_adj(X509_getm_notAfter(made.get()), wish.until_seconds);
  const auto name = [](X509_NAME* into, const std::string& text) {
    X509_NAME_add_entry_by_txt(into, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(text.c_str()), -1, -1, 0);
  };
  name(X509_get_subject_name(made.get()), wish.subject);
  name(X509_get_issuer_name(made.get()), authority_name);
  X509_set_pubkey(made.get(), key.openssl());
  const auto extend = [&](int kind, const std::string& value) {
    if (value.empty()) return;
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str());
    X509_add_ext(made.get(), extension, -1);
    X509_EXTENSION_free(extension);
  };
  extend(NID_key_usage, wish.usage);
  extend(NID_basic_constraints, wish.constraints);
  X509_sign(made.get(), authority.openssl(),
            authority.suite() == SecuritySuite::suite_2 ? EVP_sha384() : EVP_sha256());
  unsigned char* der = nullptr;
  const int size = i2d_X509(made.get(), &der);
  const auto* first = reinterpret_cast<const std::byte*>(der);
  Bytes octets(first, first + size);
  OPENSSL_free(der);
  return octets;
}

struct CertificateAuthority {
  explicit CertificateAuthority(SecuritySuite suite, std::string with_name = "Test CA")
      : name(std::move(with_name)),
        key(PrivateKey::generate(suite).value()),
        certificate(
            Certificate::from_der(cosem::test::issue(key.public_key(), key, name,
                                                     {name, "keyCertSign", "critical,CA:TRUE"}))
                .value()) {}
  Bytes issue(const PublicKey& of, const CertificateWish& wish) const {
    return cosem::test::issue(of, key, name, wish);
  }

  std::string name;
  PrivateKey key;
  Certificate certificate;
};

}  // namespace meterproof::cosem::test
