// Short names: Read, Write and UnconfirmedWrite in an association that refers to objects by base
// names. What the object list names is served, every other name is refused for itself, and values
// longer than an APDU come in blocks. For meters whose type says that they offer short names.
#include <fmt/format.h>

#include <set>

#include "harness/catalogue.hpp"
#include "suites/conformance/appl_check.hpp"

namespace meterproof::suites::conf_appl_015 {
namespace {

namespace a = answer;
using cosem::Bytes;
using cosem::Data;
using cosem::DataAccessResult;
using cosem::ReadResult;
using cosem::VariableName;

constexpr const char* k_clause = "9.4.6";
constexpr std::uint16_t k_object_list = cosem::base_names::k_association + 8;
constexpr std::uint16_t k_no_name = 0xFFF8;
constexpr std::uint16_t k_short_pdu = 64;
constexpr std::size_t k_most_blocks = 10000;

Data note(const char* text) { return cosem::octet_string(cosem::to_bytes(text)); }

class ShortCase {
 public:
  // Skips where short names are not offered, and says so.
  ShortCase(ApplProbe& probe, std::uint16_t max_pdu) : probe_(probe) {
    if (probe.target().type().referencing == "ln") {
      ctx().skip("the meter type offers no short names");
      return;
    }
    probe.associate([&](cosem::ClientSettings& settings) {
      settings.referencing = cosem::Referencing::short_name;
      settings.initiate.conformance = cosem::conformance::k_offered_short_names;
      settings.initiate.max_pdu = max_pdu;
    });
    usable_ = true;
  }
  ~ShortCase() {
    if (before_) (void)write(note_name(), *before_);
  }
  ShortCase(const ShortCase&) = delete;
  ShortCase& operator=(const ShortCase&) = delete;

  explicit operator bool() const { return usable_; }
  Context& ctx() const { return probe_.target().context(); }
  bool granted(std::uint32_t bit) {
    const auto& negotiated = probe_.session().association().negotiated();
    return negotiated && (negotiated->conformance & bit) != 0;
  }
  // The short name of an attribute, by the meter's own list.
  std::uint16_t name_of(const cosem::AttributeDescriptor& what) {
    const auto names =
        probe_.session().short_names(probe_.target().deadline(), probe_.target().stop());
    ctx().require(names.has_value(), "object_list_readable", said(names));
    const auto* object = (*names)->find(what.class_id, what.instance);
    ctx().require(object != nullptr, "object_has_a_name", what.instance.to_string());
    return cosem::attribute_short_name(object->base, what.attribute).value_or(0);
  }
  std::uint16_t note_name() { return name_of(objects::writable()); }
  // The value that stood there is put back at the end.
  void keep_note() {
    auto result = read(note_name());
    if (auto* value = std::get_if<Data>(&result)) before_ = std::move(*value);
    ctx().control_before("readable", before_.has_value());
  }

  std::optional<Bytes> send(const cosem::ShortNameApdu& apdu, bool patient = true) {
    return probe_.send(cosem::encode_short_name(apdu), patient);
  }
  std::optional<Bytes> send_octets(const Bytes& octets, bool patient = true) {
    return probe_.send(octets, patient);
  }
  // The results of a Read; empty: it was refused as a whole.
  std::vector<ReadResult> read_all(std::vector<cosem::VariableAccess> variables) {
    came_ = send(cosem::ReadRequest{std::move(variables)});
    const auto apdu = came_ ? cosem::decode_short_name(*came_)
                            : cosem::Result<cosem::ShortNameApdu>(cosem::CosemError::truncated);
    const auto* response = apdu ? std::get_if<cosem::ReadResponse>(&*apdu) : nullptr;
    return response == nullptr ? std::vector<ReadResult>{} : response->results;
  }
  ReadResult read(std::uint16_t name) {
    auto results = read_all({VariableName{name}});
    if (results.size() != 1) return DataAccessResult::other_reason;
    return std::move(results.front());
  }
  std::vector<cosem::WriteResult> write_all(std::vector<cosem::VariableAccess> variables,
                                            std::vector<Data> values) {
    came_ = send(cosem::WriteRequest{std::move(variables), std::move(values)});
    const auto apdu = came_ ? cosem::decode_short_name(*came_)
                            : cosem::Result<cosem::ShortNameApdu>(cosem::CosemError::truncated);
    const auto* response = apdu ? std::get_if<cosem::WriteResponse>(&*apdu) : nullptr;
    return response == nullptr ? std::vector<cosem::WriteResult>{} : response->results;
  }
  bool write(std::uint16_t name, const Data& value) {
    const auto results = write_all({VariableName{name}}, {value});
    return results.size() == 1 && results.front() == cosem::WriteResult(DataAccessResult::success);
  }
  std::string came() const {
    return came_ ? cosem::to_hex(*came_).substr(0, 80) : std::string("silence");
  }
  void expect_refused(const ReadResult& result, std::string_view name) {
    const bool value = std::holds_alternative<Data>(result) ||
                       std::holds_alternative<cosem::DataBlockResult>(result);
    ctx().expect(!value && result != ReadResult(DataAccessResult::success), name, came());
  }
  void expect_note(const std::optional<Data>& wanted, std::string_view name) {
    const auto now = read(note_name());
    const auto* value = std::get_if<Data>(&now);
    ctx().expect(value != nullptr && wanted && *value == *wanted, name, came());
  }
  void expect_nothing_written() { expect_note(before_, "nothing_written"); }

