// X.509 v3 certificates of DLMS/COSEM (security suites 1 and 2): they bind a system title to a
// public key for one use. The subject's common name is the system title in 16 hexadecimal digits;
// the key usage is digitalSignature or keyAgreement; a certification authority's is keyCertSign.
// Parsing and checking is OpenSSL's; what this file adds is what DLMS/COSEM demands of the fields
// (IEC 62056-5-3, certificate profile after RFC 5280).
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "devices/cosem/elliptic.hpp"

struct x509_st;

namespace meterproof::cosem {

enum class CertificateUse : std::uint8_t { digital_signature = 0, key_agreement = 1 };

class Certificate {
 public:
  // bad_certificate for anything but one whole certificate; wrong_security_suite when its key is
  // not on P-256 or P-384. Nothing of it is checked yet.
  static Result<Certificate> from_der(BytesView der);

  const Bytes& der() const { return der_; }
  const PublicKey& public_key() const { return public_key_; }
  const std::string& subject() const { return subject_; }  // common name; empty: none
  const std::string& issuer() const { return issuer_; }
  const Bytes& serial_number() const { return serial_number_; }
  // Of the common name; wrong_system_title when that is not 16 hexadecimal digits.
  Result<SystemTitle> system_title() const;

  bool allows(CertificateUse use) const;
  bool is_authority() const;  // basicConstraints CA and keyCertSign
  // certificate_not_valid_now outside notBefore..notAfter.
  Result<void> check_time(std::chrono::system_clock::time_point now) const;
  // bad_certificate unless the issuer is an authority of that name and its key signed this.
  Result<void> check_issuer(const Certificate& issuer) const;

 private:
  Certificate(Bytes der, std::shared_ptr<x509_st> parsed, PublicKey public_key);
  Bytes der_;
  std::shared_ptr<x509_st> parsed_;
  PublicKey public_key_;
  std::string subject_, issuer_;
  Bytes serial_number_;
};

// All of the above in the one safe order: issuer, time, suite, use, title. The first thing that is
// wrong is the error; wrong_key_usage for another use, wrong_system_title for another system.
Result<void> check_certificate(const Certificate& certificate, const Certificate& issuer,
                               SecuritySuite suite, CertificateUse use, const SystemTitle& title,
                               std::chrono::system_clock::time_point now);

// PKCS #10 request for the key under the system title, in DER.
Bytes certificate_request(const PrivateKey& key, const SystemTitle& title);
// Key and title of a request whose own signature verifies; bad_certificate otherwise.
struct CertificateRequest {
  PublicKey public_key;
  std::string subject;
};
Result<CertificateRequest> read_certificate_request(BytesView der);

}  // namespace meterproof::cosem
