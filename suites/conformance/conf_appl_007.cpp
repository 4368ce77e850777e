// Blocks: a value longer than an APDU comes in numbered blocks, asked for one by one; a wrong
// number ends the transfer, and so does another request.
#include <fmt/format.h>

#include "harness/catalogue.hpp"
#include "suites/conformance/appl_check.hpp"

namespace meterproof::suites::conf_appl_007 {
namespace {

namespace a = answer;
using cosem::Bytes;

constexpr const char* k_get = "9.4.6.3";
constexpr const char* k_set = "9.4.6.4";
constexpr std::uint16_t k_short_pdu = 64;

// The object list of the association: long with every meter.
Bytes get_list() {
  return cosem::encode_apdu(
      cosem::GetRequestNormal{.attribute = {15, cosem::names::k_current_association, 2}});
}
Bytes next(std::uint32_t number) {
  return cosem::encode_apdu(cosem::GetRequestNext{.block_number = number});
}

std::optional<cosem::GetResponseWithBlock> block_in(const std::optional<Bytes>& octets) {
  if (!octets) return std::nullopt;
  const auto apdu = cosem::decode_apdu(*octets);
  const auto* block = apdu ? std::get_if<cosem::GetResponseWithBlock>(&*apdu) : nullptr;
  if (block == nullptr) return std::nullopt;
  return *block;
}

// The first block, the valid twin of every line here.
cosem::GetResponseWithBlock first_block(ApplProbe& probe) {
  probe.associate([](cosem::ClientSettings& settings) { settings.initiate.max_pdu = k_short_pdu; });
  const auto block = block_in(probe.send(get_list()));
  probe.target().context().control_before("first_block", block && block->block_number == 1,
                                          "the object list, APDUs of 64 octets");
  return *block;
}

void whole(ApplProbe& probe) {
  Context& ctx = probe.target().context();
  std::optional<cosem::GetResponseWithBlock> block = first_block(probe);
  Bytes raw;
  std::uint32_t number = 0;
  bool in_order = true;
  while (block) {
    in_order = in_order && block->block_number == ++number;
    if (const auto* part = std::get_if<Bytes>(&block->result)) cosem::append(raw, *part);
    if (block->last || number > 10000) break;
    block = block_in(probe.send(next(number)));
  }
  ctx.expect(block && block->last && in_order, "blocks_in_order", fmt::format("{} blocks", number));
  const auto value = cosem::decode_data(raw);
  ctx.expect(value && value->as<cosem::Array>() != nullptr, "value_is_whole",
             fmt::format("{} octets", raw.size()));
  const auto more = probe.send(next(number));
  ctx.expect((answer_kind(more) & a::k_any_refusal) != 0, "nothing_behind_the_last",
             answer_text(answer_kind(more)));
}

ApplCheck wrong_number(std::string name, std::uint32_t number) {
  return {std::move(name),
          fmt::format("GET: next block after number {} instead of 1", number),
          k_get,
          Before::associated,
          {},
          0,
          {},
          [number](ApplProbe& probe) {
            (void)first_block(probe);
            Context& ctx = probe.target().context();
            const auto came = probe.send(next(number));
            ctx.expect((answer_kind(came) & a::k_any_refusal) != 0, "wrong_number_refused",
                       answer_text(answer_kind(came)));
          }};
}

// Another request gives the transfer up and is served.
void given_up(ApplProbe& probe) {
  (void)first_block(probe);
  Context& ctx = probe.target().context();
  const auto clock =
      probe.send(cosem::encode_apdu(cosem::GetRequestNormal{.attribute = objects::clock()}));
  ctx.expect(answer_kind(clock) == a::k_value, "other_request_served",
             answer_text(answer_kind(clock)));
}

Bytes set_first(bool last, std::uint32_t number, std::string_view raw) {
  return cosem::encode_apdu(cosem::SetRequestWithFirstBlock{
      .attribute = objects::clock(), .block = {last, number, cosem::to_bytes(std::string(raw))}});
}

// The first block of a SET whose number is not 1.
void set_wrong_number(ApplProbe& probe) {
  probe.associate();
  Context& ctx = probe.target().context();
  const auto came = probe.send(set_first(false, 7, "abc"));
  ctx.expect((answer_kind(came) & a::k_any_refusal) != 0, "wrong_number_refused",
             answer_text(answer_kind(came)));
}

std::vector<ApplCheck> checks() {
  return {
      {"get_whole",
       "GET: the object list in blocks of 64 octets",
       k_get,
       Before::associated,
       {},
       0,
       {},
       whole},
      wrong_number("get_number_0", 0),
      wrong_number("get_number_7", 7),
      wrong_number("get_number_4294967295", 0xFFFFFFFF),
      {"get_given_up",
       "GET: another request between two blocks",
       k_get,
       Before::associated,
       {},
       0,
       {},
       given_up},
      {"set_number_7",
       "SET: a first block with number 7",
       k_set,
       Before::associated,
       {},
       0,
       {},
       set_wrong_number},
  };
}

const harness::Registration k_registration{appl_procedure(
    {.id = "CONF_APPL_007",
     .title = "Application layer: block transfer",
     .objective = "long values come whole in numbered blocks; a wrong number ends the transfer",
     .severity = harness::Severity::medium,
     .mutants = {{"CONF_APPL_BLOCK", "wrong_number_refused", {"get_number_7"}}}},
    "none", checks())};

}  // namespace
}  // namespace meterproof::suites::conf_appl_007
