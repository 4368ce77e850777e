// The Security setup object, asked through the client: SecuritySetupClient, Client and the meter's
// application, with nothing but a call between them.
#include <gtest/gtest.h>

#include <filesystem>

#include "devices/cosem/apdu_transport.hpp"
#include "devices/cosem/security_setup_client.hpp"
#include "devices/cosem/test_only/certificate_authority.hpp"
#include "devices/simulated/meter/test_meter.hpp"

namespace meterproof::simulated {
namespace {

using cosem::ActionResult;
using cosem::Bytes;
using cosem::BytesView;
using cosem::CertificateUse;
using cosem::CosemError;
using cosem::SecuritySuite;
using cosem::SymmetricKey;
using cosem::SymmetricKeyId;
using harness::Deadline;
using testing::TestMeter;

constexpr std::uint16_t k_setup_sap = 9;
constexpr cosem::LogicalName k_setup{{0, 0, 43, 0, 1, 255}};  // management has 0

class CallTransport final : public cosem::ApduTransport {
 public:
  CallTransport(TestMeter& meter, std::uint16_t sap) : meter_(meter), sap_(sap) {}
  cosem::Result<void> connect(Deadline, std::stop_token) override { return {}; }
  cosem::Result<void> send(BytesView apdu, Deadline, std::stop_token) override {
    for (Bytes& reply : meter_.application().on_apdu(session_, {sap_, 1}, apdu, meter_.now).replies)
      replies_.push_back(std::move(reply));
    return {};
  }
  cosem::Result<Bytes> receive(Deadline, std::stop_token) override {
    if (replies_.empty()) return CosemError::message_lost;
    Bytes first = std::move(replies_.front());
    replies_.erase(replies_.begin());
    return first;
  }
  cosem::Result<void> disconnect(Deadline, std::stop_token) override {
    session_ = Session{};
    return {};
  }
  std::string name() const override { return "a call"; }

 private:
  TestMeter& meter_;
  std::uint16_t sap_;
  Session session_;
  std::vector<Bytes> replies_;
};

class SecuritySetupMeter : public ::testing::TestWithParam<int> {
 protected:
  SecuritySetupMeter() {
    unit_ = testing::test_unit({}, folder_ + "/state");
    bench::MeterType type = *unit_.type;
    bench::DeclaredClient client;
    client.name = "setup";
    client.client_sap = k_setup_sap;
    client.authentication = suite_ == SecuritySuite::suite_0 ? "hls_gmac" : "hls_ecdsa";
    client.security_suite = GetParam();
    client.ciphered = true;
    client.policy = "authenticated";
    client.may_read = {"*"};
    type.clients.push_back(client);
    unit_.type = std::make_shared<bench::MeterType>(type);
    ClientSecrets& secrets = unit_.clients["setup"];
    secrets.encryption_key = filled(0x31);
    secrets.authentication_key = filled(0x32);
    secrets.master_key = filled(0x33);
    settings_.mechanism = cosem::mechanism_named(client.authentication).value();
    settings_.ciphered = true;
    settings_.keys = cosem::security_keys_from(filled(0x31), filled(0x32), suite_);
    settings_.system_title.assign(testing::k_client_title.begin(), testing::k_client_title.end());
    settings_.challenge = cosem::to_bytes("sixteen octets!!");
    if (suite_ != SecuritySuite::suite_0) {
      const auto own = cosem::PrivateKey::generate(suite_).value();
      const auto meters = cosem::PrivateKey::generate(suite_).value();
      secrets.signing_key = own.octets();
      secrets.meter_signing_key = meters.octets();
      settings_.signing_key = own;
      settings_.server_signing_key = meters.public_key();
    }
    meter_ = std::make_unique<TestMeter>(unit_);
  }
  ~SecuritySetupMeter() override { std::filesystem::remove_all(folder_); }

  static std::string new_folder() {
    std::string pattern = ::testing::TempDir() + "security_setup.XXXXXX";
    return ::mkdtemp(pattern.data());
  }
  Bytes filled(int octet) const {
    return Bytes(cosem::key_octets(suite_), static_cast<std::byte>(octet));
  }
  SymmetricKey key(int octet) const { return SymmetricKey::from(filled(octet)).value(); }
  static Deadline soon() { return Deadline::after(std::chrono::seconds(20)); }

  // Opens an association; its counters go on above what was used before.
  cosem::Client client() {
    settings_.invocation_counter += 100;
    return cosem::Client(std::make_unique<CallTransport>(*meter_, k_setup_sap), settings_);
  }
  bool opens() { return client().open(soon(), {}).has_value(); }