 private:
  ApplProbe& probe_;
  bool usable_ = false;
  std::optional<Data> before_;
  std::optional<Bytes> came_;
};

void read_one(ShortCase& shorts) {
  const auto result = shorts.read(shorts.name_of(objects::clock()));
  const auto* value = std::get_if<Data>(&result);
  shorts.ctx().expect(value != nullptr && value->date_time().has_value(), "clock_is_read",
                      shorts.came());
}

void object_list(ShortCase& shorts) {
  const auto result = shorts.read(k_object_list);
  const auto* value = std::get_if<Data>(&result);
  const auto names = value ? cosem::ShortNames::from_object_list(*value)
                           : cosem::Result<cosem::ShortNames>(cosem::CosemError::type_mismatch);
  if (!shorts.ctx().expect(names.has_value(), "list_parses", said(names))) return;
  std::set<std::uint16_t> bases;
  std::string wrong;
  for (const auto& object : names->objects()) {
    if (!bases.insert(object.base).second || object.base % 8 != 0)
      wrong += fmt::format("{:04X} ", object.base);
  }
  shorts.ctx().expect(wrong.empty(), "a_base_name_each",
                      wrong.empty() ? fmt::format("{} objects", bases.size()) : wrong);
  shorts.ctx().expect(bases.contains(cosem::base_names::k_association), "association_listed");
}

void read_list(ShortCase& shorts) {
  const std::uint16_t clock = shorts.name_of(objects::clock());
  const auto results =
      shorts.read_all({VariableName{clock}, VariableName{k_no_name}, VariableName{clock}});
  if (!shorts.granted(cosem::conformance::k_multiple_references)) {
    shorts.ctx().expect(results.empty(), "not_served_unasked", shorts.came());
    return;
  }
  shorts.ctx().expect(results.size() == 3 && std::holds_alternative<Data>(results[0]) &&
                          !std::holds_alternative<Data>(results[1]) &&
                          std::holds_alternative<Data>(results[2]),
                      "a_result_each", shorts.came());
}

void read_unknown(ShortCase& shorts) {
  shorts.expect_refused(shorts.read(k_no_name), "unknown_refused");
}

void read_between(ShortCase& shorts) {
  const std::uint16_t name = shorts.name_of(objects::clock());
  for (const unsigned off : {1U, 4U, 7U})
    shorts.expect_refused(shorts.read(static_cast<std::uint16_t>(name + off)), "between_refused");
}

void block_of_nothing(ShortCase& shorts) {
  const auto results = shorts.read_all({cosem::BlockNumberAccess{1}});
  for (const auto& result : results) shorts.expect_refused(result, "no_transfer_refused");
  shorts.ctx().expect(results.size() <= 1, "no_more_than_one_result", shorts.came());
}

const cosem::DataBlockResult* block_in(const std::vector<ReadResult>& results) {
  return results.size() == 1 ? std::get_if<cosem::DataBlockResult>(&results.front()) : nullptr;
}

void in_blocks(ShortCase& shorts) {
  auto results = shorts.read_all({VariableName{k_object_list}});
  if (!shorts.granted(cosem::conformance::k_block_transfer_with_get))
    return shorts.ctx().skip("the meter does not grant blocks with Read");
  std::uint16_t number = 0;
  bool in_order = true, last = false;
  Bytes raw;
  for (const auto* block = block_in(results); block != nullptr && number < k_most_blocks;
       block = block_in(results)) {
    in_order = in_order && block->number == ++number;
    cosem::append(raw, block->raw);
    last = block->last;
    if (last) break;
    results = shorts.read_all({cosem::BlockNumberAccess{number}});
  }
  shorts.ctx().expect(last && in_order, "blocks_in_order", fmt::format("{} blocks", number));
  // One result, the data: the list.
  const auto value = raw.size() > 2 ? cosem::decode_data(cosem::BytesView(raw).subspan(2))
                                    : cosem::Result<Data>(cosem::CosemError::truncated);
  shorts.ctx().expect(value && value->as<cosem::Array>() != nullptr, "value_is_whole",
                      fmt::format("{} octets", raw.size()));
}

void block_number(ShortCase& shorts) {
  const auto first = shorts.read_all({VariableName{k_object_list}});
  if (!shorts.granted(cosem::conformance::k_block_transfer_with_get))
    return shorts.ctx().skip("the meter does not grant blocks with Read");
  const auto* block = block_in(first);
  shorts.ctx().control_before("first_block", block != nullptr && block->number == 1, shorts.came());
  for (const auto& result : shorts.read_all({cosem::BlockNumberAccess{7}}))
    shorts.expect_refused(result, "wrong_number_refused");
}

void write_one(ShortCase& shorts) {
  shorts.keep_note();
  const Data value = note("short");
  shorts.ctx().expect(shorts.write(shorts.note_name(), value), "write_succeeds", shorts.came());
  shorts.expect_note(value, "reads_as_written");
}

void write_refused(ShortCase& shorts) {
  shorts.ctx().expect(!shorts.write(k_no_name, note("forged")), "unknown_refused", shorts.came());
  const auto name = static_cast<std::uint16_t>(shorts.note_name() - 8);
  shorts.ctx().expect(!shorts.write(name, note("forged")), "logical_name_refused", shorts.came());
}

void write_counts(ShortCase& shorts) {
  shorts.keep_note();
  const VariableName name{shorts.note_name()};
  const auto results = shorts.write_all({name, name}, {note("forged")});
  bool done = false;
  for (const auto& result : results)
    done = done || result == cosem::WriteResult(DataAccessResult::success);
  shorts.ctx().expect(!done, "counts_differ_refused", shorts.came());
  shorts.expect_nothing_written();
}

void write_trailing(ShortCase& shorts) {
  shorts.keep_note();
  Bytes octets = cosem::encode_short_name(
      cosem::WriteRequest{{VariableName{shorts.note_name()}}, {note("forged")}});
  octets.push_back(std::byte{0});
  (void)shorts.send_octets(octets);
  shorts.expect_nothing_written();
}

void write_unconfirmed(ShortCase& shorts) {
  shorts.keep_note();
  const Data value = note("unasked");
  const auto came = shorts.send(
      cosem::UnconfirmedWriteRequest{{VariableName{shorts.note_name()}}, {value}}, false);
  if (!shorts.granted(cosem::conformance::k_unconfirmed_write))
    return shorts.expect_nothing_written();
  shorts.ctx().expect(!came, "no_answer", came ? cosem::to_hex(*came).substr(0, 80) : "silence");
  shorts.expect_note(value, "reads_as_written");
}

void logical_names(ShortCase& shorts) {
  const auto came = shorts.send_octets(
      cosem::encode_apdu(cosem::GetRequestNormal{.attribute = objects::clock()}));
  shorts.ctx().expect((answer_kind(came) & a::k_any_refusal) != 0, "get_refused",
                      answer_text(answer_kind(came)));
}

std::vector<ApplCheck> checks() {
  const auto line = [](std::string name, std::string title, const char* clause,
                       void (*judge)(ShortCase&), std::uint16_t max_pdu = 0xFFFF) {
    return ApplCheck{std::move(name),
                     std::move(title),
                     clause,
                     Before::associated,
                     {},
                     0,
                     {},
                     [judge, max_pdu](ApplProbe& probe) {
                       ShortCase shorts(probe, max_pdu);
                       if (shorts) judge(shorts);
                     }};
  };
  return {
      line("read", "Read: the clock", k_clause, read_one),
      line("object_list", "Read: the object list", k_clause, object_list),
      line("read_list", "Read: a name, one that does not exist, the first again", k_clause,
           read_list),
      line("read_unknown", "Read: a name that does not exist", k_clause, read_unknown),
      line("read_between", "Read: a name between two attributes", k_clause, read_between),
      line("read_block_of_nothing", "Read: a block while no transfer is open", k_clause,
           block_of_nothing),
      line("read_in_blocks", "Read: the object list in blocks", k_clause, in_blocks, k_short_pdu),
      line("read_block_number", "Read: block 8 after block 1", k_clause, block_number, k_short_pdu),
      line("write", "Write: written and read back", k_clause, write_one),
      line("write_refused", "Write: no name, and the logical name of an object", k_clause,
           write_refused),
      line("write_counts", "Write: two names, one value", k_clause, write_counts),
      line("write_trailing", "Write: an octet too much", k_clause, write_trailing),
      line("write_unconfirmed", "UnconfirmedWrite: no answer, and it is written", k_clause,
           write_unconfirmed),
      line("logical_names", "a GET in an association of short names", k_clause, logical_names)};
}

const harness::Registration k_registration{appl_procedure(
    {.id = "CONF_APPL_015",
     .title = "Application layer: short names",
     .objective = "Read and Write serve the names of the object list and no others, each for "
                  "itself; nothing is answered to an UnconfirmedWrite",
     .severity = harness::Severity::medium,
     .mutants = {{"CONF_APPL_SHORT", "between_refused", {"read_between"}}}},
    "hls_gmac", checks())};

}  // namespace
}  // namespace meterproof::suites::conf_appl_015
