// The challenges of the meter (StoC) must be long, fresh and unpredictable. Only passes 1 and 2 are
// needed, so no secret is.
#include <fmt/format.h>

#include <set>

#include "harness/catalogue.hpp"
#include "suites/security/catalogue_entry.hpp"
#include "suites/security/statistics.hpp"
#include "suites/security/target.hpp"

namespace meterproof::suites {
namespace {

constexpr std::size_t k_least_length = 8, k_advised_length = 16;
constexpr std::size_t k_complexity_bits = 4096, k_complexity_margin = 16;

std::vector<cosem::Bytes> collect_challenges(Target& target, const std::string& client,
                                             int wanted) {
  Context& ctx = target.context();
  std::vector<cosem::Bytes> challenges;
  for (int i = 0; i < wanted; ++i) {
    if (i % 25 == 0) ctx.step(fmt::format("{} of {} challenges", i, wanted));
    auto session = target.connect(client);
    ctx.require(session.has_value(), "connected", said(session));
    const auto answer = session->associate(target.deadline(), ctx.stop());
    ctx.require(answer.has_value(), "pass_2", said(answer));
    const auto& aare = session->association().aare();
    if (aare && aare->responding_authentication_value) {
      challenges.push_back(*aare->responding_authentication_value);
    }
    (void)session->disconnect_transport(target.deadline(), ctx.stop());
  }
  return challenges;
}

void unpredictable_challenges(Context& ctx) {
  Target target(ctx, ctx.variant());
  const std::string client = target.client_with("hls_gmac");
  target.control_before(client);
  const int wanted = ctx.by_tier(80, 2000, 2000);
  const std::vector<cosem::Bytes> challenges = collect_challenges(target, client, wanted);
  ctx.require(static_cast<int>(challenges.size()) == wanted, "challenges_collected",
              fmt::format("{} of {}", challenges.size(), wanted));

  std::size_t shortest = challenges.front().size();
  cosem::Bytes all;
  std::string listing;
  for (const cosem::Bytes& challenge : challenges) {
    shortest = std::min(shortest, challenge.size());
    cosem::append(all, challenge);
    listing += cosem::to_hex(challenge) + "\n";
  }
  ctx.attach("challenges.txt", listing, "every StoC in hex, in the order received");
  ctx.expect(shortest >= k_least_length, "challenge_is_long_enough",
             fmt::format("shortest {} octets, at least {}", shortest, k_least_length));
  if (shortest < k_advised_length) {
    ctx.property("note", fmt::format("challenges of {} octets: allowed, {} are advised", shortest,
                                     k_advised_length));
  }
  const std::set<cosem::Bytes> different(challenges.begin(), challenges.end());
  ctx.expect(different.size() == challenges.size(), "challenge_never_repeats",
             fmt::format("{} different of {}", different.size(), challenges.size()));

  std::vector<std::uint8_t> bits = bits_of(all);
  bits.resize(std::min(bits.size(), k_complexity_bits));
  const std::size_t complexity = linear_complexity(bits);
  bool complex = complexity + k_complexity_margin >= bits.size() / 2;
  std::string detail = fmt::format("linear complexity {} of {} bits", complexity, bits.size());
  for (unsigned plane = 0; plane < 8; ++plane) {
    std::vector<std::uint8_t> plane_bits;
    for (const std::byte octet : all) {
      if (plane_bits.size() == k_complexity_bits) break;
      plane_bits.push_back(
          static_cast<std::uint8_t>(std::to_integer<unsigned>(octet) >> plane & 1u));
    }
    const std::size_t plane_complexity = linear_complexity(plane_bits);
    if (plane_complexity + k_complexity_margin >= plane_bits.size() / 2) continue;
    complex = false;
    detail += fmt::format("; bit {}: {} of {}", plane, plane_complexity, plane_bits.size());
  }
  ctx.expect(complex, "challenge_is_unpredictable", detail);
  const double p = octet_chi_square_p(all);
  ctx.expect(p >= 1e-4 && p <= 1 - 1e-4, "octets_are_evenly_spread",
             fmt::format("chi-square p = {:.4g}", p));
  ctx.exercised(fmt::format("{} challenges, {} octets", challenges.size(), all.size()));
  target.control_after(client);
}

const harness::Registration k_sec_auth_007{security_procedure(
    "SEC_AUTH_007",
    [](harness::Procedure& p) {
      p.needs = {"auth.hls_gmac"};
      p.declaration.disturbs = harness::Disturbs::communication;
      p.variants = over_each_interface();
      p.mutants = {{"MUT_AUTH_007", "challenge_is_unpredictable", {}}};
    },
    unpredictable_challenges)};

}  // namespace
}  // namespace meterproof::suites
