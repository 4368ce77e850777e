// SET and ACTION in blocks: a value longer than an APDU goes to the meter in numbered blocks. It is
// taken whole or not at all: a wrong number, a missing part or a part too much changes nothing.
#include <fmt/format.h>

#include "harness/catalogue.hpp"
#include "suites/conformance/appl_check.hpp"

namespace meterproof::suites::conf_appl_012 {
namespace {

namespace a = answer;
using cosem::Bytes;
using cosem::BytesView;
using cosem::Data;
using cosem::DataBlock;

constexpr const char* k_set = "9.4.6.4";
constexpr const char* k_action = "9.4.6.5";
constexpr std::size_t k_block_octets = 32;
// 12 KiB are more than a meter of this kind needs to write at once.
constexpr std::uint32_t k_endless_blocks = 24;
constexpr std::size_t k_endless_octets = 512;

// The service that carries the blocks.
struct Carrier {
  Bytes (*first)(DataBlock);
  Bytes (*further)(DataBlock);
};
constexpr Carrier k_set_blocks{
    [](DataBlock block) {
      return cosem::encode_apdu(cosem::SetRequestWithFirstBlock{.attribute = objects::writable(),
                                                                .block = std::move(block)});
    },
    [](DataBlock block) {
      return cosem::encode_apdu(cosem::SetRequestWithBlock{.block = std::move(block)});
    }};
constexpr Carrier k_action_blocks{
    [](DataBlock block) {
      return cosem::encode_apdu(cosem::ActionRequestWithFirstPblock{.method = objects::push(),
                                                                    .block = std::move(block)});
    },
    [](DataBlock block) {
      return cosem::encode_apdu(cosem::ActionRequestWithPblock{.block = std::move(block)});
    }};

Data long_note(char letter) {
  return cosem::octet_string(cosem::to_bytes(std::string(100, letter)));
}
Bytes part_of(const Bytes& raw, std::size_t index, std::size_t octets = k_block_octets) {
  const BytesView rest = BytesView(raw).subspan(std::min(index * octets, raw.size()));
  const BytesView part = rest.first(std::min(octets, rest.size()));
  return {part.begin(), part.end()};
}

// Inside an association that may send blocks, with the value that stood there before; false: the
// meter does not grant them, or not what they should carry, and the case is skipped.
class BlockCase {
 public:
  BlockCase(ApplProbe& probe, const Carrier& carrier) : probe_(probe), carrier_(carrier) {
    probe.associate();
    const std::uint32_t bit = &carrier == &k_set_blocks
                                  ? cosem::conformance::k_block_transfer_with_set
                                  : cosem::conformance::k_block_transfer_with_action;
    const auto& negotiated = probe.session().association().negotiated();
    const std::string why = negotiated && (negotiated->conformance & bit) != 0
                                ? needs_of_service()
                                : std::string("the meter does not grant blocks with this service");
    usable_ = why.empty();
    if (!usable_) ctx().skip(why);
  }
  ~BlockCase() {
    if (before_) {
      (void)probe_.send(cosem::encode_apdu(
          cosem::SetRequestNormal{.attribute = objects::writable(), .value = *before_}));
    }
  }
  BlockCase(const BlockCase&) = delete;
  BlockCase& operator=(const BlockCase&) = delete;

