#include "devices/cosem/certificate.hpp"

#include <gtest/gtest.h>

#include "devices/cosem/test_only/certificate_authority.hpp"

namespace meterproof::cosem {
namespace {

using test::CertificateAuthority;
using test::CertificateWish;

constexpr auto k_first_curve = SecuritySuite::suite_1;
const SystemTitle k_title = system_title_from(from_hex("4D50480000000001").value()).value();

class CertificateOfBothSuites : public testing::TestWithParam<SecuritySuite> {
 protected:
  Error check(const CertificateWish& wish, CertificateUse use = CertificateUse::digital_signature) {
    const auto certificate = Certificate::from_der(authority_.issue(key_.public_key(), wish));
    if (!certificate) return certificate.error();
    const auto good = check_certificate(*certificate, authority_.certificate, GetParam(), use,
                                        k_title, std::chrono::system_clock::now());
    return good ? Error{} : good.error();
  }

  CertificateAuthority authority_{GetParam()};
  PrivateKey key_ = PrivateKey::generate(GetParam()).value();
};

TEST_P(CertificateOfBothSuites, AGoodOneSaysWhoseKeyItIs) {
  EXPECT_FALSE(check({}));
  EXPECT_FALSE(check({.usage = "keyAgreement"}, CertificateUse::key_agreement));
  const auto certificate = Certificate::from_der(authority_.issue(key_.public_key(), {})).value();
  EXPECT_EQ(certificate.public_key().octets(), key_.public_key().octets());
  EXPECT_EQ(certificate.system_title().value(), k_title);
  EXPECT_EQ(certificate.issuer(), "Test CA");
  EXPECT_EQ(to_hex(certificate.serial_number()), "01");
}

TEST_P(CertificateOfBothSuites, EachWrongFieldHasItsError) {
  EXPECT_EQ(check({.usage = "keyAgreement"}), CosemError::wrong_key_usage);
  EXPECT_EQ(check({.usage = ""}), CosemError::wrong_key_usage);
  EXPECT_EQ(check({}, CertificateUse::key_agreement), CosemError::wrong_key_usage);
  EXPECT_EQ(check({.subject = "4D50480000000002"}), CosemError::wrong_system_title);
  EXPECT_EQ(check({.subject = "meter"}), CosemError::wrong_system_title);
  EXPECT_EQ(check({.from_seconds = 60}), CosemError::certificate_not_valid_now);
  EXPECT_EQ(check({.until_seconds = -60}), CosemError::certificate_not_valid_now);
}

TEST_P(CertificateOfBothSuites, AnotherAuthoritysIsNotBelieved) {
  const CertificateAuthority stranger(GetParam()), other_name(GetParam(), "Another CA");
  const auto certificate = Certificate::from_der(authority_.issue(key_.public_key(), {})).value();
  EXPECT_EQ(certificate.check_issuer(stranger.certificate).error(), CosemError::bad_certificate);
  EXPECT_EQ(certificate.check_issuer(other_name.certificate).error(), CosemError::bad_certificate);
  // A device's certificate issues nothing, though its key signs well.
  const auto device =
      Certificate::from_der(authority_.issue(key_.public_key(), {.subject = "4D50480000000009"}))
          .value();
  const auto forged =
      Certificate::from_der(test::issue(key_.public_key(), key_, "4D50480000000009", {})).value();
  EXPECT_EQ(forged.check_issuer(device).error(), CosemError::bad_certificate);
}

TEST_P(CertificateOfBothSuites, AChangedBitInWhatIsSignedIsFound) {
  const Bytes der = authority_.issue(key_.public_key(), {});
  for (std::size_t octet = 0; octet < der.size(); octet += 3) {
    Bytes changed = der;
    changed[octet] ^= std::byte{1};
    const auto certificate = Certificate::from_der(changed);
    EXPECT_TRUE(!certificate || !certificate->check_issuer(authority_.certificate)) << octet;
  }
}

TEST_P(CertificateOfBothSuites, TruncationAnywhereIsAnError) {
  const Bytes der = authority_.issue(key_.public_key(), {});
  for (std::size_t size = 0; size < der.size(); ++size)
    EXPECT_EQ(Certificate::from_der(BytesView(der).first(size)).error(),
              CosemError::bad_certificate);
  Bytes longer = der;
  longer.push_back(std::byte{});
  EXPECT_EQ(Certificate::from_der(longer).error(), CosemError::bad_certificate);
}

TEST_P(CertificateOfBothSuites, ARequestCarriesTheKeyAndTheTitleAndProvesTheKey) {
  const Bytes request = certificate_request(key_, k_title);
  const auto read = read_certificate_request(request);
  ASSERT_TRUE(read) << read.error().message();
  EXPECT_EQ(read->public_key.octets(), key_.public_key().octets());
  EXPECT_EQ(read->subject, "4D50480000000001");
  for (std::size_t size = 0; size < request.size(); ++size)
    EXPECT_FALSE(read_certificate_request(BytesView(request).first(size)));
  Bytes changed = request;
  changed.back() ^= std::byte{1};
  EXPECT_EQ(read_certificate_request(changed).error(), CosemError::bad_certificate);
}

INSTANTIATE_TEST_SUITE_P(Suites, CertificateOfBothSuites,
                         testing::Values(SecuritySuite::suite_1, SecuritySuite::suite_2));

TEST(Certificate, ACertificateOfTheOtherCurveIsOfAnotherSuite) {
  const CertificateAuthority authority(k_first_curve);
  const auto key = PrivateKey::generate(SecuritySuite::suite_2).value();
  const auto certificate = Certificate::from_der(authority.issue(key.public_key(), {})).value();
  EXPECT_EQ(check_certificate(certificate, authority.certificate, k_first_curve,
                              CertificateUse::digital_signature, k_title,
                              std::chrono::system_clock::now())
                .error(),
            CosemError::wrong_security_suite);
}

}  // namespace
}  // namespace meterproof::cosem
