// Image transfer (class 18) with a dummy that is no firmware: how far the transfer is can be read
// after each step, what cannot be part of it is refused, and the dummy fails verification and is
// never activated. On a meter that takes the dummy for genuine nothing is activated: the transfer
// is begun anew instead.
//
// A meter may refuse to begin with the dummy; then there is nothing to judge. Where an image of
// somebody else waits to be activated the case is skipped.
#include <fmt/format.h>

#include "harness/catalogue.hpp"
#include "suites/conformance/appl_check.hpp"

namespace meterproof::suites::conf_obj_003 {
namespace {

using cosem::Bytes;
using cosem::BytesView;
using cosem::Data;

constexpr std::uint16_t k_image_class = 18;
constexpr cosem::LogicalName k_image_name{{0, 0, 44, 0, 0, 255}};
constexpr cosem::LogicalName k_firmware_name{{1, 0, 0, 2, 0, 255}};
constexpr std::int8_t k_initiate = 1, k_block = 2, k_verify = 3, k_activate = 4;
enum Status : std::int64_t {
  initiated = 1,
  verifying = 2,
  verified = 3,
  not_verified = 4,
  activating = 5,
  activated = 6,
};
constexpr std::uint32_t k_blocks = 6;
constexpr std::int64_t k_longest_block = 2048;  // more is no block of a meter
const Data k_zero(std::int8_t{0});

// The object of this meter, with a transfer of the dummy begun; it is enabled again at the end
// where it was disabled.
class DummyTransfer {
 public:
  explicit DummyTransfer(ApplProbe& probe) : probe_(probe) {
    probe.associate();
    const std::string why = begin();
    usable_ = why.empty();
    if (!usable_) ctx().skip(why);
  }
  ~DummyTransfer() {
    if (!was_enabled_ && block_octets_ != 0) (void)set_enabled(false);
  }
  DummyTransfer(const DummyTransfer&) = delete;
  DummyTransfer& operator=(const DummyTransfer&) = delete;

  explicit operator bool() const { return usable_; }
  Context& ctx() const { return probe_.target().context(); }
  std::size_t block_octets() const { return block_octets_; }

  std::string initiate() {
    return run(k_initiate,
               cosem::structure({cosem::octet_string(cosem::to_bytes("METERPROOF-DUMMY")),
                                 Data(static_cast<std::uint32_t>(image_.size()))}));
  }
  // The dummy's own block.
  std::string send(std::uint32_t block) {
    const std::size_t from = block * block_octets_;
    const BytesView rest = BytesView(image_).subspan(from);
    return send(block, rest.first(std::min(block_octets_, rest.size())));
  }
  std::string send(std::uint32_t block, BytesView value) {
    return run(k_block, cosem::structure({Data(block), cosem::octet_string(value)}));
  }
  // "accepted" or why not.
  std::string run(std::int8_t method, const Data& parameters) {
    return said(probe_.session().action({k_image_class, k_image_name, method}, parameters,
                                        probe_.target().deadline(), probe_.target().stop()));
  }
  void send_all(std::optional<std::uint32_t> but = {}) {
    std::string wrong;
    for (std::uint32_t block = 0; block < k_blocks; ++block) {
      if (block == but) continue;
      const std::string answer = send(block);
      if (answer != "accepted") wrong += fmt::format("block {}: {}; ", block, answer);
    }
    ctx().expect(wrong.empty(), "blocks_accepted", wrong.empty() ? "all" : wrong);
  }
  bool set_enabled(bool wanted) {
    return probe_.session()
        .set({k_image_class, k_image_name, 5}, Data(wanted), probe_.target().deadline(),
             probe_.target().stop())
        .has_value();
  }
  std::optional<std::int64_t> status() { return number(6); }
  // What the object says of the transfer: missing first, and a letter a block.
  void expect_progress(std::uint32_t first_missing, const std::string& blocks) {
    const auto first = number(4);
    ctx().expect(first == first_missing, "first_not_transferred",
                 fmt::format("{}, wanted {}", first.value_or(-1), first_missing));
    const auto value = read(3);
    const auto* bits = value ? value->as<cosem::BitString>() : nullptr;
    std::string seen;
    for (std::size_t i = 0; bits != nullptr && i < std::min<std::size_t>(bits->count, 64); ++i)
      seen += (bits->octets[i / 8] & (std::byte{0x80} >> (i % 8))) != std::byte{0} ? '1' : '0';
    ctx().expect(seen == blocks, "blocks_status", seen + ", wanted " + blocks);
  }
  void expect_status(std::int64_t wanted, std::string_view name) {
    const auto now = status();
    ctx().expect(now == wanted, name, fmt::format("{}, wanted {}", now.value_or(-1), wanted));
  }
  void expect_refused(const std::string& answer, std::string_view name) {
    ctx().expect(answer != "accepted", name, answer);
  }
  // Verification may take its time; it ends, and not with success.
  bool verification_fails() {
    const std::string answer = run(k_verify, k_zero);
    const auto patience = probe_.target().patience();
    auto now = status();
    while (now == verifying && !patience.passed()) now = status();
    const bool failed =
        ctx().expect(answer != "accepted" && now == not_verified, "verification_fails",
                     fmt::format("{}, status {}", answer, now.value_or(-1)));
    // What verified by mistake must not lie about for somebody to activate.
    if (!failed) (void)initiate();
    return failed;
  }
  void activation_refused() {
    const auto before = firmware();
    const std::string answer = run(k_activate, k_zero);
    const auto patience = probe_.target().patience();
    auto now = status();
    while ((now == verifying || now == activating) && !patience.passed()) now = status();
    ctx().expect(answer != "accepted" && now != activated, "activation_refused",
                 fmt::format("{}, status {}", answer, now.value_or(-1)));
    ctx().expect(firmware() == before, "firmware_unchanged");
  }

