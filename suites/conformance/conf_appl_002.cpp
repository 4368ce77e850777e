// The AARQ: what must be there, what may be there, and what may not.
#include "harness/catalogue.hpp"
#include "suites/conformance/appl_check.hpp"

namespace meterproof::suites::conf_appl_002 {
namespace {

namespace a = answer;
using cosem::Aarq;
using cosem::Bytes;

ApplCheck field(std::string name, std::string title, std::function<void(Aarq&)> change,
                unsigned accepted) {
  return {std::move(name),
          "AARQ: " + std::move(title),
          "9.4.2",
          Before::connected,
          [change = std::move(change)](ApplProbe& probe) { return changed_aarq(probe, change); },
          accepted,
          {},
          {}};
}

ApplCheck element(std::string name, std::string title, std::initializer_list<unsigned> octets,
                  bool first, unsigned accepted) {
  return {std::move(name),
          "AARQ: " + std::move(title),
          "9.4.2",
          Before::connected,
          [added = octets_of(octets), first](ApplProbe& probe) {
            return aarq_with(probe.aarq(), added, first);
          },
          accepted,
          {},
          {}};
}

// The user-information is an InitiateRequest in an octet-string.
ApplCheck cut(std::string name, std::string title, std::size_t octets) {
  return field(
      std::move(name), std::move(title),
      [octets](Aarq& aarq) { aarq.user_information.resize(octets); }, a::k_no_association);
}

std::vector<ApplCheck> checks() {
  constexpr unsigned k_either = a::k_no_association | a::k_aare_accepted;
  return {
      field(
          "plain", "as declared", [](Aarq&) {}, a::k_aare_accepted),
      element("protocol_version_1", "protocol-version version1, the default, said",
              {0x80, 0x02, 0x07, 0x80}, true, a::k_aare_accepted),
      element("protocol_version_other", "a protocol-version that does not exist",
              {0x80, 0x02, 0x02, 0x04}, true, a::k_no_association),
      field(
          "context_unknown", "an application context that does not exist",
          [](Aarq& aarq) { aarq.application_context = std::uint8_t{9}; }, a::k_no_association),
      field(
          "context_missing", "no application context",
          [](Aarq& aarq) { aarq.application_context.reset(); }, a::k_no_association),
      field(
          "context_ciphered", "the ciphered context, unciphered",
          [](Aarq& aarq) { aarq.application_context = cosem::context::k_ln_ciphered; },
          a::k_no_association),
      element("dummy_called", "called AP title, AE qualifier and invocation ids",
              {0xA2, 0x03, 0x04, 0x01, 0x41, 0xA3, 0x03, 0x04, 0x01, 0x41,
               0xA4, 0x03, 0x02, 0x01, 0x01, 0xA5, 0x03, 0x02, 0x01, 0x01},
              false, a::k_aare_accepted),
      field(
          "ae_invocation_id", "a user id",
          [](Aarq& aarq) { aarq.calling_ae_invocation_id = std::uint8_t{1}; }, k_either),
      field(
          "title_short", "an AP title of seven octets, without ciphering",
          [](Aarq& aarq) { aarq.calling_ap_title = Bytes(7, std::byte{0x41}); }, k_either),
      field(
          "title_long", "an AP title of 20 octets, without ciphering",
          [](Aarq& aarq) { aarq.calling_ap_title = Bytes(20, std::byte{0x41}); }, k_either),
      field(
          "no_user_information", "no user-information",
          [](Aarq& aarq) { aarq.user_information.clear(); }, a::k_no_association),
      cut("initiate_tag_alone", "the first octet of the InitiateRequest alone", 1),
      cut("initiate_cut", "half an InitiateRequest", 6),
      field(
          "initiate_trailing", "octets behind the InitiateRequest",
          [](Aarq& aarq) { aarq.user_information.resize(aarq.user_information.size() + 3); },
          k_either),
      {"cut",
       "AARQ: cut in the middle, its lengths unchanged",
       "9.4.2",
       Before::connected,
       [](ApplProbe& probe) {
         Bytes aarq = probe.aarq();
         aarq.resize(aarq.size() / 2);
         return aarq;
       },
       a::k_no_association,
       {},
       {}},
      {"alone",
       "the tag of the AARQ alone",
       "9.4.2",
       Before::connected,
       [](ApplProbe&) { return octets_of({0x60}); },
       a::k_no_association,
       {},
       {}},
  };
}

const harness::Registration k_registration{appl_procedure(
    {.id = "CONF_APPL_002",
     .title = "Application layer: the AARQ",
     .objective = "optional fields are passed over; a foreign protocol version or application "
                  "context and what cannot be parsed open no association",
     .severity = harness::Severity::medium,
     .mutants = {{"CONF_APPL_CONTEXT", "answer", {"context_unknown"}}}},
    "none", checks())};

}  // namespace
}  // namespace meterproof::suites::conf_appl_002
