// general-block-transfer at the meter's end: requests are put together from blocks, answers that
// are asked for in blocks, or that fit no other way, leave in blocks.
#include <algorithm>
#include <iterator>
#include <utility>

#include "devices/cosem/initiate.hpp"
#include "devices/simulated/meter/application.hpp"

namespace meterproof::simulated {
namespace {

constexpr std::size_t k_longest_request = 16 * 1024;
constexpr std::uint8_t k_request_window = 8;

bool general_blocks_negotiated(const Session& session) {
  return session.phase != Session::Phase::none &&
         (session.conformance & cosem::conformance::k_general_block_transfer) != 0;
}

cosem::BlockTransfer new_transfer(const Session& session) {
  cosem::BlockTransferSettings settings;
  settings.answering = true;
  settings.window = k_request_window;
  settings.longest = k_longest_request;
  settings.block_octets = session.longest_pdu > cosem::k_general_block_overhead
                              ? session.longest_pdu - cosem::k_general_block_overhead
                              : 1;
  return cosem::BlockTransfer(settings);
}

// A request starts with nothing to acknowledge. The first block of the exchange under way, repeated
// before all of the answer has left, is a reminder; after that the same octets ask anew.
bool begins_exchange(const std::optional<GeneralExchange>& under_way,
                     const cosem::GeneralBlock& block, cosem::BytesView octets) {
  if (block.acknowledged != 0) return false;
  if (!under_way) return true;
  if (block.number != 1 || under_way->first_block.empty()) return false;
  return under_way->transfer.sent_all() ||
         !std::equal(octets.begin(), octets.end(), under_way->first_block.begin(),
                     under_way->first_block.end());
}

// The answer does not fit into what the client takes, or the request into what the meter does.
cosem::ExceptionResponse pdu_too_long() { return {1, 4, {}}; }

// What travels in blocks is a request; associations are opened and closed in one piece.
bool may_travel_in_blocks(cosem::BytesView apdu) {
  if (apdu.empty() || cosem::is_general_block(apdu)) return false;
  const auto tag = std::to_integer<std::uint8_t>(apdu.front());
  return tag != cosem::tags::k_aarq && tag != cosem::tags::k_rlrq;
}

// The first of the replies in blocks, notifications after them.
void put_into_blocks(cosem::BlockTransfer& transfer, Outcome& outcome) {
  if (outcome.replies.empty()) return;
  auto blocks = transfer.send(std::move(outcome.replies.front()));
  if (!blocks) blocks = transfer.send(cosem::encode_apdu(operation_not_possible()));
  outcome.replies.erase(outcome.replies.begin());
  outcome.replies.insert(outcome.replies.begin(), std::make_move_iterator(blocks->begin()),
                         std::make_move_iterator(blocks->end()));
}

}  // namespace

Outcome MeterApplication::on_apdu(Session& session, Addressing addressing, cosem::BytesView apdu,
                                  harness::WallTime now) {
  if (apdu.empty()) return {};
  if (cosem::is_general_block(apdu)) return on_general_block(session, addressing, apdu, now);
  session.general.reset();
  const bool associated = session.phase != Session::Phase::none && may_travel_in_blocks(apdu);
  if (associated && apdu.size() > k_meter_max_pdu) {
    Outcome refusal;
    refusal.replies.push_back(cosem::encode_apdu(pdu_too_long()));
    return refusal;
  }
  Outcome outcome = on_whole_apdu(session, addressing, apdu, now);
  if (!associated || session.phase == Session::Phase::none || outcome.replies.empty() ||
      outcome.replies.front().size() <= session.longest_pdu)
    return outcome;
  if (general_blocks_negotiated(session)) {
    session.general = GeneralExchange{new_transfer(session), {}};
    put_into_blocks(session.general->transfer, outcome);
  } else {
    outcome.replies.front() = cosem::encode_apdu(pdu_too_long());
  }
  return outcome;
}

Outcome MeterApplication::on_general_block(Session& session, Addressing addressing,
                                           cosem::BytesView octets, harness::WallTime now) {
  Outcome outcome;
  const auto refuse = [&](const cosem::ExceptionResponse& why) {
    session.general.reset();
    outcome.replies.push_back(cosem::encode_apdu(why));
    return outcome;
  };
  if (!general_blocks_negotiated(session)) return refuse(service_not_supported());
  if (addressing.server_sap != unit_.type->server_sap ||
      addressing.client_sap != session.client_sap)
    return refuse(operation_not_possible());
  const auto block = cosem::decode_general_block(octets);
  if (!block) return refuse(operation_not_possible());
  if (begins_exchange(session.general, *block, octets))
    session.general = GeneralExchange{new_transfer(session), {}};
  if (!session.general) return refuse(operation_not_possible());
  GeneralExchange exchange = *std::exchange(session.general, std::nullopt);
  if (block->number == 1) exchange.first_block.assign(octets.begin(), octets.end());
  cosem::GeneralBlock taken = *block;
  if (policy_.application.any_general_block)
    taken.number = static_cast<std::uint16_t>(exchange.transfer.received() + 1);
  auto step = exchange.transfer.receive(std::move(taken));
  if (!step) return refuse(operation_not_possible());
  outcome.replies = std::move(step->replies);
  if (step->apdu) {
    if (!may_travel_in_blocks(*step->apdu)) return refuse(operation_not_possible());
    session.in_general_blocks = true;
    outcome = on_whole_apdu(session, addressing, *step->apdu, now);
    session.in_general_blocks = false;
    put_into_blocks(exchange.transfer, outcome);
  }
  if (session.phase != Session::Phase::none) session.general = std::move(exchange);
  return outcome;
}

}  // namespace meterproof::simulated
