// general-block-transfer: any APDU in numbered blocks, each way, in streams as long as the other
// end takes. Blocks are taken in order or not at all, what was lost comes again, and a number that
// cannot be ends the exchange.
#include <fmt/format.h>

#include <map>

#include "devices/cosem/general_block.hpp"
#include "harness/catalogue.hpp"
#include "suites/conformance/appl_check.hpp"

namespace meterproof::suites::conf_appl_013 {
namespace {

namespace a = answer;
using cosem::Bytes;
using cosem::BytesView;
using cosem::GeneralBlock;

constexpr const char* k_clause = "9.4.6";
constexpr std::uint16_t k_short_pdu = 64;
constexpr std::size_t k_most_blocks = 4096;
// How long a stream may pause before it counts as over.
constexpr std::chrono::milliseconds k_pause{200};

Bytes get_list() {
  return cosem::encode_apdu(
      cosem::GetRequestNormal{.attribute = {15, cosem::names::k_current_association, 2}});
}
Bytes get_clock() {
  return cosem::encode_apdu(cosem::GetRequestNormal{.attribute = objects::clock()});
}

// What came back: general blocks, or one other APDU.
struct Stream {
  std::vector<GeneralBlock> blocks;
  std::optional<Bytes> other;
  bool silent() const { return blocks.empty() && !other; }
};

class Exchange {
 public:
  // In an association with general-block-transfer and APDUs of 64 octets; false: not granted, and
  // the case is skipped.
  explicit Exchange(ApplProbe& probe) : probe_(probe) {
    probe.associate([](cosem::ClientSettings& settings) {
      settings.initiate.conformance |= cosem::conformance::k_general_block_transfer;
      settings.initiate.max_pdu = k_short_pdu;
    });
    const auto& negotiated = probe.session().association().negotiated();
    granted_ =
        negotiated && (negotiated->conformance & cosem::conformance::k_general_block_transfer) != 0;
    if (!granted_) ctx().skip("the meter does not grant general-block-transfer");
  }
  explicit operator bool() const { return granted_; }
  Context& ctx() const { return probe_.target().context(); }

  void send(const GeneralBlock& block) { send_octets(cosem::encode(block)); }
  void send_octets(const Bytes& octets) {
    (void)probe_.session().transport().send(octets, probe_.target().deadline(),
                                            probe_.target().stop());
  }
  // Until the meter gives the turn back. patient: something must come.
  Stream receive(bool patient = true) {
    Stream stream;
    while (stream.blocks.size() < k_most_blocks) {
      const auto span = patient && stream.blocks.empty() ? k_answer_time : k_pause;
      const auto octets = probe_.session().transport().receive(probe_.target().deadline(span),
                                                               probe_.target().stop());
      if (!octets) return stream;
      auto block = cosem::decode_general_block(*octets);
      if (!block) {
        stream.other = *octets;
        return stream;
      }
      stream.blocks.push_back(std::move(*block));
      if (stream.blocks.back().last || !stream.blocks.back().streaming) return stream;
    }
    return stream;
  }
  Stream ask(const GeneralBlock& block, bool patient = true) {
    send(block);
    return receive(patient);
  }
  static std::string text(const Stream& stream) {
    if (stream.other) return answer_text(answer_kind(stream.other));
    if (stream.blocks.empty()) return "silence";
    return fmt::format("{} blocks to number {}, acknowledging {}", stream.blocks.size(),
                       stream.blocks.back().number, stream.blocks.back().acknowledged);
  }
  static bool refused(const Stream& stream) {
    return stream.silent() || (stream.other && (answer_kind(stream.other) & a::k_any_refusal) != 0);
  }
  // Whether what came is an answer with a value, in blocks or not.
  static bool served(const Stream& stream) {
    if (stream.other) return answer_kind(stream.other) == a::k_value;
    for (const GeneralBlock& block : stream.blocks)
      if (!block.data.empty()) return true;
    return false;
  }

