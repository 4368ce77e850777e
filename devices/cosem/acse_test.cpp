#include "devices/cosem/acse.hpp"

#include "devices/cosem/initiate.hpp"
#include "devices/cosem/test_vectors.hpp"

namespace meterproof::cosem {
namespace {

using test::field;
using test::hex;

template <class One>
One decoded(std::string_view id) {
  const auto apdu = decode_acse(field(id, "apdu"));
  EXPECT_TRUE(apdu) << id << ": " << apdu.error().message();
  return std::get<One>(apdu.value());
}

class AcseVector : public testing::TestWithParam<const char*> {};

TEST_P(AcseVector, DecodesWithoutOdditiesAndEncodesToTheSameOctets) {
  const Bytes octets = field(GetParam(), "apdu");
  const auto apdu = decode_acse(octets);
  ASSERT_TRUE(apdu) << apdu.error().message();
  EXPECT_TRUE(std::visit([](const auto& one) { return one.oddities.empty(); }, *apdu));
  EXPECT_EQ(to_hex(encode_acse(*apdu)), to_hex(octets));
}

INSTANTIATE_TEST_SUITE_P(GreenBook, AcseVector,
                         testing::Values("gb-aarq-ciphered-lls", "gb-aarq-none", "gb-aarq-lls",
                                         "gb-aarq-hls5", "gb-aare-accept",
                                         "gb-aare-ctx-not-supported",
                                         "gb-aare-dlms-version-too-low", "gb-aare-hls"));

TEST(Acse, AarqCarriesContextMechanismTitleAndPassword) {
  const auto aarq = decoded<Aarq>("gb-aarq-ciphered-lls");
  EXPECT_EQ(aarq.application_context, context::k_ln_ciphered);
  EXPECT_EQ(aarq.mechanism, mechanism::k_lls);
  EXPECT_EQ(to_hex(aarq.calling_ap_title), "4D4D4D0000BC614E");
  EXPECT_EQ(aarq.calling_authentication_value, to_bytes("12345678"));
  EXPECT_FALSE(decoded<Aarq>("gb-aarq-none").mechanism);
}

TEST(Acse, AareSaysWhetherAndWhyItRefuses) {
  EXPECT_FALSE(to_error(decoded<Aare>("gb-aare-accept")));
  const Error refusal = to_error(decoded<Aare>("gb-aare-ctx-not-supported"));
  EXPECT_EQ(refusal.category(), association_category());
  EXPECT_EQ(refusal.value(), 1102);
  EXPECT_EQ(refusal.message(), "rejected-permanent, application-context-name-not-supported");
  EXPECT_TRUE(is_refusal(refusal));
  const auto hls = decoded<Aare>("gb-aare-hls");
  EXPECT_FALSE(to_error(hls));
  EXPECT_EQ(hls.diagnostic, diagnostic::k_authentication_required);
  EXPECT_EQ(hls.responding_authentication_value, to_bytes("P6wRJ21F"));
}

TEST(Acse, AServiceErrorInTheAareIsNamed) {
  const auto initiate =
      decode_initiate_response(decoded<Aare>("gb-aare-dlms-version-too-low").user_information);
  EXPECT_EQ(initiate.error().category(), service_error_category());
  EXPECT_EQ(initiate.error().message(), "dlms-version-too-low");
}

TEST(Acse, ReleaseWithAWrongLengthIsReadAndNoted) {
  const auto release = decode_acse(hex("6303800100"));
  ASSERT_TRUE(release);
  EXPECT_EQ(std::get<Rlre>(*release).reason, 0);
  EXPECT_TRUE(std::get<Rlre>(*release).oddities.empty());
  const auto wrong = decode_acse(hex("6305800100"));
  ASSERT_TRUE(wrong);
  EXPECT_EQ(std::get<Rlre>(*wrong).reason, 0);
  EXPECT_EQ(std::get<Rlre>(*wrong).oddities.size(), 1u);
  // As Gurux for Java 4.0.47 sends it: the outer length is 4 too small, that of BE 1 too small.
  const auto twice_wrong = decode_acse(hex("63118001 00BE0F04 0E080006 5F1F0400 001E1D04 000007"));
  ASSERT_TRUE(twice_wrong);
  EXPECT_EQ(std::get<Rlre>(*twice_wrong).reason, 0);
  EXPECT_EQ(std::get<Rlre>(*twice_wrong).oddities.size(), 2u);
  EXPECT_TRUE(decode_acse(hex("6300")));
}

TEST(Acse, ExtraFieldsOfAnAareAreReadOverAndNoted) {
  const auto aare =
      decode_acse(hex("6123800207808501FFA109060760857405080101A203020100A305A103020100A5"
                      "03020107"));
  ASSERT_TRUE(aare) << aare.error().message();
  EXPECT_EQ(std::get<Aare>(*aare).result, 0);
  EXPECT_EQ(std::get<Aare>(*aare).oddities.size(), 3u);
}

TEST(Acse, AForeignContextNameIsAValueSoThatAServerCanRefuseItByName) {
  const auto aarq = decode_acse(hex("600BA109060760857405080901"));
  ASSERT_TRUE(aarq) << aarq.error().message();
  EXPECT_FALSE(std::get<Aarq>(*aarq).application_context);
  EXPECT_EQ(std::get<Aarq>(*aarq).oddities.size(), 1u);
}

TEST(Acse, AnAareWithoutAContextNameDoesNotPassForOneWithTheUsualName) {
  const auto aare = decode_acse(hex("610CA203020100A305A103020100"));
  ASSERT_TRUE(aare) << aare.error().message();
  EXPECT_FALSE(std::get<Aare>(*aare).application_context);
  EXPECT_EQ(std::get<Aare>(*aare).oddities.size(), 1u);
}

TEST(Initiate, PublishedRequestsAndResponsesRoundTrip) {
  const Bytes request = field("fit-initreq-ln", "apdu");
  const auto decoded_request = decode_initiate_request(request);
  ASSERT_TRUE(decoded_request) << decoded_request.error().message();
  EXPECT_EQ(decoded_request->conformance, 0x007E1Fu);
  EXPECT_EQ(decoded_request->max_pdu, 1200);
  EXPECT_EQ(encode(*decoded_request), request);

  const Bytes response = field("fit-initresp-ln", "apdu");
  const auto decoded_response = decode_initiate_response(response);
  ASSERT_TRUE(decoded_response) << decoded_response.error().message();
  EXPECT_EQ(decoded_response->conformance, 0x00501Fu);
  EXPECT_EQ(decoded_response->max_pdu, 500);
  EXPECT_EQ(decoded_response->vaa_name, 7);
  EXPECT_EQ(encode(*decoded_response), response);

  EXPECT_EQ(decode_initiate_request(field("fit-initreq-sn", "apdu"))->conformance, 0x1C0302u);
  EXPECT_EQ(decode_initiate_response(field("fit-initresp-sn", "apdu"))->vaa_name, 0xFA00);

  const Bytes with_key = field("gb-glo-initiate-request", "plaintext");
  const auto keyed = decode_initiate_request(with_key);
  ASSERT_TRUE(keyed);
  EXPECT_EQ(keyed->dedicated_key, field("gb-glo-initiate-request", "dedicated_key"));
  EXPECT_EQ(encode(*keyed), with_key);
}

TEST(Initiate, TheLegacyVersionOneFormsAreRefusedByName) {
  EXPECT_EQ(decode_initiate_request(field("fit-initreq-legacy", "apdu")).error(),
            CosemError::bad_tag);
  EXPECT_EQ(decode_initiate_response(field("fit-initresp-legacy", "apdu")).error().category(),
            cosem_category());
}

TEST(Initiate, TheOldFormOfTheConformanceTagIsAccepted) {
  const auto request = decode_initiate_request(hex("01000000065F0400181A200000"));
  ASSERT_TRUE(request) << request.error().message();
  EXPECT_EQ(request->conformance, 0x181A20u);
}

TEST(Acse, EveryTruncationOfAVectorIsAnErrorOrAReleaseThatIsNoted) {
  for (const char* id : {"gb-aarq-ciphered-lls", "gb-aare-hls", "gb-aare-accept"}) {
    const Bytes octets = field(id, "apdu");
    for (std::size_t size = 0; size < octets.size(); ++size) {
      EXPECT_FALSE(decode_acse(BytesView(octets).first(size))) << id << " cut to " << size;
    }
  }
}

}  // namespace
}  // namespace meterproof::cosem
