// The longest APDU that the client takes: no answer is longer, whatever was asked.
#include <fmt/format.h>

#include "harness/catalogue.hpp"
#include "suites/conformance/appl_check.hpp"

namespace meterproof::suites::conf_appl_010 {
namespace {

void no_longer_than(ApplProbe& probe, std::uint16_t max_pdu) {
  probe.associate([&](cosem::ClientSettings& settings) { settings.initiate.max_pdu = max_pdu; });
  Context& ctx = probe.target().context();
  std::size_t longest = 0;
  const auto ask = [&](const cosem::Apdu& apdu) {
    const auto came = probe.send(cosem::encode_apdu(apdu));
    if (came) longest = std::max(longest, came->size());
    return came;
  };
  const cosem::AttributeDescriptor list{15, cosem::names::k_current_association, 2};
  const cosem::SelectedAttribute clock{objects::clock(), {}};
  (void)ask(cosem::GetRequestNormal{.attribute = objects::clock()});
  (void)ask(cosem::GetRequestWithList{.attributes = std::vector(6, clock)});
  auto block = ask(cosem::GetRequestNormal{.attribute = list});
  for (std::uint32_t number = 1; number <= 3 && answer_kind(block) == answer::k_block; ++number) {
    block = ask(cosem::GetRequestNext{.block_number = number});
  }
  ctx.expect(longest > 0 && longest <= max_pdu, "no_longer_apdu",
             fmt::format("longest answer: {} octets of {}", longest, max_pdu));
}

std::vector<ApplCheck> checks() {
  std::vector<ApplCheck> all;
  for (const std::uint16_t max_pdu : std::initializer_list<std::uint16_t>{32, 64, 128, 512}) {
    all.push_back({fmt::format("octets_{}", max_pdu),
                   fmt::format("APDUs of {} octets at most", max_pdu),
                   "9.4.6.1",
                   Before::associated,
                   {},
                   0,
                   {},
                   [max_pdu](ApplProbe& probe) { no_longer_than(probe, max_pdu); }});
  }
  return all;
}

const harness::Registration k_registration{
    appl_procedure({.id = "CONF_APPL_010",
                    .title = "Application layer: the longest APDU",
                    .objective = "no answer is longer than the client said it takes",
                    .severity = harness::Severity::medium,
                    .mutants = {{"CONF_APPL_PDU", "no_longer_apdu", {"octets_128"}}}},
                   "none", checks())};

}  // namespace
}  // namespace meterproof::suites::conf_appl_010