 private:
  // Why this meter cannot be judged; empty: it can.
  std::string begin() {
    const auto octets = number(2);
    if (!octets) return "the meter has no image transfer that this client may read";
    if (*octets <= 0 || *octets > k_longest_block)
      return fmt::format("blocks of {} octets", *octets);
    block_octets_ = static_cast<std::size_t>(*octets);
    const auto now = status();
    if (now == verifying || now == verified || now == activating)
      return "an image waits to be activated";
    const auto enabled = read(5);
    was_enabled_ = enabled && *enabled == Data(true);
    if (!was_enabled_ && !set_enabled(true)) return "image transfer cannot be enabled";
    const std::string text = "METERPROOF DUMMY, NO FIRMWARE. ";
    while (image_.size() < (k_blocks - 1) * block_octets_ + (block_octets_ + 1) / 2)
      image_.push_back(static_cast<std::byte>(text[image_.size() % text.size()]));
    const std::string answer = initiate();
    return answer == "accepted" ? "" : "the meter does not begin with an unknown image: " + answer;
  }
  cosem::Result<Data> read(std::int8_t attribute) {
    return probe_.session().get({k_image_class, k_image_name, attribute},
                                probe_.target().deadline(), probe_.target().stop());
  }
  std::optional<std::int64_t> number(std::int8_t attribute) {
    const auto value = read(attribute);
    if (!value) return std::nullopt;
    if (const auto* state = value->as<cosem::Enum>()) return state->value;
    return value->integer();
  }
  std::string firmware() {
    const auto value = probe_.session().get({1, k_firmware_name, 2}, probe_.target().deadline(),
                                            probe_.target().stop());
    return value ? cosem::to_hex(cosem::encode_data(*value)) : said(value);
  }

