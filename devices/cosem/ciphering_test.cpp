#include "devices/cosem/ciphering.hpp"

#include <random>

#include "devices/cosem/apdu.hpp"
#include "devices/cosem/hls.hpp"
#include "devices/cosem/test_vectors.hpp"

namespace meterproof::cosem {
namespace {

using test::field;
using test::hex;

SecurityKeys green_book_keys() {
  return security_keys_from(hex("000102030405060708090A0B0C0D0E0F"),
                            hex("D0D1D2D3D4D5D6D7D8D9DADBDCDDDEDF"))
      .value();
}

std::uint32_t counter_field(std::string_view id, std::string_view name) {
  const Bytes octets = field(id, name);
  return Reader(octets).u32().value();
}

class SuiteZeroVector : public testing::TestWithParam<const char*> {
 protected:
  SecurityKeys keys_ = security_keys_from(field(GetParam(), "EK"), field(GetParam(), "AK")).value();
  SystemTitle title_ = system_title_from(field(GetParam(), "system_title")).value();
  Bytes plain_ = field(GetParam(), test::vector_fields(GetParam()).as_object().contains("plaintext")
                                       ? "plaintext"
                                       : "plaintext_apdu");
  Bytes apdu_ = field(GetParam(), "apdu");
};

TEST_P(SuiteZeroVector, ProtectingReproducesThePublishedOctets) {
  const std::uint8_t control = Reader(field(GetParam(), "sc")).u8().value();
  const auto made = protect_apdu(keys_, title_, control, counter_field(GetParam(), "ic"), plain_);
  ASSERT_TRUE(made) << made.error().message();
  EXPECT_EQ(to_hex(*made), to_hex(apdu_));
}

TEST_P(SuiteZeroVector, UnprotectingGivesThePlainApduAndItsCounter) {
  const auto parsed = parse_ciphered(apdu_);
  ASSERT_TRUE(parsed) << parsed.error().message();
  EXPECT_EQ(parsed->plain_tag, std::to_integer<std::uint8_t>(plain_.front()));
  const auto opened = unprotect(keys_, title_, parsed->protected_octets);
  ASSERT_TRUE(opened) << opened.error().message();
  EXPECT_EQ(to_hex(opened->plain), to_hex(plain_));
  EXPECT_EQ(opened->invocation_counter, counter_field(GetParam(), "ic"));
}

TEST_P(SuiteZeroVector, EveryFlippedBitIsCaughtWhereTheApduIsAuthenticated) {
  const auto parsed = parse_ciphered(apdu_);
  ASSERT_TRUE(parsed);
  const bool authenticated = (parsed->control & security_control::k_authenticated) != 0;
  for (std::size_t bit = 0; bit < 8 * parsed->protected_octets.size(); ++bit) {
    Bytes changed = parsed->protected_octets;
    changed[bit / 8] ^= static_cast<std::byte>(1 << bit % 8);
    const auto opened = unprotect(keys_, title_, changed);
    if (authenticated && bit != 4) {
      EXPECT_FALSE(opened) << "bit " << bit;
    } else if (opened && (bit >= 8 || bit == 4)) {
      // Nothing protects an APDU that is only encrypted, or was made so by clearing bit 4 of the
      // control octet: who demands authentication must look at the control octet. Its other bits
      // (suite, key set) do not even change the plain text then.
      EXPECT_NE(opened->plain, plain_) << "bit " << bit;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(GreenBook, SuiteZeroVector,
                         testing::Values("gb-t40-auth", "gb-t40-enc", "gb-t40-authenc",
                                         "gb-glo-initiate-request"));

TEST(Ciphering, OpensAPublishedPushOfARealMeter) {
  const auto parsed = parse_ciphered(field("tirol-push", "apdu"));
  ASSERT_TRUE(parsed) << parsed.error().message();
  EXPECT_EQ(parsed->form, CipherForm::general_global);
  EXPECT_EQ(parsed->title, system_title_from(field("tirol-push", "system_title")));
  SecurityKeys keys;
  const Bytes key = field("tirol-push", "key");
  keys.encryption = SymmetricKey::from(key).value();
  keys.suite = SecuritySuite::suite_1;
  const auto opened = unprotect(keys, parsed->title.value(), parsed->protected_octets);
  ASSERT_TRUE(opened) << opened.error().message();
  EXPECT_EQ(to_hex(opened->plain), to_hex(field("tirol-push", "plaintext")));
}

TEST(Ciphering, AShortenedTagCheckAcceptsWhatAFullOneRefuses) {
  Bytes octets = parse_ciphered(field("gb-t40-authenc", "apdu"))->protected_octets;
  octets.back() ^= std::byte{1};
  const SystemTitle title = system_title_from(field("gb-t40-authenc", "system_title")).value();
  EXPECT_EQ(unprotect(green_book_keys(), title, octets).error(),
            CosemError::bad_authentication_tag);
  EXPECT_TRUE(unprotect(green_book_keys(), title, octets, 4));
  octets[octets.size() - 12] ^= std::byte{1};
  EXPECT_FALSE(unprotect(green_book_keys(), title, octets, 4));
}

TEST(Ciphering, DataNotificationHasNoServiceSpecificFormAndTravelsInTheGeneralOne) {
  const SystemTitle title{};
  const auto made = protect_apdu(green_book_keys(), title, 0x30, 7, hex("0F00000001000000"));
  ASSERT_TRUE(made);
  EXPECT_EQ(made->front(), std::byte{0xDB});
  const auto opened = unprotect(green_book_keys(), title, parse_ciphered(*made)->protected_octets);
  ASSERT_TRUE(opened);
  EXPECT_EQ(to_hex(opened->plain), "0F00000001000000");
}

TEST(Ciphering, RandomPlainTextsSurviveEveryProtection) {
  std::mt19937 random(20);
  for (int round = 0; round < 200; ++round) {
    Bytes plain(random() % 600);
    for (std::byte& octet : plain) octet = static_cast<std::byte>(random());
    SystemTitle title{};
    for (std::byte& octet : title) octet = static_cast<std::byte>(random());
    const auto control = static_cast<std::uint8_t>(0x10 * (1 + random() % 3));
    const auto made = protect(green_book_keys(), title, control, 7, plain);
    ASSERT_TRUE(made);
    const auto opened = unprotect(green_book_keys(), title, *made);
    ASSERT_TRUE(opened);
    EXPECT_EQ(opened->plain, plain);
  }
}

TEST(InvocationCounterCheck, AcceptsOnlyGreaterCountersUpToTheLast) {
  InvocationCounterCheck check;
  EXPECT_TRUE(check.accept(5));
  EXPECT_EQ(check.accept(5).error(), CosemError::invocation_counter_not_greater);
  EXPECT_EQ(check.accept(4).error(), CosemError::invocation_counter_not_greater);
  EXPECT_TRUE(check.accept(0xFFFFFFFF));
  EXPECT_FALSE(check.accept(0xFFFFFFFF));
  EXPECT_FALSE(check.accept(0));
}

TEST(HlsGmac, MakesAndVerifiesThePublishedTokensOfBothSides) {
  const SystemTitle client = system_title_from(field("gb-t43-hls5", "client_title")).value();
  const SystemTitle server = system_title_from(field("gb-t43-hls5", "server_title")).value();
  const Bytes to_server = field("gb-t43-hls5", "CtoS"), to_client = field("gb-t43-hls5", "StoC");
  const Bytes f_to_client = field("gb-t43-hls5", "f_StoC");
  const Bytes f_to_server = field("gb-t43-hls5", "f_CtoS");
  EXPECT_EQ(hls_gmac_token(green_book_keys(), client, 1, to_client).value(), f_to_client);
  EXPECT_EQ(hls_gmac_token(green_book_keys(), server, 0x01234567, to_server).value(), f_to_server);
  EXPECT_EQ(verify_hls_gmac_token(green_book_keys(), server, to_server, f_to_server).value(),
            0x01234567u);
  // The client's own token played back at it does not pass for the server's.
  EXPECT_EQ(verify_hls_gmac_token(green_book_keys(), server, to_server, f_to_client).error(),
            CosemError::bad_authentication_tag);
  EXPECT_FALSE(verify_hls_gmac_token(green_book_keys(), server, to_server, to_server));
}

TEST(HlsGmac, ARealMetersTokensHaveTheShapeThatWeExpect) {
  const auto request = decode_apdu(field("kaifa-hls5-capture", "request"));
  ASSERT_TRUE(request) << request.error().message();
  const auto& action = std::get<ActionRequestNormal>(*request);
  EXPECT_EQ(action.method, (MethodDescriptor{15, names::k_current_association, 1}));
  EXPECT_EQ(action.parameters->octets()->size(), k_hls_gmac_token_octets);
  const auto response = decode_apdu(field("kaifa-hls5-capture", "response"));
  ASSERT_TRUE(response) << response.error().message();
  const auto& answer = std::get<ActionResponseNormal>(*response);
  EXPECT_EQ(answer.outcome.result, ActionResult::success);
  EXPECT_EQ(std::get<Data>(*answer.outcome.returned).octets()->size(), k_hls_gmac_token_octets);
}

TEST(KeyWrap, MatchesRfc3394AndFindsADamagedKey) {
  for (const char* id : {"rfc3394-128", "rfc3394-256"}) {
    const Bytes kek = field(id, "kek"), key = field(id, "key");
    Bytes wrapped = field(id, "wrapped");
    EXPECT_EQ(wrap_key(kek, key).value(), wrapped);
    EXPECT_EQ(unwrap_key(kek, wrapped).value(), key);
    wrapped.front() ^= std::byte{1};
    EXPECT_EQ(unwrap_key(kek, wrapped).error(), CosemError::bad_authentication_tag);
  }
  EXPECT_EQ(wrap_key(Bytes(15), Bytes(16)).error(), CosemError::bad_length);
}

}  // namespace
}  // namespace meterproof::cosem
