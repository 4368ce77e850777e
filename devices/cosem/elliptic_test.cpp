#include "devices/cosem/elliptic.hpp"

#include "devices/cosem/test_vectors.hpp"

namespace meterproof::cosem {
namespace {

using test::field;

constexpr auto k_p256 = SecuritySuite::suite_1;
constexpr auto k_p384 = SecuritySuite::suite_2;

TEST(Elliptic, TheSecretAndKeyOfThePublishedOnePassAgreementComeOut) {
  const char* id = "gb-c2-onepass-client";
  const auto ephemeral = PrivateKey::from(k_p256, field(id, "client_eph_priv")).value();
  EXPECT_EQ(ephemeral.public_key().octets(), field(id, "client_eph_pub"));
  const auto server = PrivateKey::from(k_p256, field(id, "server_static_priv")).value();
  EXPECT_EQ(server.public_key().octets(), field(id, "server_static_pub"));
  const Bytes z = shared_secret(ephemeral, server.public_key()).value();
  EXPECT_EQ(z, field(id, "Z"));
  EXPECT_EQ(shared_secret(server, ephemeral.public_key()).value(), z);
  const SymmetricKey key =
      derive_key(k_p256, KeyUse::cipher, z, field(id, "party_u"), field(id, "party_v"));
  EXPECT_EQ(to_hex(key), to_hex(field(id, "aes_key")));
}

TEST(Elliptic, TheOtherWayAndTheStaticAgreementToo) {
  const char* id = "gb-c2-onepass-server";
  const auto client = PrivateKey::from(k_p256, field(id, "client_static_priv")).value();
  const auto ephemeral = PublicKey::from(k_p256, field(id, "server_eph_pub")).value();
  const Bytes z = shared_secret(client, ephemeral).value();
  EXPECT_EQ(z, field(id, "Z"));
  EXPECT_EQ(to_hex(derive_key(k_p256, KeyUse::cipher, z, field("gb-c2-onepass-client", "party_v"),
                              field("gb-c2-onepass-client", "party_u"))),
            to_hex(field(id, "aes_key")));

  const auto server = PublicKey::from(k_p256, field("gb-c2-onepass-client", "server_static_pub"));
  const Bytes static_z = shared_secret(client, server.value()).value();
  EXPECT_EQ(static_z, field("gb-c3-static", "Z"));
  EXPECT_EQ(to_hex(derive_key(k_p256, KeyUse::cipher, static_z, field("gb-c3-static", "party_u"),
                              field("gb-c3-static", "party_v"))),
            to_hex(field("gb-c3-static", "aes_key")));
}

TEST(Elliptic, TheEphemeralUnifiedModelsSecretComesOut) {
  const auto server = PrivateKey::from(k_p256, field("gb-c1-eum", "server_eph_priv")).value();
  const auto client = PublicKey::from(k_p256, field("gb-c1-eum", "client_eph_pub")).value();
  EXPECT_EQ(shared_secret(server, client).value(), field("gb-c1-eum", "Z"));
}

TEST(Elliptic, PublishedSignaturesOfBothCurvesVerifyAndChangedOnesDoNot) {
  for (const auto& [id, suite] : {std::pair("gb-c1-sig", k_p256), {"suiteb-p384", k_p384}}) {
    const auto key = PublicKey::from(suite, field(id, "pub")).value();
    const Bytes message = field(id, "message");
    Bytes signature = field(id, "sig_r_s");
    EXPECT_TRUE(verify_signature(key, message, signature)) << id;
    for (std::size_t octet = 0; octet < signature.size(); ++octet) {
      signature[octet] ^= std::byte{1};
      EXPECT_EQ(verify_signature(key, message, signature).error(), CosemError::bad_signature);
      signature[octet] ^= std::byte{1};
      EXPECT_EQ(verify_signature(key, message, BytesView(signature).first(octet)).error(),
                CosemError::bad_length);
    }
    Bytes other = message;
    other.front() ^= std::byte{1};
    EXPECT_EQ(verify_signature(key, other, signature).error(), CosemError::bad_signature);
    EXPECT_EQ(verify_signature(key, message, Bytes(signature.size())).error(),
              CosemError::bad_signature);
  }
}

TEST(Elliptic, WhatIsSignedHereVerifiesHere) {
  for (const auto suite : {k_p256, k_p384}) {
    const auto key = PrivateKey::generate(suite).value();
    const auto other = PrivateKey::generate(suite).value();
    EXPECT_NE(key.octets(), other.octets());
    const Bytes message = to_bytes("a message");
    EXPECT_TRUE(verify_signature(key.public_key(), message, sign(key, message)));
    EXPECT_EQ(verify_signature(other.public_key(), message, sign(key, message)).error(),
              CosemError::bad_signature);
  }
}

TEST(Elliptic, APointThatIsNotOnTheCurveIsNoKey) {
  for (const auto& [id, suite] : {std::pair("gb-c1-sig", k_p256), {"suiteb-p384", k_p384}}) {
    Bytes point = field(id, "pub");
    point.back() ^= std::byte{1};
    EXPECT_EQ(PublicKey::from(suite, point).error(), CosemError::bad_public_key);
    EXPECT_EQ(PublicKey::from(suite, Bytes(point.size())).error(), CosemError::bad_public_key);
    EXPECT_EQ(PublicKey::from(suite, Bytes(point.size(), std::byte{0xFF})).error(),
              CosemError::bad_public_key);
    EXPECT_EQ(PublicKey::from(suite, BytesView(point).first(point.size() - 1)).error(),
              CosemError::bad_length);
  }
  EXPECT_EQ(PublicKey::from(SecuritySuite::suite_0, Bytes(64)).error(), CosemError::not_supported);
}

TEST(Elliptic, APrivateKeyIsBelowTheOrderAndNotZero) {
  EXPECT_EQ(PrivateKey::from(k_p256, Bytes(32)).error(), CosemError::bad_value);
  EXPECT_EQ(PrivateKey::from(k_p256, Bytes(32, std::byte{0xFF})).error(), CosemError::bad_value);
  EXPECT_EQ(PrivateKey::from(k_p384, Bytes(32, std::byte{1})).error(), CosemError::bad_length);
}

TEST(Elliptic, KeysOfTwoCurvesDoNotAgree) {
  const auto one = PrivateKey::generate(k_p256).value();
  const auto two = PrivateKey::generate(k_p384).value();
  EXPECT_EQ(shared_secret(one, two.public_key()).error(), CosemError::wrong_security_suite);
}

}  // namespace
}  // namespace meterproof::cosem