  ApplProbe& probe_;
  bool usable_ = false, was_enabled_ = true;
  std::size_t block_octets_ = 0;
  Bytes image_;
};

void whole(DummyTransfer& dummy) {
  dummy.expect_status(initiated, "status_initiated");
  dummy.expect_progress(0, "000000");
  dummy.ctx().expect(dummy.send(0) == "accepted", "blocks_accepted");
  dummy.expect_progress(1, "100000");
  dummy.send_all();
  dummy.expect_progress(k_blocks, "111111");
  dummy.expect_status(initiated, "status_still_initiated");
  if (dummy.verification_fails()) dummy.activation_refused();
}

void reversed(DummyTransfer& dummy) {
  std::string seen(k_blocks, '0');
  for (std::uint32_t block = k_blocks; block-- > 0;) {
    const std::string answer = dummy.send(block);
    dummy.ctx().expect(answer == "accepted", "blocks_accepted", answer);
    seen[block] = '1';
    if (block % 3 == 0) dummy.expect_progress(block == 0 ? k_blocks : 0, seen);
  }
}

// Taken again or refused, the transfer stands where it stood.
void repeated(DummyTransfer& dummy) {
  dummy.ctx().expect(dummy.send(0) == "accepted", "blocks_accepted");
  (void)dummy.send(0);
  dummy.expect_progress(1, "100000");
  dummy.expect_status(initiated, "status_initiated");
}

void missing(DummyTransfer& dummy) {
  dummy.send_all(2);
  dummy.expect_progress(2, "110111");
  (void)dummy.verification_fails();
}

void beyond(DummyTransfer& dummy) {
  const Bytes block(dummy.block_octets(), std::byte{'x'});
  for (const std::uint32_t number : {k_blocks, 0xFFFFFFFFU})
    dummy.expect_refused(dummy.send(number, block), "beyond_the_end_refused");
  dummy.expect_refused(dummy.send(0, Bytes(dummy.block_octets() + 1)), "over_long_refused");
  dummy.expect_progress(0, "000000");
}

void disabled(DummyTransfer& dummy) {
  if (!dummy.set_enabled(false))
    return dummy.ctx().skip("image transfer cannot be disabled by this client");
  dummy.expect_refused(dummy.initiate(), "initiate_refused");
  dummy.expect_refused(dummy.send(0), "block_refused");
  dummy.expect_refused(dummy.run(k_verify, k_zero), "verify_refused");
  dummy.ctx().expect(dummy.set_enabled(true), "enabled_again");
}

// Incomplete on purpose: no meter could run it.
void unverified(DummyTransfer& dummy) {
  dummy.send_all(0);
  dummy.activation_refused();
}

void again(DummyTransfer& dummy) {
  dummy.send_all(5);
  dummy.ctx().expect(dummy.initiate() == "accepted", "begun_anew");
  dummy.expect_progress(0, "000000");
  dummy.expect_status(initiated, "status_initiated");
}

void malformed(DummyTransfer& dummy) {
  dummy.expect_refused(dummy.run(k_initiate, Data(true)), "parameters_refused");
  dummy.expect_refused(dummy.run(k_block, cosem::structure({Data(true), Data(true)})),
                       "parameters_refused");
  dummy.expect_refused(dummy.run(k_verify, Data(std::int8_t{1})), "parameters_refused");
  dummy.expect_status(initiated, "status_initiated");
}

std::vector<ApplCheck> checks() {
  const auto line = [](std::string name, std::string title, void (*judge)(DummyTransfer&)) {
    return ApplCheck{std::move(name),
                     std::move(title),
                     "IEC 62056-6-2, 4.4.6",
                     Before::associated,
                     {},
                     0,
                     {},
                     [judge](ApplProbe& probe) {
                       DummyTransfer dummy(probe);
                       if (dummy) judge(dummy);
                     }};
  };
  return {line("whole", "all blocks, verification, activation", whole),
          line("reversed", "the last block first", reversed),
          line("repeated", "a block twice", repeated),
          line("missing", "verification with a block missing", missing),
          line("beyond", "blocks behind the end, and one too long", beyond),
          line("disabled", "the methods while image transfer is disabled", disabled),
          line("unverified", "activation of what was not verified", unverified),
          line("again", "a transfer begun anew", again),
          line("malformed", "parameters of other types", malformed)};
}

harness::Procedure image_transfer() {
  harness::Procedure declared = appl_procedure(
      {.id = "CONF_OBJ_003",
       .title = "Object model: image transfer",
       .objective = "the object says how far a transfer is, takes blocks in any order and nothing "
                    "that cannot be part of the image; an image that is none fails verification "
                    "and is not activated",
       .severity = harness::Severity::critical,
       .not_exercised = {{"a genuine image, verified and activated",
                          "the bench has none, and it would change the unit's firmware"}},
       .mutants = {{"CONF_OBJ_IMAGE", "verification_fails", {"whole"}}}},
      "hls_gmac", checks());
  declared.declaration.destructiveness = harness::Destructiveness::state_changing;
  declared.declaration.consumes.push_back("flash_write");
  return declared;
}

const harness::Registration k_registration{image_transfer()};

}  // namespace
}  // namespace meterproof::suites::conf_obj_003
