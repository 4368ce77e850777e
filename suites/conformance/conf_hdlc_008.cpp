// The LLC sublayer: an APDU is handed up only behind the header of commands; what comes behind
// another header is discarded in silence, and the HDLC connection does not notice.
#include "harness/catalogue.hpp"
#include "suites/conformance/hdlc_check.hpp"

namespace meterproof::suites::conf_hdlc_008 {
namespace {

using hdlc::Bytes;
namespace r = reaction;

const harness::Clause k_llc{"IEC 62056-46:2007", "5.3"};

HdlcCheck header(std::string name, std::string title, void (*change)(Bytes&), unsigned accepted) {
  return {std::move(name),
          std::move(title),
          k_llc,
          true,
          [change](HdlcProbe& probe) {
            Bytes message = with_llc(aarq_of(probe.target(), probe.target().client_with("none")));
            change(message);
            return hdlc::encode(probe.information(std::move(message)));
          },
          accepted,
          After::connected,
          {}};
}

std::vector<HdlcCheck> checks() {
  constexpr unsigned k_nothing = r::k_rr | r::k_silence;
  return {
      header(
          "command", "AARQ behind E6 E6 00", [](Bytes&) {}, r::k_i),
      header(
          "response", "AARQ behind the header of responses",
          [](Bytes& message) { message[1] = std::byte{0xE7}; }, k_nothing),
      header(
          "other_destination", "AARQ to another LSAP",
          [](Bytes& message) { message[0] = std::byte{0x54}; }, k_nothing),
      header(
          "missing", "AARQ without LLC header",
          [](Bytes& message) { message.erase(message.begin(), message.begin() + 3); }, k_nothing),
      header(
          "alone", "an LLC header and nothing behind it", [](Bytes& message) { message.resize(3); },
          k_nothing),
      header(
          "half", "half an LLC header", [](Bytes& message) { message.resize(2); }, k_nothing),
  };
}

const harness::Registration k_registration{hdlc_procedure(
    {.id = "CONF_HDLC_008",
     .title = "HDLC: the LLC sublayer",
     .objective = "an APDU behind a wrong LLC header is discarded and the connection kept",
     .severity = harness::Severity::low,
     .mutants = {{"CONF_HDLC_LLC", "reaction", {"response"}}}},
    checks())};

}  // namespace
}  // namespace meterproof::suites::conf_hdlc_008
