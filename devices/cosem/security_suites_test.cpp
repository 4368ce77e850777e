// Security suites 1 and 2 beside suite 0: the cipher by the size of the key, and the suite that the
// security control octet says.
#include "devices/cosem/ciphering.hpp"
#include "devices/cosem/gcm.hpp"
#include "devices/cosem/hls.hpp"
#include "devices/cosem/test_vectors.hpp"

namespace meterproof::cosem {
namespace {

using test::hex;

SecurityKeys suite_keys(SecuritySuite suite) {
  return security_keys_from(Bytes(key_octets(suite), std::byte{0x5A}),
                            Bytes(key_octets(suite), std::byte{0xC3}), suite)
      .value();
}

TEST(SecuritySuites, Aes256GcmMatchesTestCase16OfTheGcmSpecification) {
  const Bytes key = hex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308");
  const Bytes plain =
      hex("d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
          "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39");
  const Bytes aad = hex("feedfacedeadbeeffeedfacedeadbeefabaddad2");
  GcmVector vector{};
  const Bytes octets = hex("cafebabefacedbaddecaf888");
  std::copy(octets.begin(), octets.end(), vector.begin());
  Bytes cipher;
  const auto tag = gcm_encrypt(key, vector, aad, plain, cipher);
  EXPECT_EQ(to_hex(cipher),
            "522DC1F099567D07F47F37A32A84427D643A8CDCBFE5C0C97598A2BD2555D1AA"
            "8CB08E48590DBB3DA7B08B1056828838C5F61E6393BA7A0ABCC9F662");
  EXPECT_EQ(to_hex(tag), "76FC6ECE0F4E1768CDDF8853");
  Bytes back;
  EXPECT_TRUE(gcm_decrypt(key, vector, aad, cipher, tag, back));
  EXPECT_EQ(back, plain);
}

TEST(SecuritySuites, KeysHaveTheSizeOfTheirSuite) {
  EXPECT_FALSE(security_keys_from(Bytes(16), Bytes(16), SecuritySuite::suite_2));
  EXPECT_FALSE(security_keys_from(Bytes(32), Bytes(32), SecuritySuite::suite_1));
  EXPECT_FALSE(security_keys_from(Bytes(32), Bytes(16), SecuritySuite::suite_2));
  EXPECT_FALSE(security_keys_from(Bytes(24), Bytes(24), SecuritySuite::suite_0));
  EXPECT_TRUE(security_keys_from(Bytes(32), Bytes(32), SecuritySuite::suite_2));
  EXPECT_FALSE(security_suite_from(3));
  EXPECT_FALSE(security_suite_from(-1));
}

TEST(SecuritySuites, EachSaysItselfInTheSecurityControlOctetAndOpensOnlyItself) {
  const SystemTitle title{};
  for (int sent = 0; sent < 3; ++sent) {
    const auto made =
        protect(suite_keys(*security_suite_from(sent)), title, 0x30, 9, hex("C001C1"));
    ASSERT_TRUE(made);
    EXPECT_EQ(made->front(), static_cast<std::byte>(0x30 | sent));
    for (int expected = 0; expected < 3; ++expected) {
      const auto opened = unprotect(suite_keys(*security_suite_from(expected)), title, *made);
      if (expected == sent) {
        ASSERT_TRUE(opened) << opened.error().message();
        EXPECT_EQ(to_hex(opened->plain), "C001C1");
      } else {
        EXPECT_EQ(opened.error(), CosemError::wrong_security_suite);
      }
    }
  }
}

TEST(SecuritySuites, ASuiteThatLiesIsRefusedBeforeTheTag) {
  const SystemTitle title{};
  const SecurityKeys keys = suite_keys(SecuritySuite::suite_0);
  const auto lied = protect(keys, title, 0x31, 9, hex("C001C1"));
  ASSERT_TRUE(lied);
  EXPECT_EQ(unprotect(keys, title, *lied).error(), CosemError::wrong_security_suite);
}

TEST(SecuritySuites, CompressionIsRefusedByName) {
  const SystemTitle title{};
  const SecurityKeys keys = suite_keys(SecuritySuite::suite_0);
  const auto compressed = protect(keys, title, 0xB0, 9, hex("C001C1"));
  ASSERT_TRUE(compressed);
  EXPECT_EQ(unprotect(keys, title, *compressed).error(), CosemError::compression_not_supported);
}

TEST(SecuritySuites, HlsGmacCarriesTheSuiteToo) {
  const SystemTitle title{};
  const Bytes challenge(16, std::byte{7});
  for (const auto suite : {SecuritySuite::suite_1, SecuritySuite::suite_2}) {
    const auto token = hls_gmac_token(suite_keys(suite), title, 5, challenge);
    ASSERT_TRUE(token);
    EXPECT_EQ(token->front(), static_cast<std::byte>(0x10 | static_cast<int>(suite)));
    EXPECT_EQ(verify_hls_gmac_token(suite_keys(suite), title, challenge, *token).value(), 5U);
    EXPECT_EQ(
        verify_hls_gmac_token(suite_keys(SecuritySuite::suite_0), title, challenge, *token).error(),
        CosemError::wrong_security_suite);
  }
}

}  // namespace
}  // namespace meterproof::cosem