  SecuritySuite suite_ = cosem::security_suite_from(GetParam()).value();
  std::string folder_ = new_folder();
  MeterUnit unit_;
  cosem::ClientSettings settings_;
  std::unique_ptr<TestMeter> meter_;
};

TEST_P(SecuritySetupMeter, TransferredKeysWorkAtOnceAndAfterAPowerCutAndTheOldOnesNoLonger) {
  auto session = client();
  ASSERT_TRUE(session.open(soon(), {}));
  cosem::SecuritySetupClient setup(session, k_setup);
  const auto done = setup.transfer_keys(key(0x33),
                                        {{SymmetricKeyId::unicast_encryption, key(0x41)},
                                         {SymmetricKeyId::authentication, key(0x42)}},
                                        soon(), {});
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_FALSE(opens());
  settings_.keys = cosem::security_keys_from(filled(0x41), filled(0x42), suite_);
  EXPECT_TRUE(opens());
  meter_->power_cut();
  EXPECT_TRUE(opens());
  settings_.keys = cosem::security_keys_from(filled(0x31), filled(0x32), suite_);
  EXPECT_FALSE(opens());
}

TEST_P(SecuritySetupMeter, AKeyThatDoesNotUnwrapChangesNothing) {
  auto session = client();
  ASSERT_TRUE(session.open(soon(), {}));
  cosem::SecuritySetupClient setup(session, k_setup);
  EXPECT_EQ(
      setup.transfer_keys(key(0x34), {{SymmetricKeyId::unicast_encryption, key(0x41)}}, soon(), {})
          .error(),
      ActionResult::read_write_denied);
  // The second of two is wrong: the first is not taken either.
  cosem::Data parameters =
      cosem::key_transfer_parameters(key(0x33), {{SymmetricKeyId::unicast_encryption, key(0x41)},
                                                 {SymmetricKeyId::broadcast_encryption, key(0x42)}})
          .value();
  EXPECT_EQ(session.action({64, k_setup, 2}, parameters, soon(), {}).error(),
            ActionResult::read_write_denied);
  EXPECT_EQ(session.action({64, k_setup, 2}, cosem::octet_string(Bytes(3)), soon(), {}).error(),
            ActionResult::type_unmatched);
  EXPECT_TRUE(opens());
}

TEST_P(SecuritySetupMeter, ThePolicyIsStrengthenedAndNeverWeakened) {
  auto session = client();
  ASSERT_TRUE(session.open(soon(), {}));
  cosem::SecuritySetupClient setup(session, k_setup);
  const bool version_0 = suite_ == SecuritySuite::suite_0;
  const std::uint8_t both = version_0 ? 3 : 0x6C, authenticated = version_0 ? 1 : 0x24;
  EXPECT_EQ(session.get({64, k_setup, 2}, soon(), {}).value(),
            cosem::Data(cosem::Enum{authenticated}));
  const auto done = setup.activate_policy(both, soon(), {});
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_EQ(setup.activate_policy(authenticated, soon(), {}).error(),
            ActionResult::read_write_denied);
  EXPECT_EQ(setup.activate_policy(0, soon(), {}).error(), ActionResult::read_write_denied);
  EXPECT_EQ(setup.activate_policy(version_0 ? 7 : 0x6D, soon(), {}).error(),
            ActionResult::other_reason);
  EXPECT_EQ(session.get({64, k_setup, 2}, soon(), {}).value(), cosem::Data(cosem::Enum{both}));
  meter_->power_cut();
  settings_.control = cosem::security_control::k_authenticated;
  EXPECT_FALSE(opens());
  settings_.control = cosem::security_control::k_authenticated_encrypted;
  EXPECT_TRUE(opens());
}

TEST_P(SecuritySetupMeter, RequestsAndResponsesHaveTheirOwnPolicy) {
  if (suite_ == SecuritySuite::suite_0) GTEST_SKIP() << "version 0 has one policy for both";
  auto session = client();
  ASSERT_TRUE(session.open(soon(), {}));
  cosem::SecuritySetupClient setup(session, k_setup);
  ASSERT_TRUE(setup.activate_policy(0x24 | 0x40, soon(), {}));  // responses are also encrypted
  settings_.control = cosem::security_control::k_authenticated;
  auto other = client();
  ASSERT_TRUE(other.open(soon(), {}));
  cosem::GetRequestNormal get;
  get.attribute = {3, cosem::names::k_active_import, 2};
  const auto answer = other.exchange(cosem::encode_apdu(get), soon(), {});
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->control & 0x30, 0x30);
  EXPECT_TRUE(cosem::check_protection(answer->control, 0x30));
}

TEST_P(SecuritySetupMeter, AnAgreedKeyIsTheSameOnBothSidesAndReplacesTheOldOne) {
  if (suite_ == SecuritySuite::suite_0) GTEST_SKIP() << "no key agreement in suite 0";
  auto session = client();
  ASSERT_TRUE(session.open(soon(), {}));
  const cosem::KeyAgreement agreement{SymmetricKeyId::unicast_encryption,
                                      cosem::PrivateKey::generate(suite_).value()};
  const auto answer =
      session.action({64, k_setup, 3}, agreement.parameters(*settings_.signing_key), soon(), {});
  ASSERT_TRUE(answer) << answer.error().message();
  const auto agreed = agreement.key(answer->value(), *settings_.server_signing_key,
                                    testing::k_client_title, unit_.system_title);
  ASSERT_TRUE(agreed) << agreed.error().message();
  EXPECT_FALSE(opens());
  settings_.keys->encryption = *agreed;
  EXPECT_TRUE(opens());

  const auto stranger = cosem::PrivateKey::generate(suite_).value();
  EXPECT_EQ(
      agreement
          .key(answer->value(), stranger.public_key(), testing::k_client_title, unit_.system_title)
          .error(),
      CosemError::bad_signature);
}

TEST_P(SecuritySetupMeter, AgreementWithAWrongSignatureOrPointIsRefused) {
  if (suite_ == SecuritySuite::suite_0) GTEST_SKIP() << "no key agreement in suite 0";
  auto session = client();
  ASSERT_TRUE(session.open(soon(), {}));
  const auto stranger = cosem::PrivateKey::generate(suite_).value();
  const cosem::KeyAgreement agreement{SymmetricKeyId::unicast_encryption, stranger};
  EXPECT_EQ(session.action({64, k_setup, 3}, agreement.parameters(stranger), soon(), {}).error(),
            ActionResult::read_write_denied);
  // Off the curve, though well signed.
  Bytes off = stranger.public_key().octets();
  off.back() ^= std::byte{1};
  Bytes message{std::byte{0}};
  cosem::append(message, off);
  cosem::append(off, cosem::sign(*settings_.signing_key, message));
  const auto parameters =
      cosem::array({cosem::structure({cosem::Data(cosem::Enum{0}), cosem::octet_string(off)})});
  EXPECT_EQ(session.action({64, k_setup, 3}, parameters, soon(), {}).error(),
            ActionResult::read_write_denied);
  EXPECT_TRUE(opens());
}

TEST_P(SecuritySetupMeter, ANewSigningKeyComesIntoUseWithItsCertificate) {
  if (suite_ == SecuritySuite::suite_0) GTEST_SKIP() << "no certificates in suite 0";
  // The still plant's calendar stands at a day of its own; the certificates are of today.
  meter_->plant.calendar = std::chrono::system_clock::now();
  auto session = client();
  ASSERT_TRUE(session.open(soon(), {}));
  cosem::SecuritySetupClient setup(session, k_setup);
  const auto use = CertificateUse::digital_signature;
  EXPECT_EQ(setup.generate_certificate_request(use, soon(), {}).error(),
            ActionResult::object_unavailable);
  ASSERT_TRUE(setup.generate_key_pair(use, soon(), {}));
  const auto request = setup.generate_certificate_request(use, soon(), {});
  ASSERT_TRUE(request) << request.error().message();
  EXPECT_EQ(request->subject, cosem::to_hex(unit_.system_title));
  EXPECT_NE(request->public_key.octets(), settings_.server_signing_key->octets());

  const cosem::test::CertificateAuthority authority(suite_), stranger(suite_);
  const cosem::test::CertificateWish wish{.subject = request->subject};
  const Bytes good = authority.issue(request->public_key, wish);
  const auto import = [&](const Bytes& der) {
    const auto done = setup.import_certificate(der, soon(), {});
    return done ? cosem::Error{} : done.error();
  };
  EXPECT_EQ(import(good), ActionResult::read_write_denied);  // no anchor yet
  EXPECT_FALSE(import(authority.certificate.der()));
  EXPECT_EQ(import(stranger.certificate.der()), ActionResult::read_write_denied);
  EXPECT_EQ(import(stranger.issue(request->public_key, wish)), ActionResult::read_write_denied);
  EXPECT_EQ(import(authority.issue(stranger.key.public_key(), wish)),
            ActionResult::read_write_denied);  // our name, another key
  EXPECT_EQ(import(authority.issue(request->public_key,
                                   {.subject = request->subject, .until_seconds = -60})),
            ActionResult::read_write_denied);
  EXPECT_EQ(import(Bytes(20)), ActionResult::type_unmatched);
  EXPECT_FALSE(import(good));

  const auto which = cosem::certificate_by_entity(0, use, unit_.system_title);
  EXPECT_EQ(setup.export_certificate(which, soon(), {}).value().der(), good);
  EXPECT_EQ(session.get({64, k_setup, 6}, soon(), {}).value().elements()->size(), 2U);
  EXPECT_FALSE(opens());  // the meter proves itself with the new key now
  settings_.server_signing_key = request->public_key;
  EXPECT_TRUE(opens());
  const auto calendar = meter_->plant.calendar;
  meter_->power_cut();
  meter_->plant.calendar = calendar;
  auto after = client();
  ASSERT_TRUE(after.open(soon(), {}));
  cosem::SecuritySetupClient later(after, k_setup);
  EXPECT_EQ(later
                .export_certificate(cosem::certificate_by_serial(
                                        authority.certificate.serial_number(), authority.name),
                                    soon(), {})
                .value()
                .subject(),
            authority.name);
  EXPECT_TRUE(later.remove_certificate(which, soon(), {}));
  EXPECT_EQ(later.export_certificate(which, soon(), {}).error(), ActionResult::object_unavailable);
}

INSTANTIATE_TEST_SUITE_P(Suites, SecuritySetupMeter, ::testing::Values(0, 1, 2));

}  // namespace
}  // namespace meterproof::simulated
