// The conformance block, one service at a time: left out of the proposal it must not be served, and
// granted it must be.
#include "harness/catalogue.hpp"
#include "suites/conformance/appl_check.hpp"

namespace meterproof::suites::conf_appl_008 {
namespace {

namespace a = answer;
namespace c = cosem::conformance;
using cosem::Apdu;
using cosem::Data;

const cosem::AttributeDescriptor k_list{15, cosem::names::k_current_association, 2};

// A service in use: the request, what says that it was served, and how the client must propose.
struct ServiceUse {
  std::string name;
  std::string title;
  std::uint32_t bit;
  Apdu request;
  unsigned served;
  std::uint16_t max_pdu = 0xFFFF;
};

void use_service(ApplProbe& probe, const ServiceUse& use, bool propose) {
  Context& ctx = probe.target().context();
  probe.associate([&](cosem::ClientSettings& settings) {
    settings.initiate.max_pdu = use.max_pdu;
    settings.initiate.conformance = c::k_offered | use.bit;
    if (!propose) settings.initiate.conformance &= ~use.bit;
  });
  const auto& negotiated = probe.session().association().negotiated();
  const bool granted = negotiated && (negotiated->conformance & use.bit) != 0;
  const unsigned kind = answer_kind(probe.send(cosem::encode_apdu(use.request)));
  if (!propose) {
    ctx.expect(!granted, "not_granted_unasked", granted ? "granted" : "not granted");
    ctx.expect((kind & use.served) == 0, "not_served_unasked", answer_text(kind));
    return;
  }
  ctx.property("granted", granted ? "yes" : "no");
  ctx.expect(((kind & use.served) != 0) == granted, "served_as_granted",
             std::string(granted ? "granted: " : "not granted: ") + answer_text(kind));
}

std::vector<ServiceUse> uses() {
  const Data zero(std::int8_t{0});
  const cosem::AttributeDescriptor clock = objects::clock();
  constexpr unsigned k_result = a::k_value | a::k_success | a::k_refused | a::k_list | a::k_block;
  return {
      {"get", "GET", c::k_get, cosem::GetRequestNormal{.attribute = clock}, k_result},
      {"set", "SET", c::k_set, cosem::SetRequestNormal{.attribute = clock, .value = zero},
       k_result},
      {"action", "ACTION", c::k_action,
       cosem::ActionRequestNormal{.method = objects::push(), .parameters = zero}, k_result},
      {"multiple_references", "GET of a list", c::k_multiple_references,
       cosem::GetRequestWithList{.attributes = {{clock, {}}, {clock, {}}}}, k_result},
      {"block_get", "GET in blocks", c::k_block_transfer_with_get,
       cosem::GetRequestNormal{.attribute = k_list}, a::k_block | a::k_value, 64},
      {"block_set", "SET in blocks", c::k_block_transfer_with_set,
       cosem::SetRequestWithFirstBlock{.attribute = clock, .block = {false, 1, {}}}, k_result},
      {"block_action", "ACTION in blocks", c::k_block_transfer_with_action,
       cosem::ActionRequestWithFirstPblock{.method = objects::push(), .block = {false, 1, {}}},
       k_result},
      {"attribute_0", "GET of attribute 0", c::k_attribute_0_with_get,
       cosem::GetRequestNormal{.attribute = {8, clock.instance, 0}},
       a::k_value | a::k_list | a::k_block},
  };
}

std::vector<ApplCheck> checks() {
  std::vector<ApplCheck> all;
  for (const ServiceUse& use : uses()) {
    for (const bool propose : {true, false}) {
      all.push_back({use.name + (propose ? "_asked" : "_unasked"),
                     use.title + (propose ? ", proposed" : ", not proposed"),
                     "9.4.6.1",
                     Before::associated,
                     {},
                     0,
                     {},
                     [use, propose](ApplProbe& probe) { use_service(probe, use, propose); }});
    }
  }
  return all;
}

const harness::Registration k_registration{appl_procedure(
    {.id = "CONF_APPL_008",
     .title = "Application layer: the conformance block",
     .objective = "each service is served exactly where it was negotiated",
     .severity = harness::Severity::medium,
     .not_exercised = {{"selective access, parameterised access",
                        "the profile's selectors: CONF_OBJ_002"},
                       {"ACCESS, general block transfer, short names",
                        "not in the client's proposal of this procedure: CONF_APPL_013 to 015"}},
     .mutants = {{"CONF_APPL_SERVICE", "not_served_unasked", {"multiple_references_unasked"}}}},
    "none", checks())};

}  // namespace
}  // namespace meterproof::suites::conf_appl_008
