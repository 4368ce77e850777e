// What two peers of the interop matrix said to each other, read by our codecs: no octet of it was
// made here, so agreement is more than agreeing with oneself. test_data/peer_transcripts.json says
// which peer and version; docs/interop.md how it was recorded.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <fstream>
#include <iterator>

#include "devices/cosem/acse.hpp"
#include "devices/cosem/apdu.hpp"
#include "devices/cosem/hls.hpp"
#include "devices/cosem/initiate.hpp"

namespace meterproof::cosem {
namespace {

namespace json = boost::json;

struct PeerApdu {
  bool from_client = false;
  Bytes octets;
};

std::vector<PeerApdu> peer_transcript(std::string_view name) {
  static const json::value document = [] {
    std::ifstream file(METERPROOF_SOURCE_DIR "/devices/cosem/test_data/peer_transcripts.json");
    return json::parse(std::string(std::istreambuf_iterator<char>(file), {}));
  }();
  std::vector<PeerApdu> found;
  for (const json::value& one : document.at("transcripts").as_array()) {
    if (one.at("name").as_string() != name) continue;
    for (const json::value& apdu : one.at("apdus").as_array())
      found.push_back({apdu.at("from").as_string() == "client",
                       from_hex(std::string(apdu.at("octets").as_string())).value()});
  }
  return found;
}

Bytes counting_from(unsigned first, std::size_t count) {
  Bytes octets(count);
  for (std::size_t i = 0; i < count; ++i) octets[i] = static_cast<std::byte>(first + i);
  return octets;
}

const SystemTitle k_client_title = *system_title_from(from_hex("4D50524330303031").value());
const SystemTitle k_server_title = *system_title_from(from_hex("4D50520000000001").value());

SecurityKeys peer_keys(SecuritySuite suite) {
  return *security_keys_from(counting_from(0x00, key_octets(suite)),
                             counting_from(0xD0, key_octets(suite)), suite);
}

struct PeerCase {
  const char* name;
  SecuritySuite suite;
  bool gmac;  // HLS-GMAC; else ECDSA
};

class PeerTranscript : public testing::TestWithParam<PeerCase> {};

// Every ciphered APDU opens under the published keys, and closes again to the same octets.
TEST_P(PeerTranscript, OpensAndClosesToTheSameOctets) {
  const SecurityKeys global = peer_keys(GetParam().suite);
  SecurityKeys dedicated = global;
  dedicated.encryption = *SymmetricKey::from(Bytes(global.encryption.size(), std::byte{0x5D}));
  bool energy_seen = false;
  int ciphered_count = 0;
  for (const PeerApdu& apdu : peer_transcript(GetParam().name)) {
    if (!is_ciphered(apdu.octets)) continue;
    ++ciphered_count;
    SCOPED_TRACE(to_hex(apdu.octets));
    const auto parsed = parse_ciphered(apdu.octets);
    ASSERT_TRUE(parsed) << parsed.error().message();
    const bool under_dedicated =
        parsed->form == CipherForm::dedicated || parsed->form == CipherForm::general_dedicated;
    const SystemTitle& title = apdu.from_client ? k_client_title : k_server_title;
    if (parsed->title) {
      EXPECT_EQ(*parsed->title, title);
    }
    const auto opened =
        unprotect(under_dedicated ? dedicated : global, title, parsed->protected_octets);
    ASSERT_TRUE(opened) << opened.error().message();
    const auto closed = protect_apdu(under_dedicated ? dedicated : global, title, opened->control,
                                     opened->invocation_counter, opened->plain, parsed->form);
    ASSERT_TRUE(closed) << closed.error().message();
    EXPECT_EQ(to_hex(*closed), to_hex(apdu.octets));
    // GET-Response-Normal with double-long-unsigned 123456789
    energy_seen |= to_hex(opened->plain) == to_hex(from_hex("C401C10006075BCD15").value());
  }
  EXPECT_GE(ciphered_count, 6);
  EXPECT_TRUE(energy_seen);
}

// Pass 3 and 4 of HLS-GMAC: each side's token over the other's challenge.
TEST_P(PeerTranscript, TokensVerify) {
  if (!GetParam().gmac) GTEST_SKIP() << "the token of this mechanism is a signature";
  const SecurityKeys keys = peer_keys(GetParam().suite);
  const auto apdus = peer_transcript(GetParam().name);
  ASSERT_GE(apdus.size(), 4U);
  const auto aarq = decode_acse(apdus[0].octets);
  const auto aare = decode_acse(apdus[1].octets);
  ASSERT_TRUE(aarq && aare);
  const Bytes c_to_s = std::get<Aarq>(*aarq).calling_authentication_value.value();
  const Bytes s_to_c = std::get<Aare>(*aare).responding_authentication_value.value();
  ASSERT_GE(c_to_s.size(), 8U);
  ASSERT_GE(s_to_c.size(), 8U);
  const auto token_in = [&](const PeerApdu& apdu, const SystemTitle& title) {
    const auto parsed = parse_ciphered(apdu.octets);
    const auto opened = unprotect(keys, title, parsed.value().protected_octets);
    const Bytes& plain = opened.value().plain;
    return Bytes(plain.end() - k_hls_gmac_token_octets, plain.end());
  };
  EXPECT_TRUE(
      verify_hls_gmac_token(keys, k_client_title, s_to_c, token_in(apdus[2], k_client_title)));
  EXPECT_TRUE(
      verify_hls_gmac_token(keys, k_server_title, c_to_s, token_in(apdus[3], k_server_title)));
  EXPECT_FALSE(
      verify_hls_gmac_token(keys, k_client_title, c_to_s, token_in(apdus[2], k_client_title)));
}

// The InitiateRequest in the AARQ is a glo-initiateRequest whatever the form of the rest, and so is
// ours (ClientAssociation): jDLMS closes the connection at a general one.
TEST_P(PeerTranscript, TheInitiateRequestIsServiceSpecific) {
  const auto apdus = peer_transcript(GetParam().name);
  const auto aarq = decode_acse(apdus.at(0).octets);
  ASSERT_TRUE(aarq);
  const auto ciphered = parse_ciphered(std::get<Aarq>(*aarq).user_information);
  ASSERT_TRUE(ciphered);
  EXPECT_EQ(ciphered->form, CipherForm::global);
  const auto opened =
      unprotect(peer_keys(GetParam().suite), k_client_title, ciphered->protected_octets);
  ASSERT_TRUE(opened) << opened.error().message();
  EXPECT_TRUE(decode_initiate_request(opened->plain));
}

INSTANTIATE_TEST_SUITE_P(
    Gurux, PeerTranscript,
    testing::Values(PeerCase{"gmac_suite_0", SecuritySuite::suite_0, true},
                    PeerCase{"gmac_suite_0_dedicated", SecuritySuite::suite_0, true},
                    PeerCase{"gmac_suite_0_general_global", SecuritySuite::suite_0, true},
                    PeerCase{"gmac_suite_0_general_dedicated", SecuritySuite::suite_0, true},
                    PeerCase{"gmac_suite_1", SecuritySuite::suite_1, true},
                    PeerCase{"gmac_suite_2", SecuritySuite::suite_2, true},
                    PeerCase{"gmac_suite_2_general_global", SecuritySuite::suite_2, true},
                    PeerCase{"ecdsa_suite_1", SecuritySuite::suite_1, false}),
    [](const auto& name) { return std::string(name.param.name); });

// The server answers the second block of an ACTION with a response that lacks the octet which says
// that there are no return parameters, and a SET with data block with three octets too many: both
// are errors, not values (IEC 62056-5-3, ActionResponseNormal and SetResponseLastDatablock).
TEST(PeerTranscriptFaults, ResponsesThatAreTooShortOrTooLongAreErrors) {
  int short_ones = 0, long_ones = 0;
  for (const PeerApdu& apdu : peer_transcript("action_blocks_refused")) {
    if (to_hex(apdu.octets) != to_hex(from_hex("C701C109").value())) continue;
    ++short_ones;
    EXPECT_EQ(decode_apdu(apdu.octets).error(), CosemError::truncated);
  }
  for (const PeerApdu& apdu : peer_transcript("set_blocks_three_octets_too_many")) {
    if (apdu.from_client || apdu.octets.empty() || apdu.octets[0] != std::byte{0xC5}) continue;
    if (decode_apdu(apdu.octets)) continue;
    ++long_ones;
  }
  EXPECT_GE(short_ones, 1);
  EXPECT_GE(long_ones, 1);
}

}  // namespace
}  // namespace meterproof::cosem
