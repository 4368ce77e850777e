// Ciphering of an association: the answer comes in the form that was asked, and a protected request
// that is wrong in its header only is refused. Tags, counters, replay and downgrade in number:
// SEC_DLMS_001, 003, 004.
#include <fmt/format.h>

#include "harness/catalogue.hpp"
#include "suites/conformance/appl_check.hpp"

namespace meterproof::suites::conf_sec_001 {
namespace {

namespace a = answer;
using cosem::Bytes;
using cosem::CipherForm;

constexpr const char* k_forms = "9.2.7.2.4";
constexpr const char* k_header = "9.2.7.2.3";

Bytes get_clock() {
  return cosem::encode_apdu(cosem::GetRequestNormal{.attribute = objects::clock()});
}

void answered_in(ApplProbe& probe, CipherForm form) {
  probe.associate([&](cosem::ClientSettings& settings) {
    settings.form = form;
    settings.initiate.conformance |= cosem::conformance::k_general_protection;
  });
  Context& ctx = probe.target().context();
  Bytes came;
  probe.session().interceptors().ciphered_in = [&](Bytes& octets) { came = octets; };
  const auto answered = probe.send(get_clock());
  probe.session().interceptors().ciphered_in = {};
  ctx.expect(answer_kind(answered) == a::k_value, "answer", answer_text(answer_kind(answered)));
  const auto ciphered = cosem::parse_ciphered(came);
  ctx.expect(ciphered && ciphered->form == form, "same_form",
             came.empty()
                 ? "nothing"
                 : fmt::format("first octet {:02X}", std::to_integer<unsigned>(came.front())));
  const std::uint8_t control = probe.session().association().settings().control;
  ctx.expect(ciphered && (ciphered->control & 0x30) == control, "same_protection",
             ciphered ? fmt::format("security control {:02X}", ciphered->control) : "");
}

// changes the protected octets: tag of the APDU, length, SC, IC, ciphertext, tag.
ApplCheck spoiled(std::string name, std::string title, void (*spoil)(Bytes&)) {
  return {std::move(name),
          std::move(title),
          k_header,
          Before::associated,
          {},
          0,
          {},
          [spoil](ApplProbe& probe) {
            probe.associate();
            Context& ctx = probe.target().context();
            const auto valid = probe.send(get_clock());
            ctx.control_before("valid_request_answered", answer_kind(valid) == a::k_value,
                               answer_text(answer_kind(valid)));
            probe.session().interceptors().ciphered_out = [spoil](Bytes& octets) { spoil(octets); };
            const auto came = probe.send(get_clock());
            probe.session().interceptors().ciphered_out = {};
            ctx.expect((answer_kind(came) & a::k_any_refusal) != 0, "refused",
                       answer_text(answer_kind(came)));
          }};
}

std::vector<ApplCheck> checks() {
  return {
      {"global",
       "service-specific ciphering is answered alike",
       k_forms,
       Before::associated,
       {},
       0,
       {},
       [](ApplProbe& probe) { answered_in(probe, CipherForm::global); }},
      {"general_global",
       "general-glo-ciphering is answered alike",
       k_forms,
       Before::associated,
       {},
       0,
       {},
       [](ApplProbe& probe) { answered_in(probe, CipherForm::general_global); }},
      spoiled("tag_bit", "one bit of the authentication tag wrong",
              [](Bytes& octets) { octets.back() ^= std::byte{1}; }),
      spoiled("tag_cut", "the authentication tag less its last octet",
              [](Bytes& octets) {
                octets.pop_back();
                octets[1] = static_cast<std::byte>(std::to_integer<unsigned>(octets[1]) - 1);
              }),
      spoiled("suite", "another security suite in the security control octet",
              [](Bytes& octets) { octets[2] ^= std::byte{0x05}; }),
      spoiled("key_set", "the broadcast key said, the unicast key used",
              [](Bytes& octets) { octets[2] ^= std::byte{0x40}; }),
      spoiled("compression", "compression said, none used",
              [](Bytes& octets) { octets[2] ^= std::byte{0x80}; }),
      spoiled("protection_cleared", "security control 0 on a protected request",
              [](Bytes& octets) { octets[2] = std::byte{0}; }),
      spoiled("other_service", "the ciphered tag of SET on a GET",
              [](Bytes& octets) { octets[0] = std::byte{0xC9}; }),
      spoiled("dedicated", "the dedicated form, without a dedicated key",
              [](Bytes& octets) { octets[0] = std::byte{0xD0}; }),
      spoiled("length", "a length one too long",
              [](Bytes& octets) {
                octets[1] = static_cast<std::byte>(std::to_integer<unsigned>(octets[1]) + 1);
              }),
  };
}

const harness::Registration k_registration{appl_procedure(
    {.id = "CONF_SEC_001",
     .title = "Security: form and header of ciphered APDUs",
     .objective = "answers are ciphered as the request was, and a wrong header is refused",
     .severity = harness::Severity::high,
     .not_exercised = {{"general-ciphering, general-signing, suites 1 and 2",
                        "the type declares no such client"}},
     .mutants = {{"CONF_SEC_FORM", "same_form", {"general_global"}},
                 {"CONF_SEC_SERVICE", "refused", {"other_service"}}}},
    "hls_gmac", checks())};

}  // namespace
}  // namespace meterproof::suites::conf_sec_001