  // Collects an answer to its end with this window; drop: a block number to lose once.
  struct Collected {
    Bytes apdu;
    bool whole = false;
    std::size_t longest_stream = 0, longest_block = 0;
    std::size_t turns = 0;
  };
  Collected collect(Stream stream, std::uint8_t window, std::uint16_t drop = 0) {
    Collected out;
    std::map<std::uint16_t, GeneralBlock> got;
    std::uint16_t in_order = 0, sent = 1;
    while (!stream.blocks.empty() && out.turns < k_most_blocks) {
      ++out.turns;
      out.longest_stream = std::max(out.longest_stream, stream.blocks.size());
      for (GeneralBlock& block : stream.blocks) {
        out.longest_block = std::max(out.longest_block, cosem::encode(block).size());
        if (block.number == drop) {
          drop = 0;
          continue;
        }
        got.emplace(block.number, std::move(block));
      }
      while (got.contains(static_cast<std::uint16_t>(in_order + 1))) ++in_order;
      if (in_order != 0 && got.at(in_order).last) {
        out.whole = true;
        break;
      }
      stream = ask({.last = true, .window = window, .number = ++sent, .acknowledged = in_order});
    }
    for (std::uint16_t number = 1; number <= in_order; ++number)
      cosem::append(out.apdu, got.at(number).data);
    return out;
  }
  void expect_list(const Collected& got) {
    const auto apdu = cosem::decode_apdu(got.apdu);
    const auto* response = apdu ? std::get_if<cosem::GetResponseNormal>(&*apdu) : nullptr;
    const auto* value = response != nullptr ? std::get_if<cosem::Data>(&response->result) : nullptr;
    ctx().expect(got.whole && value != nullptr && value->as<cosem::Array>() != nullptr,
                 "answer_is_whole",
                 fmt::format("{} octets in {} streams", got.apdu.size(), got.turns));
    ctx().expect(got.longest_block <= k_short_pdu, "blocks_fit",
                 fmt::format("{} octets", got.longest_block));
  }

