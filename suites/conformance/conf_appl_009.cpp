// Release: answered, and the end of the association.
#include "harness/catalogue.hpp"
#include "suites/conformance/appl_check.hpp"

namespace meterproof::suites::conf_appl_009 {
namespace {

namespace a = answer;
using cosem::Bytes;

Bytes get_clock() {
  return cosem::encode_apdu(cosem::GetRequestNormal{.attribute = objects::clock()});
}
Bytes release(std::optional<std::uint8_t> reason = std::uint8_t{0}) {
  cosem::Rlrq rlrq;
  rlrq.reason = reason;
  return cosem::encode_acse(rlrq);
}

void nothing_after(ApplProbe& probe) {
  probe.associate();
  Context& ctx = probe.target().context();
  const unsigned before = answer_kind(probe.send(get_clock()));
  ctx.control_before("served_before", before == a::k_value, answer_text(before));
  const unsigned left = answer_kind(probe.send(release()));
  ctx.expect((left & (a::k_rlre | a::k_silence)) != 0, "rlre", answer_text(left));
  const unsigned after = answer_kind(probe.send(get_clock(), false));
  ctx.expect((after & a::k_any_refusal) != 0, "not_served_after", answer_text(after));
}

void anew(ApplProbe& probe) {
  probe.associate();
  Context& ctx = probe.target().context();
  (void)probe.send(release());
  const unsigned opened = answer_kind(probe.send(probe.aarq()));
  ctx.expect(opened == a::k_aare_accepted, "aarq_after_rlre", answer_text(opened));
  const unsigned read = answer_kind(probe.send(get_clock()));
  ctx.expect(read == a::k_value, "served_again", answer_text(read));
}

// An AARQ in an association begins another or is refused; the client is not left without either.
void aarq_twice(ApplProbe& probe) {
  probe.associate();
  Context& ctx = probe.target().context();
  const unsigned opened = answer_kind(probe.send(probe.aarq()));
  ctx.expect((opened & (a::k_no_association | a::k_aare_accepted)) != 0, "second_aarq_answered",
             answer_text(opened));
  ctx.property("second_aarq", answer_text(opened));
}

std::vector<ApplCheck> checks() {
  constexpr const char* k_clause = "9.4.5";
  return {
      {"nothing_after",
       "GET after the release",
       k_clause,
       Before::associated,
       {},
       0,
       {},
       nothing_after},
      {"anew", "AARQ after the release", k_clause, Before::associated, {}, 0, {}, anew},
      {"aarq_twice", "AARQ in an association", "9.4.4", Before::associated, {}, 0, {}, aarq_twice},
      {"without_reason",
       "RLRQ without a reason",
       k_clause,
       Before::associated,
       [](ApplProbe&) { return release({}); },
       a::k_rlre,
       {},
       {}},
      {"urgent",
       "RLRQ with reason urgent",
       k_clause,
       Before::associated,
       [](ApplProbe&) { return release(std::uint8_t{1}); },
       a::k_rlre,
       {},
       {}},
      {"malformed",
       "RLRQ whose length lies",
       k_clause,
       Before::associated,
       [](ApplProbe&) {
         return octets_of({0x62, 0x20, 0x80, 0x01, 0x00});
       },
       a::k_any_refusal | a::k_rlre,
       {},
       {}},
  };
}

const harness::Registration k_registration{appl_procedure(
    {.id = "CONF_APPL_009",
     .title = "Application layer: release",
     .objective = "RLRQ is answered, ends the association, and another can be opened",
     .severity = harness::Severity::high,
     .mutants = {{"CONF_APPL_RELEASE", "not_served_after", {"nothing_after"}}}},
    "none", checks())};

}  // namespace
}  // namespace meterproof::suites::conf_appl_009
