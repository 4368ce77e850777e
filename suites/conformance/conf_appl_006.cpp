// SET and ACTION of a client with rights: what may be written is written and read back; what is
// unknown, read only, malformed or incomplete is refused and changes nothing.
#include "harness/catalogue.hpp"
#include "suites/conformance/appl_check.hpp"

namespace meterproof::suites::conf_appl_006 {
namespace {

namespace a = answer;
using cosem::AttributeDescriptor;
using cosem::Bytes;
using cosem::Data;

constexpr const char* k_set = "9.4.6.4";
constexpr const char* k_action = "9.4.6.5";
constexpr const char* k_syntax = "9.5";

Data note(const char* text) { return cosem::octet_string(cosem::to_bytes(text)); }

Bytes set_of(const AttributeDescriptor& attribute, Data value) {
  return cosem::encode_apdu(
      cosem::SetRequestNormal{.attribute = attribute, .value = std::move(value)});
}

Bytes action_of(const cosem::MethodDescriptor& method, std::optional<Data> parameters) {
  return cosem::encode_apdu(
      cosem::ActionRequestNormal{.method = method, .parameters = std::move(parameters)});
}

ApplCheck line(std::string name, std::string title, const char* clause, Bytes apdu,
               unsigned accepted = a::k_any_refusal) {
  return {std::move(name),
          std::move(title),
          clause,
          Before::associated,
          [apdu = std::move(apdu)](ApplProbe&) { return apdu; },
          accepted,
          {},
          {}};
}

Bytes get_note() {
  return cosem::encode_apdu(cosem::GetRequestNormal{.attribute = objects::writable()});
}

// What the note holds; a meter without one is skipped.
std::optional<Data> held_note(ApplProbe& probe) {
  const auto answered = probe.send(get_note());
  auto decoded = answered ? cosem::decode_apdu(*answered)
                          : cosem::Result<cosem::Apdu>(cosem::CosemError::truncated);
  auto* held = decoded ? std::get_if<cosem::GetResponseNormal>(&*decoded) : nullptr;
  auto* value = held != nullptr ? std::get_if<Data>(&held->result) : nullptr;
  if (value != nullptr) return std::move(*value);
  probe.target().context().skip("the meter has no note (0-0:96.50.0.255) to write");
  return std::nullopt;
}

void written_and_read(ApplProbe& probe) {
  probe.associate();
  Context& ctx = probe.target().context();
  const auto old = held_note(probe);
  if (!old) return;
  const auto set = probe.send(set_of(objects::writable(), note("conform")));
  ctx.expect(answer_kind(set) == a::k_success, "set_succeeds", answer_text(answer_kind(set)));
  const auto after = probe.send(get_note());
  ctx.expect(after == cosem::encode_apdu(cosem::GetResponseNormal{.result = note("conform")}),
             "reads_as_written", after ? cosem::to_hex(*after) : "silence");
  (void)probe.send(set_of(objects::writable(), *old));
}

// A SET that is not whole must not be half done.
void cut_set(ApplProbe& probe) {
  probe.associate();
  Context& ctx = probe.target().context();
  const auto old = held_note(probe);
  if (!old) return;
  (void)probe.send(set_of(objects::writable(), note("before")));
  const Bytes whole = set_of(objects::writable(), note("forged"));
  std::string done;
  for (std::size_t size = 1; size < whole.size(); ++size) {
    const auto came =
        probe.send({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)}, false);
    if ((answer_kind(came) & a::k_any_refusal) == 0) done += std::to_string(size) + " octets; ";
    if (!came) probe.associate();
  }
  ctx.expect(done.empty(), "incomplete_refused", done.empty() ? "every length" : done);
  const auto value = probe.send(get_note());
  ctx.expect(value == cosem::encode_apdu(cosem::GetResponseNormal{.result = note("before")}),
             "nothing_written", value ? cosem::to_hex(*value) : "silence");
  (void)probe.send(set_of(objects::writable(), *old));
}

std::vector<ApplCheck> checks() {
  const cosem::LogicalName nowhere{{1, 2, 3, 4, 5, 6}};
  const AttributeDescriptor writable = objects::writable();
  const cosem::MethodDescriptor push = objects::push();
  const Data zero(std::int8_t{0});
  const auto changed = [&](std::size_t octet, unsigned value) {
    Bytes apdu = set_of(writable, note("forged"));
    apdu[octet] = static_cast<std::byte>(value);
    return apdu;
  };
  Bytes bad_type = set_of(writable, note("forged"));
  bad_type[13] = std::byte{0x7F};
  Bytes action_choice = action_of(push, zero);
  action_choice[1] = std::byte{77};
  return {
      {"set_valid",
       "SET: written and read back",
       k_set,
       Before::associated,
       {},
       0,
       {},
       written_and_read},
      {"set_cut", "SET: cut at every octet", k_syntax, Before::associated, {}, 0, {}, cut_set},
      line("set_choice_unknown", "SET: a choice that does not exist", k_syntax, changed(1, 77)),
      line("set_type_unknown", "SET: a value of no type", k_syntax, bad_type),
      line("set_read_only", "SET: the logical name of an object", k_set,
           set_of({1, writable.instance, 1}, cosem::octet_string(nowhere))),
      line("set_name_unknown", "SET: a logical name that does not exist", k_set,
           set_of({1, nowhere, 2}, note("forged"))),
      line("set_class_other", "SET: the right name, another class", k_set,
           set_of({3, writable.instance, 2}, note("forged"))),
      line("set_attribute_unknown", "SET: an attribute the class does not have", k_set,
           set_of({1, writable.instance, 99}, note("forged"))),
      line("set_block_of_nothing", "SET: a further block of no transfer", k_set,
           cosem::encode_apdu(
               cosem::SetRequestWithBlock{.block = {true, 2, cosem::encode_data(note("forged"))}})),
      line("action_name_unknown", "ACTION: a logical name that does not exist", k_action,
           action_of({40, nowhere, 1}, zero)),
      line("action_method_unknown", "ACTION: a method the class does not have", k_action,
           action_of({40, push.instance, 99}, zero)),
      line("action_parameter_type", "ACTION: a parameter of another type", k_action,
           action_of(push, note("forged"))),
      line("action_choice_unknown", "ACTION: a choice that does not exist", k_syntax,
           action_choice),
  };
}

const harness::Registration k_registration{appl_procedure(
    {.id = "CONF_APPL_006",
     .title = "Application layer: SET and ACTION",
     .objective = "what a client may write is written; unknown, read-only, malformed and "
                  "incomplete requests are refused and change nothing",
     .severity = harness::Severity::high,
     .mutants = {{"CONF_APPL_READONLY", "answer", {"set_read_only"}},
                 {"CONF_APPL_METHOD", "answer", {"action_method_unknown"}}}},
    "hls_gmac", checks())};

}  // namespace
}  // namespace meterproof::suites::conf_appl_006