  explicit operator bool() const { return usable_; }
  Context& ctx() const { return probe_.target().context(); }
  unsigned first(bool last, std::uint32_t number, Bytes raw) {
    return answer_kind(came_ = probe_.send(carrier_.first({last, number, std::move(raw)})));
  }
  unsigned further(bool last, std::uint32_t number, Bytes raw) {
    return answer_kind(came_ = probe_.send(carrier_.further({last, number, std::move(raw)})));
  }
  // The number that the last answer asks to go on from; 0: it does not.
  std::uint32_t acknowledged() const {
    const auto apdu = came_ ? cosem::decode_apdu(*came_)
                            : cosem::Result<cosem::Apdu>(cosem::CosemError::truncated);
    if (!apdu) return 0;
    if (const auto* set = std::get_if<cosem::SetResponseBlock>(&*apdu)) return set->block_number;
    const auto* action = std::get_if<cosem::ActionResponseNextPblock>(&*apdu);
    return action == nullptr ? 0 : action->block_number;
  }
  // The first block of a transfer, the valid twin of what follows.
  void opened(const Bytes& raw, std::size_t octets) {
    const unsigned kind = first(false, 1, part_of(raw, 0, octets));
    ctx().control_before("first_block", kind == a::k_block && acknowledged() == 1,
                         answer_text(kind));
  }
  std::optional<Data> value() {
    auto got = probe_.session().get(objects::writable(), probe_.target().deadline(),
                                    probe_.target().stop());
    if (!got) return std::nullopt;
    return std::move(*got);
  }
  void expect_unchanged() {
    const auto now = value();
    ctx().expect(now == before_, "nothing_written",
                 now ? cosem::to_hex(cosem::encode_data(*now)).substr(0, 80) : "not readable");
  }
  void expect_refused(unsigned kind, std::string_view name) {
    ctx().expect((kind & a::k_any_refusal) != 0, name, answer_text(kind));
  }

 private:
  ApplProbe& probe_;
  const Carrier& carrier_;
  // The same in one piece must work; why it does not.
  std::string needs_of_service() {
    if (&carrier_ == &k_set_blocks) {
      before_ = value();
      return before_ ? "" : "the meter has no note (0-0:96.50.0.255) to write";
    }
    const unsigned kind = answer_kind(probe_.send(cosem::encode_apdu(cosem::ActionRequestNormal{
        .method = objects::push(), .parameters = Data(std::int8_t{0})})));
    return kind == a::k_success ? "" : "push, the method to call, does not work in one piece";
  }

