// Each mechanism of high level security, the client's state machine against the meter's login.
#include <gtest/gtest.h>

#include "devices/cosem/association.hpp"
#include "devices/simulated/meter/test_meter.hpp"

namespace meterproof::simulated {
namespace {

using cosem::Bytes;
using cosem::CosemError;
using cosem::SecuritySuite;
using testing::TestMeter;
namespace mechanism = cosem::mechanism;

constexpr std::uint16_t k_sap = 7;

struct Case {
  const char* authentication;
  int suite;
  bool ciphered;
};

struct Pair {
  MeterUnit unit;
  cosem::ClientSettings settings;
};

Pair pair_of(const Case& given) {
  Pair pair{testing::test_unit({}), {}};
  const auto suite = cosem::security_suite_from(given.suite).value();
  bench::MeterType type = *pair.unit.type;
  bench::DeclaredClient client;
  client.name = "hls";
  client.client_sap = k_sap;
  client.authentication = given.authentication;
  client.security_suite = given.suite;
  client.ciphered = given.ciphered;
  client.policy = given.ciphered ? "authenticated_encrypted" : "none";
  client.may_read = {"*"};
  type.clients.push_back(client);
  pair.unit.type = std::make_shared<bench::MeterType>(type);
  ClientSecrets secrets;
  secrets.password = cosem::to_bytes("a long shared secret");
  secrets.encryption_key = Bytes(cosem::key_octets(suite), std::byte{0x31});
  secrets.authentication_key = Bytes(cosem::key_octets(suite), std::byte{0x32});
  pair.settings.mechanism = cosem::mechanism_named(given.authentication).value();
  if (suite != SecuritySuite::suite_0) {
    const auto client_key = cosem::PrivateKey::generate(suite).value();
    const auto meter_key = cosem::PrivateKey::generate(suite).value();
    secrets.signing_key = client_key.octets();
    secrets.meter_signing_key = meter_key.octets();
    pair.settings.signing_key = client_key;
    pair.settings.server_signing_key = meter_key.public_key();
  }
  pair.settings.ciphered = given.ciphered;
  pair.settings.password = secrets.password;
  pair.settings.keys =
      cosem::security_keys_from(secrets.encryption_key, secrets.authentication_key, suite);
  pair.settings.system_title.assign(testing::k_client_title.begin(), testing::k_client_title.end());
  pair.settings.challenge = cosem::to_bytes("sixteen octets!!");
  pair.unit.clients["hls"] = secrets;
  return pair;
}

// Passes 1 to 4 and one GET; what was wrong first.
cosem::Error log_in(TestMeter& meter, const cosem::ClientSettings& settings) {
  cosem::ClientAssociation client(settings);
  Session session;
  const auto ask = [&](const Bytes& octets) {
    const Outcome outcome = meter.application().on_apdu(session, {k_sap, 1}, octets, meter.now);
    return outcome.replies.empty() ? Bytes{} : outcome.replies.front();
  };
  const auto aarq = client.aarq();
  if (!aarq) return aarq.error();
  if (const auto accepted = client.accept_aare(ask(*aarq)); !accepted) return accepted.error();
  const auto proof = client.hls_request();
  if (!proof) return proof.error();
  const auto answer = client.unprotect(ask(client.protect(*proof).value()));
  if (!answer) return answer.error();
  if (const auto proven = client.accept_hls_reply(answer->plain); !proven) return proven.error();
  cosem::GetRequestNormal get;
  get.attribute = {3, cosem::names::k_active_import, 2};
  const auto read = client.unprotect(ask(client.protect(cosem::encode_apdu(get)).value()));
  if (!read) return read.error();
  const auto apdu = cosem::decode_apdu(read->plain);
  if (!apdu) return apdu.error();
  const auto* response = std::get_if<cosem::GetResponseNormal>(&*apdu);
  if (response == nullptr || !std::holds_alternative<cosem::Data>(response->result))
    return CosemError::refused;
  return {};
}

class LoginHls : public ::testing::TestWithParam<Case> {};

TEST_P(LoginHls, OpensTheAssociationWithTheRightSecret) {
  const Pair pair = pair_of(GetParam());
  TestMeter meter(pair.unit);
  EXPECT_FALSE(log_in(meter, pair.settings)) << log_in(meter, pair.settings).message();
}

TEST_P(LoginHls, RefusesTheWrongSecret) {
  const Case given = GetParam();
  Pair pair = pair_of(given);
  TestMeter meter(pair.unit);
  pair.settings.password.back() ^= std::byte{1};
  pair.settings.keys->encryption[0] ^= std::byte{1};
  if (given.suite != 0) {
    pair.settings.signing_key =
        cosem::PrivateKey::generate(*cosem::security_suite_from(given.suite)).value();
  }
  EXPECT_TRUE(cosem::is_refusal(log_in(meter, pair.settings)));
}

TEST_P(LoginHls, TheClientDoesNotTrustAMeterWithoutTheSecret) {
  const Case given = GetParam();
  Pair pair = pair_of(given);
  if (pair.settings.mechanism != mechanism::k_hls_ecdsa)
    GTEST_SKIP() << "the secret is shared: the meter refuses first";
  TestMeter meter(pair.unit);
  pair.settings.server_signing_key =
      cosem::PrivateKey::generate(*cosem::security_suite_from(given.suite)).value().public_key();
  EXPECT_EQ(log_in(meter, pair.settings), CosemError::peer_not_authentic);
}

INSTANTIATE_TEST_SUITE_P(Mechanisms, LoginHls,
                         ::testing::Values(Case{"hls_md5", 0, false}, Case{"hls_sha1", 0, false},
                                           Case{"hls_sha256", 0, false}, Case{"hls_gmac", 0, false},
                                           Case{"hls_ecdsa", 1, false}, Case{"hls_ecdsa", 2, false},
                                           Case{"hls_md5", 0, true}, Case{"hls_sha256", 1, true},
                                           Case{"hls_gmac", 1, true}, Case{"hls_gmac", 2, true},
                                           Case{"hls_ecdsa", 1, true}, Case{"hls_ecdsa", 2, true}));

TEST(DedicatedKey, ServesInBothFormsWithItsOwnCounters) {
  for (const auto form : {cosem::CipherForm::dedicated, cosem::CipherForm::general_dedicated}) {
    for (const int suite : {0, 2}) {
      Pair pair = pair_of({"hls_gmac", suite, true});
      TestMeter meter(pair.unit);
      pair.settings.form = form;
      EXPECT_TRUE(log_in(meter, pair.settings));  // no dedicated key was given
      pair.settings.invocation_counter = 100;
      pair.settings.initiate.dedicated_key = Bytes(pair.settings.keys->encryption.size());
      const auto wrong = log_in(meter, pair.settings);
      EXPECT_FALSE(wrong) << wrong.message();
    }
  }
}

TEST(LoginHlsSecret, GuessesAreLimitedAsWithAPassword) {
  const Pair pair = pair_of({"hls_sha256", 0, false});
  TestMeter meter(pair.unit);
  auto wrong = pair.settings;
  wrong.password.back() ^= std::byte{1};
  for (int guess = 0; guess < 3; ++guess) EXPECT_TRUE(log_in(meter, wrong));
  EXPECT_TRUE(log_in(meter, pair.settings));  // locked
  meter.pass(std::chrono::seconds(11));
  EXPECT_FALSE(log_in(meter, pair.settings));
}

TEST(LoginHlsSecret, AServerThatPlaysTheChallengeBackGetsNoAnswer) {
  const Pair pair = pair_of({"hls_sha256", 0, false});
  cosem::ClientAssociation client(pair.settings);
  ASSERT_TRUE(client.aarq());
  cosem::Aare mirror;
  mirror.diagnostic = cosem::diagnostic::k_authentication_required;
  mirror.mechanism = mechanism::k_hls_sha256;
  mirror.responding_ap_title = Bytes(8, std::byte{9});
  mirror.responding_authentication_value = pair.settings.challenge;
  ASSERT_TRUE(client.accept_aare(cosem::encode_acse(mirror)));
  EXPECT_EQ(client.hls_request().error(), CosemError::peer_not_authentic);
}

}  // namespace
}  // namespace meterproof::simulated