 private:
  ApplProbe& probe_;
  bool granted_ = false;
};

GeneralBlock only_block(Bytes apdu, std::uint8_t window = 1) {
  return {.last = true, .window = window, .number = 1, .data = std::move(apdu)};
}
// Two halves of an APDU.
Bytes half(const Bytes& apdu, bool second) {
  const auto middle = apdu.begin() + static_cast<std::ptrdiff_t>(apdu.size() / 2);
  return second ? Bytes(middle, apdu.end()) : Bytes(apdu.begin(), middle);
}

void answer_in_window(Exchange& exchange, std::uint8_t window, std::uint16_t drop) {
  const auto got = exchange.collect(exchange.ask(only_block(get_list(), window)), window, drop);
  exchange.expect_list(got);
  exchange.ctx().expect(got.longest_stream <= window, "window_kept",
                        fmt::format("{} blocks in one stream", got.longest_stream));
}

void streamed_request(Exchange& exchange) {
  const Bytes request = get_list();
  exchange.send({.streaming = true, .window = 4, .number = 1, .data = half(request, false)});
  exchange.expect_list(exchange.collect(
      exchange.ask({.last = true, .window = 4, .number = 2, .data = half(request, true)}), 4));
}

// The first half, confirmed: the valid twin of the lines below.
bool half_sent(Exchange& exchange, const Bytes& request) {
  const Stream came = exchange.ask({.window = 1, .number = 1, .data = half(request, false)});
  const bool acknowledged = came.blocks.size() == 1 && came.blocks.front().acknowledged == 1;
  exchange.ctx().expect(acknowledged, "block_acknowledged", Exchange::text(came));
  return acknowledged;
}

void confirmed_request(Exchange& exchange) {
  const Bytes request = get_clock();
  if (!half_sent(exchange, request)) return;
  const Stream came = exchange.ask(
      {.last = true, .window = 1, .number = 2, .acknowledged = 1, .data = half(request, true)});
  exchange.ctx().expect(Exchange::served(came), "request_served", Exchange::text(came));
}

void number_skipped(Exchange& exchange) {
  const Bytes request = get_clock();
  if (!half_sent(exchange, request)) return;
  const Stream came = exchange.ask(
      {.last = true, .window = 1, .number = 3, .acknowledged = 1, .data = half(request, true)},
      false);
  exchange.ctx().expect(!Exchange::served(came), "wrong_number_not_served", Exchange::text(came));
}

// Repeated blocks are not taken twice: after the second half the request is what it was.
void repeated(Exchange& exchange) {
  const Bytes request = get_clock();
  if (!half_sent(exchange, request)) return;
  const Stream again =
      exchange.ask({.window = 1, .number = 1, .data = half(request, false)}, false);
  exchange.ctx().expect(!Exchange::served(again), "repetition_not_served", Exchange::text(again));
  if (Exchange::refused(again)) return;
  const Stream came = exchange.ask(
      {.last = true, .window = 1, .number = 2, .acknowledged = 1, .data = half(request, true)});
  exchange.ctx().expect(Exchange::served(came), "not_taken_twice", Exchange::text(came));
}

void number_0(Exchange& exchange) {
  const Stream came =
      exchange.ask({.last = true, .window = 1, .number = 0, .data = get_clock()}, false);
  exchange.ctx().expect(!Exchange::served(came), "wrong_number_not_served", Exchange::text(came));
}

// Of a block that was never sent: refused, or the blocks that are due; never those behind it.
void wrong_acknowledgement(Exchange& exchange) {
  const Stream first = exchange.ask(only_block(get_list()));
  exchange.ctx().control_before("first_block", first.blocks.size() == 1, Exchange::text(first));
  const Stream came =
      exchange.ask({.last = true, .window = 1, .number = 2, .acknowledged = 999}, false);
  const bool ahead = !came.blocks.empty() && came.blocks.back().number > 2;
  exchange.ctx().expect(!ahead, "no_block_left_out", Exchange::text(came));
}

void nested(Exchange& exchange) {
  const Stream came = exchange.ask(only_block(cosem::encode(only_block(get_clock()))), false);
  exchange.ctx().expect(Exchange::refused(came), "nested_refused", Exchange::text(came));
}

void given_up(Exchange& exchange) {
  if (!half_sent(exchange, get_clock())) return;
  exchange.send_octets(get_clock());
  const Stream came = exchange.receive();
  exchange.ctx().expect(Exchange::served(came), "other_request_served", Exchange::text(came));
}

void cut_header(Exchange& exchange) {
  Bytes octets = cosem::encode(only_block(get_clock()));
  octets.resize(octets.size() - 3);  // the length says three octets more
  exchange.send_octets(octets);
  const Stream came = exchange.receive(false);
  exchange.ctx().expect(Exchange::refused(came), "cut_refused", Exchange::text(came));
}

void endless(Exchange& exchange) {
  GeneralBlock block{.window = 1, .number = 0, .data = Bytes(40, std::byte{'x'})};
  Stream came;
  do {
    ++block.number;
    came = exchange.ask(block, false);
  } while (!Exchange::refused(came) && block.number < 500);
  exchange.ctx().property("blocks_taken", std::to_string(block.number));
  exchange.ctx().expect(!Exchange::served(came), "never_served", Exchange::text(came));
}

std::vector<ApplCheck> checks() {
  const auto line = [](std::string name, std::string title, std::function<void(Exchange&)> judge) {
    return ApplCheck{std::move(name),
                     std::move(title),
                     k_clause,
                     Before::associated,
                     {},
                     0,
                     {},
                     [judge = std::move(judge)](ApplProbe& probe) {
                       Exchange exchange(probe);
                       if (exchange) judge(exchange);
                     }};
  };
  const auto window = [](std::uint8_t window, std::uint16_t drop) {
    return [=](Exchange& exchange) { answer_in_window(exchange, window, drop); };
  };
  return {line("window_1", "the answer block by block", window(1, 0)),
          line("window_4", "the answer in streams of four", window(4, 0)),
          line("lost_block", "block 2 of the answer is lost", window(4, 2)),
          line("lost_last_of_stream", "block 4 of the answer is lost", window(4, 4)),
          line("streamed_request", "a request in a stream of two blocks", streamed_request),
          line("confirmed_request", "a request in two blocks, one by one", confirmed_request),
          line("number_skipped", "block 3 after block 1", number_skipped),
          line("number_0", "a block with number 0", number_0),
          line("repeated", "a block of the request twice", repeated),
          line("wrong_acknowledgement", "block 999 is acknowledged", wrong_acknowledgement),
          line("nested", "a block inside a block", nested),
          line("given_up", "another request before the last block", given_up),
          line("cut", "a block whose octets are not all there", cut_header),
          line("endless", "500 blocks without a last one", endless)};
}

const harness::Registration k_registration{appl_procedure(
    {.id = "CONF_APPL_013",
     .title = "Application layer: general-block-transfer",
     .objective = "APDUs travel in blocks whole and in order, lost blocks come again, the window "
                  "is kept and impossible numbers are refused",
     .severity = harness::Severity::medium,
     .mutants = {{"CONF_APPL_GENERAL", "wrong_number_not_served", {"number_skipped"}}}},
    "none", checks())};

}  // namespace
}  // namespace meterproof::suites::conf_appl_013
