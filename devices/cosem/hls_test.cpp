#include "devices/cosem/hls.hpp"

#include "devices/cosem/acse.hpp"
#include "devices/cosem/test_vectors.hpp"

namespace meterproof::cosem {
namespace {

using test::field;

SystemTitle title_field(std::string_view id, std::string_view name) {
  return system_title_from(field(id, name)).value();
}

class HlsTranscript : public testing::TestWithParam<std::pair<const char*, std::uint8_t>> {
 protected:
  const char* id_ = GetParam().first;
  HlsCredentials secret_{GetParam().second, field(id_, "secret"), {}, {}, {}};
  HlsExchange pass_3_{title_field(id_, "client_title"), title_field(id_, "server_title"),
                      field(id_, "StoC"), field(id_, "CtoS")};
  HlsExchange pass_4_{pass_3_.verifier, pass_3_.prover, pass_3_.prover_challenge,
                      pass_3_.challenge};
};

TEST_P(HlsTranscript, BothProofsComeOutAndVerify) {
  EXPECT_EQ(to_hex(hls_token(secret_, pass_3_, 0).value()), to_hex(field(id_, "f_StoC")));
  EXPECT_EQ(to_hex(hls_token(secret_, pass_4_, 0).value()), to_hex(field(id_, "f_CtoS")));
  EXPECT_TRUE(verify_hls_token(secret_, pass_3_, field(id_, "f_StoC")));
  EXPECT_TRUE(verify_hls_token(secret_, pass_4_, field(id_, "f_CtoS")));
}

TEST_P(HlsTranscript, EveryFlippedBitAndEveryTruncationIsCaught) {
  Bytes token = field(id_, "f_StoC");
  for (std::size_t bit = 0; bit < 8 * token.size(); ++bit) {
    token[bit / 8] ^= static_cast<std::byte>(1 << bit % 8);
    EXPECT_EQ(verify_hls_token(secret_, pass_3_, token).error(),
              CosemError::bad_authentication_tag);
    token[bit / 8] ^= static_cast<std::byte>(1 << bit % 8);
  }
  for (std::size_t size = 0; size < token.size(); ++size) {
    EXPECT_EQ(verify_hls_token(secret_, pass_3_, BytesView(token).first(size)).error(),
              CosemError::bad_length);
  }
  secret_.secret.clear();
  EXPECT_EQ(verify_hls_token(secret_, pass_3_, token).error(), CosemError::missing_secret);
}

INSTANTIATE_TEST_SUITE_P(Peers, HlsTranscript,
                         testing::Values(std::pair("hls3-transcript", mechanism::k_hls_md5),
                                         std::pair("hls4-transcript", mechanism::k_hls_sha1),
                                         std::pair("hls6-transcript", mechanism::k_hls_sha256)));

TEST(HlsEcdsa, ProvesBothWaysOnBothCurvesAndNotWithSomebodyElsesKey) {
  for (const auto suite : {SecuritySuite::suite_1, SecuritySuite::suite_2}) {
    const auto client = PrivateKey::generate(suite).value();
    const auto server = PrivateKey::generate(suite).value();
    const HlsCredentials clients{mechanism::k_hls_ecdsa, {}, {}, client, server.public_key()};
    const HlsCredentials servers{mechanism::k_hls_ecdsa, {}, {}, server, client.public_key()};
    const HlsExchange pass_3{SystemTitle{std::byte{1}}, SystemTitle{std::byte{2}},
                             Bytes(32, std::byte{3}), Bytes(32, std::byte{4})};
    const HlsExchange pass_4{pass_3.verifier, pass_3.prover, pass_3.prover_challenge,
                             pass_3.challenge};
    const Bytes proof = hls_token(clients, pass_3, 0).value();
    // The same over what the standard says is signed: SysT-C || SysT-S || StoC || CtoS.
    Bytes message;
    append(message, pass_3.prover);
    append(message, pass_3.verifier);
    append(message, pass_3.challenge);
    append(message, pass_3.prover_challenge);
    EXPECT_TRUE(verify_signature(client.public_key(), message, proof));
    EXPECT_TRUE(verify_hls_token(servers, pass_3, proof));
    EXPECT_TRUE(verify_hls_token(clients, pass_4, hls_token(servers, pass_4, 0).value()));
    // The client's proof played back at it is not the server's.
    EXPECT_EQ(verify_hls_token(clients, pass_4, proof).error(), CosemError::bad_signature);
    EXPECT_EQ(verify_hls_token(clients, pass_3, proof).error(), CosemError::bad_signature);
  }
}

TEST(Hls, MechanismsHaveNamesAndTheMakersOwnIsNotSupported) {
  EXPECT_EQ(mechanism_named("hls_sha256"), mechanism::k_hls_sha256);
  EXPECT_EQ(mechanism_named("none"), mechanism::k_none);
  EXPECT_FALSE(mechanism_named("hls"));
  const HlsCredentials makers{mechanism::k_hls, Bytes(8), {}, {}, {}};
  EXPECT_EQ(hls_token(makers, {}, 0).error(), CosemError::not_supported);
  EXPECT_EQ(verify_hls_token(makers, {}, {}).error(), CosemError::not_supported);
  for (const auto mechanism : {mechanism::k_hls_md5, mechanism::k_hls_gmac, mechanism::k_hls_ecdsa})
    EXPECT_EQ(hls_token({mechanism, {}, {}, {}, {}}, {}, 0).error(), CosemError::missing_secret);
}

}  // namespace
}  // namespace meterproof::cosem
