// APDUs that are no request, or of services this association does not have: refused or dropped,
// never answered as something else.
#include <fmt/format.h>

#include "harness/catalogue.hpp"
#include "suites/conformance/appl_check.hpp"

namespace meterproof::suites::conf_appl_011 {
namespace {

namespace a = answer;
using cosem::Bytes;

// Every first octet that stands for no request of LN referencing, with something behind it.
void unknown_tags(ApplProbe& probe) {
  probe.associate();
  Context& ctx = probe.target().context();
  std::string answered;
  int sent = 0;
  const unsigned step = ctx.by_tier(8U, 1U, 1U);
  for (unsigned tag = 0; tag < 256; tag += step) {
    const bool request = tag == 0x60 || tag == 0x62 || tag == 0xC0 || tag == 0xC1 || tag == 0xC3;
    if (request) continue;
    ++sent;
    Bytes apdu =
        octets_of({tag, 0x01, 0xC1, 0x00, 0x08, 0x00, 0x00, 0x01, 0x00, 0x00, 0xFF, 0x02, 0x00});
    const auto came = probe.send(apdu, false);
    const unsigned kind = answer_kind(came);
    if ((kind & (a::k_any_refusal)) == 0) {
      answered += fmt::format("{}{:02X}: {}", answered.empty() ? "" : "; ", tag, answer_text(kind));
    }
    if (!came) probe.associate();
  }
  ctx.expect(answered.empty(), "unknown_refused",
             answered.empty() ? fmt::format("{} first octets", sent) : answered);
  ctx.exercised(fmt::format("{} first octets", sent));
}

ApplCheck line(std::string name, std::string title, Bytes apdu) {
  return {std::move(name),
          std::move(title),
          "9.4.6",
          Before::associated,
          [apdu = std::move(apdu)](ApplProbe&) { return apdu; },
          a::k_any_refusal,
          {},
          {}};
}

std::vector<ApplCheck> checks() {
  return {
      {"unknown_tags",
       "first octets that stand for nothing",
       "9.4.6",
       Before::associated,
       {},
       0,
       {},
       unknown_tags},
      line("read", "READ of short names, which were not negotiated",
           octets_of({0x05, 0x01, 0x02, 0xFA, 0x00})),
      line("write", "WRITE of short names, which were not negotiated",
           octets_of({0x06, 0x01, 0x02, 0xFA, 0x00, 0x01, 0x0F, 0x00})),
      line("get_response", "a GET response, which only a server sends",
           cosem::encode_apdu(cosem::GetResponseNormal{.result = cosem::Data(true)})),
      line("exception", "an exception-response", cosem::encode_apdu(cosem::ExceptionResponse{})),
      line("notification", "a data-notification, which only a server sends",
           cosem::encode_apdu(cosem::DataNotification{.body = cosem::Data(true)})),
      line("one_octet", "the first octet of a GET alone", octets_of({0xC0})),
  };
}

const harness::Registration k_registration{
    appl_procedure({.id = "CONF_APPL_011",
                    .title = "Application layer: what is no request",
                    .objective = "unknown and unsupported APDUs are refused or dropped",
                    .severity = harness::Severity::medium,
                    .mutants = {{"CONF_APPL_UNKNOWN", "unknown_refused", {"unknown_tags"}},
                                {"CONF_APPL_SPIN", "recovers", {"one_octet"}}}},
                   "none", checks())};

}  // namespace
}  // namespace meterproof::suites::conf_appl_011
