// Client and meter speak general-ciphering and general-signing inside an association: every form in
// every suite that has it, and what an attacker on the line can do with it.
#include <gtest/gtest.h>

#include "devices/cosem/security_setup_client.hpp"
#include "devices/simulated/meter/test_only/meter_transport.hpp"

namespace meterproof::simulated::general_forms {
namespace {

using cosem::Bytes;
using cosem::Client;
using cosem::CosemError;
using cosem::Data;
using cosem::GeneralForm;
using cosem::KeyChoice;
using cosem::SecuritySuite;
using cosem::Signing;
using testing::k_scratch_name;
using testing::MeterTransport;
using testing::TestMeter;

constexpr std::uint16_t k_sap = 7;
constexpr cosem::AttributeDescriptor k_note{1, k_scratch_name, 2};
constexpr cosem::AttributeDescriptor k_energy{3, cosem::names::k_active_import, 2};

harness::Deadline soon() { return harness::Deadline::after(std::chrono::seconds(5)); }

struct GeneralCase {
  int suite;
  GeneralForm form;
  const char* policy = "authenticated_encrypted";
};

std::string name_of(const GeneralCase& one) {
  static const std::vector<std::string> k_choices = {"None",    "Unicast", "Broadcast",
                                                     "Wrapped", "OnePass", "Static"};
  std::string name = "Suite" + std::to_string(one.suite);
  name += one.form.ciphering ? k_choices[static_cast<std::size_t>(*one.form.ciphering)] : "Other";
  if (one.form.signing != Signing::none)
    name += one.form.signing == Signing::inside ? "SignedInside" : "SignedOutside";
  return std::string(one.policy) == "none" ? name + "Plain" : name;
}

// A client that holds every key, at a meter that holds the other halves.
struct TwoSides {
  MeterUnit unit;
  cosem::ClientSettings settings;
};

TwoSides two_sides(const GeneralCase& given, const std::string& state_file = "") {
  TwoSides made{testing::test_unit({}, state_file), {}};
  const auto suite = cosem::security_suite_from(given.suite).value();
  const bool curves = suite != SecuritySuite::suite_0;
  bench::MeterType type = *made.unit.type;
  bench::DeclaredClient client;
  client.name = "general";
  client.client_sap = k_sap;
  client.authentication = curves ? "hls_ecdsa" : "hls_gmac";
  client.security_suite = given.suite;
  client.ciphered = true;
  client.policy = given.policy;
  client.may_read = {"*"};
  if (given.form.signing != Signing::none) client.signing = "outside";
  type.clients.push_back(client);
  made.unit.type = std::make_shared<bench::MeterType>(type);

  const auto key = [&](int octet) {
    return Bytes(cosem::key_octets(suite), static_cast<std::byte>(octet));
  };
  ClientSecrets secrets;
  secrets.encryption_key = key(0x31);
  secrets.authentication_key = key(0x32);
  secrets.master_key = key(0x33);
  secrets.broadcast_key = key(0x34);
  cosem::ClientSettings& settings = made.settings;
  settings.mechanism = cosem::mechanism_named(client.authentication).value();
  settings.ciphered = true;
  if (std::string(given.policy) == "none") settings.control = 0;
  settings.keys = cosem::security_keys_from(key(0x31), key(0x32), suite);
  settings.general.form = given.form;
  settings.general.master = cosem::SymmetricKey::from(key(0x33));
  settings.general.broadcast = cosem::SymmetricKey::from(key(0x34));
  settings.system_title.assign(testing::k_client_title.begin(), testing::k_client_title.end());
  settings.challenge = cosem::to_bytes("thirty-two octets of a challenge");
  if (curves) {
    const auto own = cosem::PrivateKey::generate(suite).value();
    const auto meters = cosem::PrivateKey::generate(suite).value();
    const auto own_agreement = cosem::PrivateKey::generate(suite).value();
    const auto meters_agreement = cosem::PrivateKey::generate(suite).value();
    secrets.signing_key = own.octets();
    secrets.meter_signing_key = meters.octets();
    secrets.agreement_key = own_agreement.octets();
    secrets.meter_agreement_key = meters_agreement.octets();
    settings.signing_key = own;
    settings.server_signing_key = meters.public_key();
    settings.general.agreement_key = own_agreement;
    settings.general.server_agreement_key = meters_agreement.public_key();
  }
  made.unit.clients["general"] = secrets;
  return made;
}

// A client, and the transport that it owns.
struct Speaker {
  Speaker(TestMeter& meter, const cosem::ClientSettings& settings)
      : Speaker(std::make_unique<MeterTransport>(meter, k_sap), settings) {}
  MeterTransport* wire;
  Client client;