  bool usable_ = false;
  std::optional<Data> before_;
  std::optional<Bytes> came_;
};

// The parameter of push, integer(0), an octet a block; the note in four.
struct Load {
  Bytes raw;
  std::size_t octets;
  std::size_t blocks() const { return (raw.size() + octets - 1) / octets; }
};
Load load_of(const Carrier& carrier) {
  if (&carrier == &k_set_blocks) return {cosem::encode_data(long_note('b')), k_block_octets};
  return {cosem::encode_data(Data(std::int8_t{0})), 1};
}

void whole(ApplProbe& probe, const Carrier& carrier) {
  BlockCase blocks(probe, carrier);
  if (!blocks) return;
  const Load load = load_of(carrier);
  blocks.opened(load.raw, load.octets);
  unsigned kind = a::k_block;
  bool acknowledged = true;
  for (std::size_t i = 1; i < load.blocks(); ++i) {
    const bool last = i + 1 == load.blocks();
    const auto number = static_cast<std::uint32_t>(i + 1);
    kind = blocks.further(last, number, part_of(load.raw, i, load.octets));
    acknowledged = acknowledged && (last || blocks.acknowledged() == number);
  }
  blocks.ctx().expect(acknowledged, "each_block_acknowledged");
  blocks.ctx().expect(kind == a::k_success, "done", answer_text(kind));
  if (&carrier == &k_set_blocks)
    blocks.ctx().expect(blocks.value() == long_note('b'), "reads_as_written");
  kind = blocks.further(true, static_cast<std::uint32_t>(load.blocks() + 1), part_of(load.raw, 0));
  blocks.expect_refused(kind, "nothing_behind_the_last");
}

// The whole in one block that is the first and the last.
void single(ApplProbe& probe, const Carrier& carrier) {
  BlockCase blocks(probe, carrier);
  if (!blocks) return;
  const unsigned kind = blocks.first(true, 1, load_of(carrier).raw);
  blocks.ctx().expect(kind == a::k_success, "done", answer_text(kind));
}

// A number that is not the next one; what comes after it is no more part of a transfer.
void wrong_number(ApplProbe& probe, const Carrier& carrier, std::uint32_t number) {
  BlockCase blocks(probe, carrier);
  if (!blocks) return;
  const Load load = load_of(carrier);
  blocks.opened(load.raw, load.octets);
  const bool last = load.blocks() == 2;
  const unsigned kind = blocks.further(last, number, part_of(load.raw, 1, load.octets));
  blocks.expect_refused(kind, "wrong_number_refused");
  if (&carrier == &k_set_blocks) blocks.expect_unchanged();
}

// A block twice: refused, or acknowledged once more and not taken twice.
void repeated(ApplProbe& probe, const Carrier& carrier) {
  BlockCase blocks(probe, carrier);
  if (!blocks) return;
  const Load load = load_of(carrier);
  blocks.opened(load.raw, load.octets);
  const unsigned kind = blocks.further(false, 1, part_of(load.raw, 0, load.octets));
  blocks.ctx().expect((kind & a::k_any_refusal) != 0 || blocks.acknowledged() == 1,
                      "not_taken_twice", answer_text(kind));
  if ((kind & a::k_any_refusal) != 0 && &carrier == &k_set_blocks) blocks.expect_unchanged();
}

void first_number(ApplProbe& probe, const Carrier& carrier) {
  BlockCase blocks(probe, carrier);
  if (!blocks) return;
  const Load load = load_of(carrier);
  blocks.expect_refused(blocks.first(false, 0, part_of(load.raw, 0, load.octets)),
                        "wrong_number_refused");
  if (&carrier == &k_set_blocks) blocks.expect_unchanged();
}

// Half of the value, and the meter is told that it was all.
void last_first(ApplProbe& probe, const Carrier& carrier) {
  BlockCase blocks(probe, carrier);
  if (!blocks) return;
  const Load load = load_of(carrier);
  blocks.expect_refused(blocks.first(true, 1, part_of(load.raw, 0, load.octets)),
                        "incomplete_refused");
  if (&carrier == &k_set_blocks) blocks.expect_unchanged();
}

// One octet more than the value says of itself.
void too_long(ApplProbe& probe, const Carrier& carrier) {
  BlockCase blocks(probe, carrier);
  if (!blocks) return;
  Load load = load_of(carrier);
  load.raw.push_back(std::byte{0});
  blocks.opened(load.raw, load.octets);
  unsigned kind = a::k_block;
  for (std::size_t i = 1; i < load.blocks() && kind == a::k_block; ++i) {
    kind = blocks.further(i + 1 == load.blocks(), static_cast<std::uint32_t>(i + 1),
                          part_of(load.raw, i, load.octets));
  }
  blocks.expect_refused(kind, "over_long_refused");
  if (&carrier == &k_set_blocks) blocks.expect_unchanged();
}

// Blocks without end: the meter's memory is its own affair, its life is not. Nothing is written.
void endless(ApplProbe& probe, const Carrier& carrier) {
  BlockCase blocks(probe, carrier);
  if (!blocks) return;
  blocks.opened(load_of(carrier).raw, load_of(carrier).octets);
  unsigned kind = a::k_block;
  std::uint32_t number = 1;
  while (kind == a::k_block && number < k_endless_blocks)
    kind = blocks.further(false, ++number, Bytes(k_endless_octets, std::byte{'x'}));
  blocks.ctx().property("blocks_taken", std::to_string(number));
  blocks.ctx().expect((kind & (a::k_any_refusal | a::k_block)) != 0, "never_done",
                      answer_text(kind));
  if (&carrier == &k_set_blocks) blocks.expect_unchanged();
}

// Without its last block a transfer comes to nothing; another request is served meanwhile.
void missing_last(ApplProbe& probe, const Carrier& carrier) {
  BlockCase blocks(probe, carrier);
  if (!blocks) return;
  const Load load = load_of(carrier);
  blocks.opened(load.raw, load.octets);
  const auto clock =
      probe.send(cosem::encode_apdu(cosem::GetRequestNormal{.attribute = objects::clock()}));
  blocks.ctx().expect(answer_kind(clock) == a::k_value, "other_request_served",
                      answer_text(answer_kind(clock)));
  if (&carrier == &k_set_blocks) blocks.expect_unchanged();
}

// A transfer given up for a new one: only the new one counts.
void restarted(ApplProbe& probe, const Carrier& carrier) {
  BlockCase blocks(probe, carrier);
  if (!blocks) return;
  const Load load = load_of(carrier);
  blocks.opened(&carrier == &k_set_blocks ? cosem::encode_data(long_note('a')) : load.raw,
                load.octets);
  unsigned kind = blocks.first(false, 1, part_of(load.raw, 0, load.octets));
  for (std::size_t i = 1; i < load.blocks() && kind == a::k_block; ++i) {
    kind = blocks.further(i + 1 == load.blocks(), static_cast<std::uint32_t>(i + 1),
                          part_of(load.raw, i, load.octets));
  }
  blocks.ctx().expect(kind == a::k_success, "done", answer_text(kind));
  if (&carrier == &k_set_blocks)
    blocks.ctx().expect(blocks.value() == long_note('b'), "reads_as_written");
}

void of_nothing(ApplProbe& probe, const Carrier& carrier) {
  BlockCase blocks(probe, carrier);
  if (!blocks) return;
  blocks.expect_refused(blocks.further(true, 1, load_of(carrier).raw), "no_transfer_refused");
  if (&carrier == &k_set_blocks) blocks.expect_unchanged();
}

std::vector<ApplCheck> checks() {
  struct Line {
    const char* name;
    const char* title;
    void (*judge)(ApplProbe&, const Carrier&);
  };
  constexpr Line k_lines[] = {
      {"whole", "several blocks, then one behind the last", whole},
      {"single", "one block, the first and the last", single},
      {"number_0", "a first block with number 0", first_number},
      {"number_skipped", "block 3 after block 1",
       [](ApplProbe& probe, const Carrier& carrier) { wrong_number(probe, carrier, 3); }},
      {"number_4294967295", "block 4294967295 after block 1",
       [](ApplProbe& probe, const Carrier& carrier) { wrong_number(probe, carrier, 0xFFFFFFFF); }},
      {"number_repeated", "the first block twice", repeated},
      {"last_first", "the first block says that it is the last", last_first},
      {"missing_last", "the last block does not come, a GET does", missing_last},
      {"too_long", "an octet more than the value has", too_long},
      {"endless", "blocks without a last one, 12 KiB", endless},
      {"restarted", "a new transfer before the end of the first", restarted},
      {"of_nothing", "a further block while no transfer is open", of_nothing},
  };
  std::vector<ApplCheck> all;
  for (const Carrier* carrier : {&k_set_blocks, &k_action_blocks}) {
    const bool set = carrier == &k_set_blocks;
    for (const Line& line : k_lines) {
      all.push_back({std::string(set ? "set_" : "action_") + line.name,
                     std::string(set ? "SET: " : "ACTION: ") + line.title,
                     set ? k_set : k_action,
                     Before::associated,
                     {},
                     0,
                     {},
                     [carrier, judge = line.judge](ApplProbe& probe) { judge(probe, *carrier); }});
    }
  }
  return all;
}

const harness::Registration k_registration{
    appl_procedure({.id = "CONF_APPL_012",
                    .title = "Application layer: SET and ACTION in blocks",
                    .objective = "a value in blocks is taken whole and in order, or not at all",
                    .severity = harness::Severity::high,
                    .mutants = {{"CONF_APPL_PBLOCK",
                                 "wrong_number_refused",
                                 {"set_number_skipped", "action_number_skipped", "set_number_0"}},
                                {"CONF_APPL_PBLOCK", "not_taken_twice", {"set_number_repeated"}}}},
                   "hls_gmac", checks())};

}  // namespace
}  // namespace meterproof::suites::conf_appl_012
