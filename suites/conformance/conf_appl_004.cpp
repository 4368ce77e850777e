// Passwords and mechanisms in the AARQ: anything but the client's own opens nothing. Guessing in
// number, timing and published secrets: SEC_AUTH_001, 004, 005.
#include "harness/catalogue.hpp"
#include "suites/conformance/appl_check.hpp"

namespace meterproof::suites::conf_appl_004 {
namespace {

namespace a = answer;
using cosem::Aarq;
using cosem::Bytes;

ApplCheck field(std::string name, std::string title, std::function<void(Aarq&)> change,
                unsigned accepted = a::k_no_association) {
  return {std::move(name),
          "AARQ: " + std::move(title),
          "9.4.4",
          Before::connected,
          [change = std::move(change)](ApplProbe& probe) { return changed_aarq(probe, change); },
          accepted,
          {},
          {}};
}

std::vector<ApplCheck> checks() {
  return {
      field(
          "right", "the right password", [](Aarq&) {}, a::k_aare_accepted),
      field("wrong", "a wrong password",
            [](Aarq& aarq) { aarq.calling_authentication_value->back() ^= std::byte{1}; }),
      field("longer", "the password and one octet more",
            [](Aarq& aarq) { aarq.calling_authentication_value->push_back(std::byte{0}); }),
      field("shorter", "the password less its last octet",
            [](Aarq& aarq) { aarq.calling_authentication_value->pop_back(); }),
      field("empty", "an empty password",
            [](Aarq& aarq) { aarq.calling_authentication_value = Bytes{}; }),
      field("value_missing", "no authentication value",
            [](Aarq& aarq) { aarq.calling_authentication_value.reset(); }),
      field("mechanism_missing", "no mechanism name", [](Aarq& aarq) { aarq.mechanism.reset(); }),
      field("no_authentication", "no authentication at all",
            [](Aarq& aarq) {
              aarq.mechanism.reset();
              aarq.sender_acse_requirements = false;
              aarq.calling_authentication_value.reset();
            }),
      field("mechanism_unknown", "a mechanism that does not exist",
            [](Aarq& aarq) { aarq.mechanism = std::uint8_t{42}; }),
      field("mechanism_other", "another mechanism than the client's",
            [](Aarq& aarq) { aarq.mechanism = cosem::mechanism::k_hls_gmac; }),
  };
}

const harness::Registration k_registration{appl_procedure(
    {.id = "CONF_APPL_004",
     .title = "Application layer: authentication in the AARQ",
     .objective = "only the client's own mechanism with its own secret opens the association",
     .severity = harness::Severity::critical,
     .mutants = {{"CONF_APPL_PASSWORD", "answer", {"empty"}}}},
    "lls", checks())};

}  // namespace
}  // namespace meterproof::suites::conf_appl_004