 private:
  Speaker(std::unique_ptr<MeterTransport> transport, const cosem::ClientSettings& settings)
      : wire(transport.get()), client(std::move(transport), settings) {}
};

// Octets as they are, and what came back.
Bytes answer_to(Speaker& speaker, const Bytes& octets) {
  const auto answer = speaker.client.raw_exchange(octets, soon(), {});
  return answer ? *answer : Bytes{};
}

bool is_exception(const Bytes& octets) {
  return !octets.empty() && octets.front() == std::byte{cosem::tags::k_exception_response};
}

std::vector<GeneralCase> every_form() {
  std::vector<GeneralCase> all;
  const std::vector<std::optional<KeyChoice>> ciphered = {
      std::nullopt,       KeyChoice::none,     KeyChoice::unicast,         KeyChoice::broadcast,
      KeyChoice::wrapped, KeyChoice::one_pass, KeyChoice::static_agreement};
  for (const int suite : {0, 1, 2}) {
    for (const auto& choice : ciphered) {
      for (const Signing signing : {Signing::none, Signing::outside, Signing::inside}) {
        const GeneralForm form{choice, signing};
        const bool needs_curves =
            signing != Signing::none || (choice && *choice >= KeyChoice::one_pass);
        if (!form.any() || (suite == 0 && needs_curves)) continue;
        all.push_back({suite, form});
      }
    }
  }
  for (const int suite : {1, 2}) all.push_back({suite, {std::nullopt, Signing::outside}, "none"});
  return all;
}

class GeneralForms : public ::testing::TestWithParam<GeneralCase> {};

TEST_P(GeneralForms, TheTypedClientReadsWritesAndCallsMethods) {
  const TwoSides sides = two_sides(GetParam());
  TestMeter meter(sides.unit);
  Speaker session(meter, sides.settings);
  const auto opened = session.client.open(soon(), {});
  ASSERT_TRUE(opened) << opened.error().message();
  const auto energy = session.client.get(k_energy, soon(), {});
  ASSERT_TRUE(energy) << energy.error().message();
  EXPECT_EQ(energy->integer(), 123456);
  // Long values: SET and GET in blocks both ways.
  const Bytes text(3000, std::byte{0x41});
  const auto set = session.client.set(k_note, cosem::octet_string(text), soon(), {});
  ASSERT_TRUE(set) << set.error().message();
  const auto note = session.client.get(k_note, soon(), {});
  ASSERT_TRUE(note) << note.error().message();
  EXPECT_EQ(*note, cosem::octet_string(text));
  const auto done =
      session.client.action({70, {{0, 0, 96, 3, 10, 255}}, 1}, Data(std::int8_t{0}), soon(), {});
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_FALSE(meter.plant.relay);
  for (const Bytes& sent : session.wire->sent) EXPECT_LE(sent.size(), 2048U);
  EXPECT_TRUE(session.client.close(soon(), {}));
}

TEST_P(GeneralForms, AnAnswerHasTheFormOfItsRequest) {
  const TwoSides sides = two_sides(GetParam());
  TestMeter meter(sides.unit);
  Speaker session(meter, sides.settings);
  ASSERT_TRUE(session.client.open(soon(), {}));
  cosem::GetRequestNormal get;
  get.attribute = k_energy;
  const auto answer = session.client.exchange(cosem::encode_apdu(get), soon(), {});
  ASSERT_TRUE(answer) << answer.error().message();
  GeneralForm expected = GetParam().form;
  if (expected.ciphering == KeyChoice::broadcast) expected.ciphering = KeyChoice::unicast;
  if (std::string(GetParam().policy) == "none") expected.ciphering.reset();
  EXPECT_EQ(answer->general, expected);
  EXPECT_EQ(answer->was_ciphered, std::string(GetParam().policy) != "none");
  EXPECT_EQ(session.wire->sent.back().front(), session.wire->received.back().front());
}

TEST_P(GeneralForms, NothingOnTheWireCanBeChanged) {
  const TwoSides sides = two_sides(GetParam());
  TestMeter meter(sides.unit);
  Speaker session(meter, sides.settings);
  ASSERT_TRUE(session.client.open(soon(), {}));
  cosem::SetRequestNormal set;
  set.attribute = k_note;
  set.value = Data(std::uint32_t{5});
  const Bytes plain = cosem::encode_apdu(set);
  const Bytes good = session.client.association().protect(plain).value();
  for (std::size_t octet = 0; octet < good.size(); ++octet) {
    Bytes forged = good;
    forged[octet] ^= std::byte{0x01};
    EXPECT_TRUE(is_exception(answer_to(session, forged))) << "octet " << octet;
  }
  const auto note = session.client.get(k_note, soon(), {});
  ASSERT_TRUE(note) << note.error().message();
  EXPECT_NE(*note, Data(std::uint32_t{5}));
  // And the answer: nobody but the meter makes the client believe it.
  cosem::GetRequestNormal get;
  get.attribute = k_energy;
  Speaker fresh(meter, [&] {
    cosem::ClientSettings later = sides.settings;
    later.invocation_counter = 1000;
    return later;
  }());
  ASSERT_TRUE(fresh.client.open(soon(), {}));
  const Bytes request = fresh.client.association().protect(cosem::encode_apdu(get)).value();
  const Bytes answer = answer_to(fresh, request);
  for (std::size_t octet = 1; octet < answer.size(); ++octet) {
    Bytes forged = answer;
    forged[octet] ^= std::byte{0x01};
    EXPECT_FALSE(fresh.client.association().unprotect(forged)) << "octet " << octet;
  }
  const auto whole = fresh.client.association().unprotect(answer);
  EXPECT_TRUE(whole) << whole.error().message();
}

TEST_P(GeneralForms, AReplayIsRefusedAlsoAfterAPowerCut) {
  const TwoSides sides = two_sides(GetParam());
  TestMeter meter(sides.unit);
  Speaker session(meter, sides.settings);
  ASSERT_TRUE(session.client.open(soon(), {}));
  ASSERT_TRUE(session.client.set(k_note, Data(std::uint32_t{5}), soon(), {}));
  const Bytes recorded = session.wire->sent.back();
  ASSERT_TRUE(session.client.set(k_note, Data(std::uint32_t{6}), soon(), {}));
  const auto replayed = [&](Speaker& speaker) {
    return cosem::decode_apdu(answer_to(speaker, recorded));
  };
  const auto refusal = replayed(session);
  ASSERT_TRUE(refusal);
  const auto* why = std::get_if<cosem::ExceptionResponse>(&*refusal);
  ASSERT_NE(why, nullptr);
  EXPECT_EQ(why->service_error, 6);
  meter.power_cut();
  cosem::ClientSettings later = sides.settings;
  later.invocation_counter = session.client.invocation_counter();
  Speaker again(meter, later);
  ASSERT_TRUE(again.client.open(soon(), {}));
  EXPECT_TRUE(std::holds_alternative<cosem::ExceptionResponse>(*replayed(again)));
}

INSTANTIATE_TEST_SUITE_P(Forms, GeneralForms, ::testing::ValuesIn(every_form()),
                         [](const auto& info) { return name_of(info.param); });

// Each message is good but for one thing.
struct Refused : ::testing::Test {
  TwoSides sides = two_sides({1, {KeyChoice::one_pass, Signing::outside}});
  TestMeter meter{sides.unit};

