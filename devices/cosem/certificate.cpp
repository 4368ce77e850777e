#include "devices/cosem/certificate.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <ctime>
#include <utility>

#include "devices/cosem/openssl_octets.hpp"
#include "harness/errors.hpp"

namespace meterproof::cosem {
namespace {

using Request = std::unique_ptr<X509_REQ, Release<X509_REQ_free>>;
using Name = std::unique_ptr<X509_NAME, Release<X509_NAME_free>>;

std::shared_ptr<EVP_PKEY> shared_key(EVP_PKEY* key) { return {key, EVP_PKEY_free}; }

void certificate_must(int status) {
  if (status < 1) throw harness::InternalError("OpenSSL refused a certificate operation");
}

// Only names of ordinary length and letters: what a peer writes there ends in reports.
std::string common_name(const X509_NAME* name) {
  std::array<char, 65> text{};
  const int size = X509_NAME_get_text_by_NID(const_cast<X509_NAME*>(name), NID_commonName,
                                             text.data(), static_cast<int>(text.size()));
  if (size < 0) return {};
  std::string found(text.data(), std::min(static_cast<std::size_t>(size), text.size() - 1));
  for (char& letter : found) {
    if (letter < ' ' || letter > '~') letter = '?';
  }
  return found;
}

Bytes serial_octets(X509* certificate) {
  const ASN1_INTEGER* serial = X509_get0_serialNumber(certificate);
  const auto* first = reinterpret_cast<const std::byte*>(ASN1_STRING_get0_data(serial));
  return {first, first + ASN1_STRING_length(serial)};
}

const EVP_MD* signature_hash(SecuritySuite suite) {
  return suite == SecuritySuite::suite_2 ? EVP_sha384() : EVP_sha256();
}

}  // namespace

Certificate::Certificate(Bytes der, std::shared_ptr<x509_st> parsed, PublicKey public_key)
    : der_(std::move(der)),
      parsed_(std::move(parsed)),
      public_key_(std::move(public_key)),
      subject_(common_name(X509_get_subject_name(parsed_.get()))),
      issuer_(common_name(X509_get_issuer_name(parsed_.get()))),
      serial_number_(serial_octets(parsed_.get())) {}

Result<Certificate> Certificate::from_der(BytesView der) {
  const unsigned char* from = as_openssl(der);
  std::shared_ptr<X509> parsed(d2i_X509(nullptr, &from, static_cast<long>(der.size())), X509_free);
  ERR_clear_error();
  if (!parsed || from != as_openssl(der) + der.size()) return CosemError::bad_certificate;
  EVP_PKEY* const key = X509_get_pubkey(parsed.get());
  ERR_clear_error();
  if (key == nullptr) return CosemError::bad_certificate;
  Result<PublicKey> public_key = PublicKey::from_openssl(shared_key(key));
  if (public_key.has_error()) return public_key.error();
  return Certificate(Bytes(der.begin(), der.end()), std::move(parsed), std::move(*public_key));
}

Result<SystemTitle> Certificate::system_title() const {
  const auto octets = from_hex(subject_);
  const auto title = octets ? system_title_from(*octets) : std::nullopt;
  if (!title || subject_.size() != 16) return CosemError::wrong_system_title;
  return *title;
}

bool Certificate::allows(CertificateUse use) const {
  // All bits are set when there is no key usage, which this profile demands.
  if ((X509_get_extension_flags(parsed_.get()) & (EXFLAG_KUSAGE | EXFLAG_INVALID)) !=
      EXFLAG_KUSAGE) {
    return false;
  }
  const std::uint32_t wanted =
      use == CertificateUse::digital_signature ? KU_DIGITAL_SIGNATURE : KU_KEY_AGREEMENT;
  return (X509_get_key_usage(parsed_.get()) & wanted) != 0;
}

bool Certificate::is_authority() const {
  const std::uint32_t flags = X509_get_extension_flags(parsed_.get());
  return (flags & EXFLAG_CA) != 0 && (flags & EXFLAG_KUSAGE) != 0 &&
         (flags & EXFLAG_INVALID) == 0 &&
         (X509_get_key_usage(parsed_.get()) & KU_KEY_CERT_SIGN) != 0;
}

Result<void> Certificate::check_time(std::chrono::system_clock::time_point now) const {
  std::time_t seconds = std::chrono::system_clock::to_time_t(now);
  const int begun = X509_cmp_time(X509_get0_notBefore(parsed_.get()), &seconds);
  const int over = X509_cmp_time(X509_get0_notAfter(parsed_.get()), &seconds);
  // 0 is a time that cannot be read.
  if (begun >= 0 || over <= 0) return CosemError::certificate_not_valid_now;
  return {};
}

Result<void> Certificate::check_issuer(const Certificate& issuer) const {
  const bool named = X509_NAME_cmp(X509_get_issuer_name(parsed_.get()),
                                   X509_get_subject_name(issuer.parsed_.get())) == 0;
  if (!named || !issuer.is_authority()) return CosemError::bad_certificate;
  const int verified = X509_verify(parsed_.get(), issuer.public_key_.openssl());
  ERR_clear_error();
  if (verified != 1) return CosemError::bad_certificate;
  return {};
}

Result<void> check_certificate(const Certificate& certificate, const Certificate& issuer,
                               SecuritySuite suite, CertificateUse use, const SystemTitle& title,
                               std::chrono::system_clock::time_point now) {
  Result<void> good = certificate.check_issuer(issuer);
  if (good.has_error()) return good;
  good = certificate.check_time(now);
  if (good.has_error()) return good;
  if (certificate.public_key().suite() != suite) return CosemError::wrong_security_suite;
  if (!certificate.allows(use)) return CosemError::wrong_key_usage;
  const Result<SystemTitle> named = certificate.system_title();
  if (named.has_error()) return named.error();
  if (*named != title) return CosemError::wrong_system_title;
  return {};
}

Bytes certificate_request(const PrivateKey& key, const SystemTitle& title) {
  const Request request(X509_REQ_new());
  const Name name(X509_NAME_new());
  if (!request || !name) throw harness::InternalError("OpenSSL makes no certificate request");
  const std::string common = to_hex(title);
  certificate_must(X509_NAME_add_entry_by_txt(
      name.get(), "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(common.c_str()), -1,
      -1, 0));
  certificate_must(X509_REQ_set_subject_name(request.get(), name.get()));
  certificate_must(X509_REQ_set_pubkey(request.get(), key.openssl()));
  certificate_must(X509_REQ_sign(request.get(), key.openssl(), signature_hash(key.suite())));
  unsigned char* der = nullptr;
  const int size = i2d_X509_REQ(request.get(), &der);
  certificate_must(size);
  const std::unique_ptr<unsigned char, Release<free_openssl_octets>> held(der);
  const auto* first = reinterpret_cast<const std::byte*>(der);
  return {first, first + size};
}

Result<CertificateRequest> read_certificate_request(BytesView der) {
  const unsigned char* from = as_openssl(der);
  const Request request(d2i_X509_REQ(nullptr, &from, static_cast<long>(der.size())));
  ERR_clear_error();
  if (!request || from != as_openssl(der) + der.size()) return CosemError::bad_certificate;
  EVP_PKEY* const key = X509_REQ_get_pubkey(request.get());
  ERR_clear_error();
  if (key == nullptr) return CosemError::bad_certificate;
  const auto held = shared_key(key);
  const int verified = X509_REQ_verify(request.get(), held.get());
  ERR_clear_error();
  if (verified != 1) return CosemError::bad_certificate;
  Result<PublicKey> public_key = PublicKey::from_openssl(held);
  if (public_key.has_error()) return public_key.error();
  return CertificateRequest{std::move(*public_key),
                            common_name(X509_REQ_get_subject_name(request.get()))};
}

}  // namespace meterproof::cosem
