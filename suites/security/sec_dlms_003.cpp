// The authentication tag of a protected SET is modified in every position; none may be executed.
#include <fmt/format.h>

#include "harness/catalogue.hpp"
#include "suites/security/catalogue_entry.hpp"
#include "suites/security/target.hpp"

namespace meterproof::suites {
namespace {

using cosem::Bytes;

// A form of damage to a ciphered APDU: tag octet, length, SC, IC(4), ciphertext, authentication tag
// (12).
struct TagDamage {
  std::string name;
  std::function<void(Bytes&)> apply;
};

constexpr std::size_t k_header_octets =
    1 + 1 + 1 + 4;  // short length form: a SET of this size fits it

void flip(Bytes& apdu, std::size_t octet, unsigned bit) {
  apdu.at(octet) ^= static_cast<std::byte>(1u << bit);
}

std::vector<TagDamage> tag_damages(harness::Tier tier) {
  const std::size_t tag = cosem::k_authentication_tag_octets;
  std::vector<TagDamage> all;
  for (std::size_t octet = 0; octet < tag; ++octet) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      if (tier == harness::Tier::demo && bit != octet % 8) continue;
      all.push_back({fmt::format("tag octet {} bit {} flipped", octet, bit),
                     [=](Bytes& apdu) { flip(apdu, apdu.size() - tag + octet, bit); }});
    }
  }
  for (std::size_t kept = 0; kept < tag; ++kept) {
    if (tier == harness::Tier::demo && kept % 4 != 0) continue;
    all.push_back({fmt::format("tag cut to {} octets", kept), [=](Bytes& apdu) {
                     apdu.resize(apdu.size() - tag + kept);
                     apdu.at(1) = static_cast<std::byte>(apdu.size() - 2);
                   }});
  }
  all.push_back({"tag all zero", [=](Bytes& apdu) {
                   std::fill(apdu.end() - static_cast<std::ptrdiff_t>(tag), apdu.end(),
                             std::byte{});
                 }});
  all.push_back({"security control without authentication", [](Bytes& apdu) {
                   apdu.at(2) = std::byte{cosem::security_control::k_encrypted};
                 }});
  for (const std::size_t octet : {std::size_t{3}, std::size_t{6}}) {
    all.push_back({fmt::format("invocation counter octet {} changed", octet - 3),
                   [=](Bytes& apdu) { flip(apdu, octet, 0); }});
  }
  all.push_back(
      {"first ciphertext octet changed", [](Bytes& apdu) { flip(apdu, k_header_octets, 0); }});
  all.push_back({"last ciphertext octet changed",
                 [=](Bytes& apdu) { flip(apdu, apdu.size() - tag - 1, 0); }});
  return all;
}

void damaged_tags(Context& ctx) {
  Target target(ctx, ctx.variant());
  const std::string client = target.client_with("hls_gmac");
  target.control_before(client);

  const cosem::Data good = cosem::octet_string(cosem::to_bytes("before"));
  const cosem::Data bad = cosem::octet_string(cosem::to_bytes("forged"));
  auto session = target.login(client);
  ctx.require(session.has_value(), "association", said(session));
  const auto written = session->set(objects::writable(), good, target.deadline(), ctx.stop());
  ctx.control_before("set_with_a_right_tag", written.has_value(), said(written));

  int tried = 0;
  std::string accepted;
  for (const TagDamage& damage : tag_damages(ctx.tier())) {
    ctx.step(damage.name);
    session->interceptors().ciphered_out = damage.apply;
    const auto answer = session->set(objects::writable(), bad, target.deadline(), ctx.stop());
    session->interceptors().ciphered_out = {};
    ++tried;
    // The answer may lie; the value is what counts. A meter that ended the association is asked in
    // a new one.
    auto value = session->get(objects::writable(), target.deadline(), ctx.stop());
    if (!value) {
      session = target.login_again(client);
      value = session->get(objects::writable(), target.deadline(), ctx.stop());
      ctx.must_recover("reading_back", value.has_value(), said(value));
    }
    if (answer || *value != good) {
      accepted += (accepted.empty() ? "" : "; ") + damage.name;
      (void)session->set(objects::writable(), good, target.deadline(), ctx.stop());
    }
  }
  (void)session->close(target.deadline(), ctx.stop());
  ctx.expect(accepted.empty(), "modified_tag_refused",
             accepted.empty() ? fmt::format("{} forms of damage refused", tried)
                              : "accepted: " + accepted);
  ctx.exercised(fmt::format("{} forms of damage to a glo-set-request", tried));
  target.control_after(client);
}

const harness::Registration k_sec_dlms_003{security_procedure(
    "SEC_DLMS_003",
    [](harness::Procedure& p) {
      p.needs = {"auth.hls_gmac"};
      p.declaration.consumes = {"invocation_counter"};
      p.declaration.disturbs = harness::Disturbs::communication;
      p.variants = over_each_interface();
      p.not_exercised = {{"system title changed",
                          "titles travel in general-glo-ciphering, which this "
                          "procedure does not send"}};
      p.mutants = {{"MUT_DLMS_003", "modified_tag_refused", {}}};
    },
    damaged_tags)};

}  // namespace
}  // namespace meterproof::suites