  cosem::Error error_of_get(const std::function<void(cosem::ClientSettings&)>& change) {
    Speaker session(meter, sides.settings);
    const auto opened = session.client.open(soon(), {});
    if (!opened) return opened.error();
    cosem::ClientSettings changed = sides.settings;
    changed.invocation_counter = session.client.invocation_counter();
    change(changed);
    changed.server_system_title = session.client.association().aare()->responding_ap_title;
    changed.pre_established = true;
    Speaker as_open(meter, changed);
    as_open.wire->session = session.wire->session;
    const auto established = as_open.client.open(soon(), {});
    if (!established) return established.error();
    const auto got = as_open.client.get(k_energy, soon(), {});
    return got ? cosem::Error{} : got.error();
  }
};

const cosem::Error k_deciphering_error = cosem::to_error(cosem::ExceptionResponse{1, 5, {}});

TEST_F(Refused, NotWhenNothingIsWrong) {
  const auto error = error_of_get([](auto&) {});
  EXPECT_FALSE(error) << error.message();
}
TEST_F(Refused, ARequestOfAnotherOriginator) {
  EXPECT_EQ(error_of_get([](auto& settings) { settings.system_title.back() ^= std::byte{1}; }),
            k_deciphering_error);
}
TEST_F(Refused, ASignatureOfSomebodyElse) {
  EXPECT_EQ(error_of_get([](auto& settings) {
              settings.signing_key = cosem::PrivateKey::generate(SecuritySuite::suite_1).value();
            }),
            k_deciphering_error);
}
TEST_F(Refused, ARequestWithoutTheSignatureThatThePolicyDemands) {
  EXPECT_EQ(error_of_get([](auto& settings) { settings.general.form.signing = Signing::none; }),
            k_deciphering_error);
}
TEST_F(Refused, ASignedRequestThatIsNotCiphered) {
  EXPECT_EQ(error_of_get([](auto& settings) { settings.control = 0; }), k_deciphering_error);
}
TEST_F(Refused, AnAgreedKeyForAnotherMeter) {
  EXPECT_EQ(error_of_get([](auto& settings) {
              settings.general.server_agreement_key =
                  cosem::PrivateKey::generate(SecuritySuite::suite_1).value().public_key();
            }),
            k_deciphering_error);
}

TEST_F(Refused, APass3WithoutTheSignatureThatThePolicyDemands) {
  sides.settings.general.also_in_pass_3 = false;
  Speaker session(meter, sides.settings);
  EXPECT_FALSE(session.client.open(soon(), {}));
}

TEST_F(Refused, TheClientTakesNoAnswerToAnotherRequest) {
  Speaker session(meter, sides.settings);
  ASSERT_TRUE(session.client.open(soon(), {}));
  ASSERT_TRUE(session.client.get(k_energy, soon(), {}));
  session.wire->instead = session.wire->received.back();
  EXPECT_EQ(session.client.get(k_energy, soon(), {}).error(), CosemError::wrong_transaction);
}

TEST_F(Refused, TheClientTakesNoUnsignedAnswer) {
  Speaker session(meter, sides.settings);
  ASSERT_TRUE(session.client.open(soon(), {}));
  cosem::GetResponseNormal plain;
  plain.invoke = 0xC2;
  plain.result = Data(std::uint32_t{1});
  session.wire->instead = cosem::encode_apdu(plain);
  EXPECT_EQ(session.client.get(k_energy, soon(), {}).error(), CosemError::not_ciphered);
}

TEST(GeneralFormSettings, AClientWithoutTheKeysDoesNotAssociate) {
  TwoSides sides = two_sides({1, {KeyChoice::static_agreement, Signing::none}});
  sides.settings.general.agreement_key.reset();
  cosem::ClientAssociation association(sides.settings);
  EXPECT_EQ(association.aarq().error(), CosemError::missing_secret);
}

TEST(GeneralFormPolicy, SignaturesAreDemandedOnceThePolicySaysSo) {
  TwoSides sides = two_sides({1, {KeyChoice::unicast, Signing::none}});
  TestMeter meter(sides.unit);
  Speaker session(meter, sides.settings);
  ASSERT_TRUE(session.client.open(soon(), {}));
  cosem::LogicalName setup{{0, 0, 43, 0, 0, 255}};
  for (std::uint8_t number = 0; number < 4; ++number) {
    setup.groups[4] = number;
    const auto suite = session.client.get({64, setup, 3}, soon(), {});
    if (suite && suite->integer() == 1) break;
  }
  // Requests and responses authenticated, encrypted and signed.
  const auto done =
      cosem::SecuritySetupClient(session.client, setup).activate_policy(0xFC, soon(), {});
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_EQ(session.client.get(k_energy, soon(), {}).error(), k_deciphering_error);
  cosem::ClientSettings signing = sides.settings;
  signing.general.form.signing = Signing::outside;
  signing.invocation_counter = session.client.invocation_counter();
  Speaker again(meter, signing);
  ASSERT_TRUE(again.client.open(soon(), {}));
  EXPECT_TRUE(again.client.get(k_energy, soon(), {}));
}

TEST(GeneralFormBlocks, TravelInGeneralBlocksToo) {
  TwoSides sides = two_sides({2, {KeyChoice::one_pass, Signing::inside}});
  sides.settings.general_blocks.window = 3;
  sides.settings.initiate.max_pdu = 200;
  TestMeter meter(sides.unit);
  Speaker session(meter, sides.settings);
  ASSERT_TRUE(session.client.open(soon(), {}));
  const Bytes text(1500, std::byte{0x42});
  ASSERT_TRUE(session.client.set(k_note, cosem::octet_string(text), soon(), {}));
  const auto note = session.client.get(k_note, soon(), {});
  ASSERT_TRUE(note) << note.error().message();
  EXPECT_EQ(*note, cosem::octet_string(text));
}

}  // namespace
}  // namespace meterproof::simulated::general_forms
