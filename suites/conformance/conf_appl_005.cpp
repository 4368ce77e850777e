// GET: what is asked for is answered under its own invoke-id, and what is malformed, unknown or
// incomplete is refused.
#include <fmt/format.h>

#include "harness/catalogue.hpp"
#include "suites/conformance/appl_check.hpp"

namespace meterproof::suites::conf_appl_005 {
namespace {

namespace a = answer;
using cosem::Bytes;

constexpr const char* k_get = "9.4.6.3";
constexpr const char* k_syntax = "9.5";

Bytes get_clock(std::uint8_t invoke = 0xC1) {
  return cosem::encode_apdu(
      cosem::GetRequestNormal{.invoke = invoke, .attribute = objects::clock()});
}

// Every invoke-id and priority comes back as it went.
void invoke_ids(ApplProbe& probe) {
  probe.associate();
  Context& ctx = probe.target().context();
  std::string wrong;
  for (unsigned id = 0; id < 16; ++id) {
    const auto invoke = static_cast<std::uint8_t>(0x40 | (id % 2 == 0 ? 0x80 : 0) | id);
    const auto came = probe.send(get_clock(invoke));
    const bool same = came && came->size() > 2 && (*came)[2] == std::byte{invoke};
    if (!same) wrong += fmt::format("{}{:02X}", wrong.empty() ? "" : ", ", invoke);
  }
  ctx.expect(wrong.empty(), "invoke_id_comes_back", wrong.empty() ? "16 ids" : "not: " + wrong);
}

// Cut at every octet: each a request that is not whole.
void missing_elements(ApplProbe& probe) {
  probe.associate();
  Context& ctx = probe.target().context();
  const Bytes whole = get_clock();
  std::string answered;
  for (std::size_t size = 1; size < whole.size(); ++size) {
    const auto came =
        probe.send({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)}, false);
    const unsigned kind = answer_kind(came);
    if ((kind & a::k_any_refusal) == 0) {
      answered +=
          fmt::format("{}{} octets: {}", answered.empty() ? "" : "; ", size, answer_text(kind));
    }
  }
  ctx.expect(answered.empty(), "incomplete_refused",
             answered.empty() ? fmt::format("{} lengths", whole.size() - 1) : answered);
}

ApplCheck attribute(std::string name, std::string title, cosem::AttributeDescriptor what,
                    unsigned accepted = a::k_any_refusal) {
  return {
      std::move(name),
      "GET: " + std::move(title),
      k_get,
      Before::associated,
      [what](ApplProbe&) { return cosem::encode_apdu(cosem::GetRequestNormal{.attribute = what}); },
      accepted,
      {},
      {}};
}

ApplCheck octets(std::string name, std::string title, void (*change)(Bytes&)) {
  return {std::move(name),
          "GET: " + std::move(title),
          k_syntax,
          Before::associated,
          [change](ApplProbe&) {
            Bytes apdu = get_clock();
            change(apdu);
            return apdu;
          },
          a::k_any_refusal,
          {},
          {}};
}

std::vector<ApplCheck> checks() {
  const cosem::AttributeDescriptor clock = objects::clock();
  const cosem::LogicalName nowhere{{1, 2, 3, 4, 5, 6}};
  return {
      attribute("valid", "the clock", clock, a::k_value),
      {"invoke_ids",
       "GET: every invoke-id and both priorities",
       k_get,
       Before::associated,
       {},
       0,
       {},
       invoke_ids},
      {"missing_elements",
       "GET: cut at every octet",
       k_syntax,
       Before::associated,
       {},
       0,
       {},
       missing_elements},
      octets("choice_0", "choice 0, which does not exist",
             [](Bytes& apdu) { apdu[1] = std::byte{0}; }),
      octets("choice_unknown", "choice 77, which does not exist",
             [](Bytes& apdu) { apdu[1] = std::byte{77}; }),
      octets("trailing", "octets behind the request",
             [](Bytes& apdu) { apdu.resize(apdu.size() + 5, std::byte{0x55}); }),
      octets("access_flag", "a flag of selective access that is neither 0 nor 1 and nothing behind",
             [](Bytes& apdu) { apdu.back() = std::byte{2}; }),
      attribute("name_unknown", "a logical name that does not exist", {8, nowhere, 2}),
      attribute("name_illegal", "a logical name of 255s", {8, {{255, 255, 255, 255, 255, 255}}, 2}),
      attribute("class_unknown", "a class that does not exist", {9999, clock.instance, 2}),
      attribute("class_other", "the right name, another class", {3, clock.instance, 2}),
      attribute("attribute_unknown", "an attribute the class does not have",
                {8, clock.instance, 99}),
      attribute("attribute_negative", "a negative attribute", {8, clock.instance, -1}),
      attribute("attribute_0", "attribute 0, which was not negotiated", {8, clock.instance, 0}),
      {"next_of_nothing",
       "GET: a next block of no transfer",
       k_get,
       Before::associated,
       [](ApplProbe&) { return cosem::encode_apdu(cosem::GetRequestNext{.block_number = 1}); },
       a::k_any_refusal,
       {},
       {}},
  };
}

const harness::Registration k_registration{appl_procedure(
    {.id = "CONF_APPL_005",
     .title = "Application layer: GET",
     .objective = "a valid GET is answered under its invoke-id; unknown, malformed and incomplete "
                  "ones are refused",
     .severity = harness::Severity::medium,
     .mutants = {{"CONF_APPL_INVOKE", "invoke_id_comes_back", {"invoke_ids"}},
                 {"CONF_APPL_TRAILING", "answer", {"trailing"}}}},
    "none", checks())};

}  // namespace
}  // namespace meterproof::suites::conf_appl_005
