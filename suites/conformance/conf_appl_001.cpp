// Before an association nothing is served: no GET, SET or ACTION, also where the same client could
// have it afterwards, and no association is opened by what is no AARQ.
#include "harness/catalogue.hpp"
#include "suites/conformance/appl_check.hpp"

namespace meterproof::suites::conf_appl_001 {
namespace {

namespace a = answer;

ApplCheck refused(std::string name, std::string title, cosem::Apdu apdu) {
  return {std::move(name),
          std::move(title) + " before the AARQ",
          "9.4.4",
          Before::connected,
          [apdu = std::move(apdu)](ApplProbe&) { return cosem::encode_apdu(apdu); },
          a::k_any_refusal,
          {},
          {}};
}

std::vector<ApplCheck> checks() {
  const cosem::Data zero(std::int8_t{0});
  return {
      refused("get", "GET of the clock", cosem::GetRequestNormal{.attribute = objects::clock()}),
      refused("get_next", "GET of a next block", cosem::GetRequestNext{}),
      refused("set", "SET", cosem::SetRequestNormal{.attribute = objects::clock(), .value = zero}),
      refused("action", "ACTION",
              cosem::ActionRequestNormal{.method = objects::push(), .parameters = zero}),
      {"initiate",
       "an InitiateRequest without its AARQ",
       "9.4.4",
       Before::connected,
       [](ApplProbe&) { return cosem::encode(cosem::InitiateRequest{}); },
       a::k_any_refusal,
       {},
       {}},
      {"release",
       "RLRQ before the AARQ",
       "9.4.5",
       Before::connected,
       [](ApplProbe&) { return cosem::encode_acse(cosem::Rlrq{}); },
       a::k_any_refusal | a::k_rlre,
       {},
       {}},
  };
}

const harness::Registration k_registration{
    appl_procedure({.id = "CONF_APPL_001",
                    .title = "Application layer: nothing before the association",
                    .objective = "services are served inside an association only",
                    .severity = harness::Severity::critical,
                    .mutants = {{"CONF_APPL_EARLY", "answer", {"get"}}}},
                   "none", checks())};

}  // namespace
}  // namespace meterproof::suites::conf_appl_001
