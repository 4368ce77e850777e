#include "suites/security/flood.hpp"

#include <gtest/gtest.h>

#include "devices/hdlc/wrapper.hpp"

namespace meterproof::suites {
namespace {

constexpr std::uint16_t k_reader_sap = 2, k_public_sap = 16;
const std::set<std::uint16_t> k_publics{k_public_sap};

cosem::Bytes answer_to(std::uint16_t client, std::uint8_t result, std::uint8_t diagnostic) {
  cosem::Aare aare;
  aare.result = result;
  aare.diagnostic = diagnostic;
  return hdlc::encode({1, client, cosem::encode_acse(aare)});
}

TEST(Flood, AnAcceptedAssociationWithoutProofIsASuccessOfTheBot) {
  const auto accepted = cosem::association_result::k_accepted;
  EXPECT_TRUE(lets_in(answer_to(k_reader_sap, accepted, cosem::diagnostic::k_null), k_publics));
  EXPECT_FALSE(lets_in(answer_to(k_public_sap, accepted, cosem::diagnostic::k_null), k_publics))
      << "everybody may be the public client";
  EXPECT_FALSE(lets_in(
      answer_to(k_reader_sap, accepted, cosem::diagnostic::k_authentication_required), k_publics))
      << "a challenge is not yet rights";
  EXPECT_FALSE(lets_in(answer_to(k_reader_sap, cosem::association_result::k_rejected_permanent,
                                 cosem::diagnostic::k_authentication_failure),
                       k_publics));
}

TEST(Flood, OctetsThatAreNoAnswerLetNobodyIn) {
  const auto whole = answer_to(k_reader_sap, 0, 0);
  for (std::size_t length = 0; length < whole.size(); ++length) {
    EXPECT_FALSE(lets_in(cosem::BytesView(whole).first(length), k_publics)) << length;
  }
  EXPECT_FALSE(lets_in(cosem::Bytes(64, std::byte{0xFF}), k_publics));
}

TEST(Flood, AnAttackBelowItsLevelSaysWhatIsMissing) {
  const FloodLevel level{.bots = 100, .connections_per_second = 400};
  fixtures::BotnetReport report;
  EXPECT_NE(shortfall(report, level), "") << "did not run";
  report.seconds = 10;
  report.scheduled = 3900;
  report.established = 3900;
  report.logins = 1000;
  EXPECT_EQ(shortfall(report, level), "");
  report.scheduled = 3700;
  EXPECT_NE(shortfall(report, level), "") << "under 95 %";
  report.scheduled = 3900;
  report.logins = 0;
  EXPECT_NE(shortfall(report, level), "") << "nobody tried to log in";
}

}  // namespace
}  // namespace meterproof::suites
