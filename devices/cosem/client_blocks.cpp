// general-block-transfer under the client's services: requests leave in blocks and answers come in
// blocks, while the services see whole APDUs.
#include <utility>

#include "devices/cosem/client_impl.hpp"
#include "harness/link/link.hpp"

namespace meterproof::cosem {

using harness::Deadline;

BlockTransfer Client::Impl::new_block_transfer() const {
  BlockTransferSettings settings;
  settings.window = association.settings().general_blocks.window;
  const std::size_t room = association.server_max_pdu();
  settings.block_octets = room > k_general_block_overhead ? room - k_general_block_overhead : 1;
  settings.longest = k_max_transferred_octets;
  return BlockTransfer(settings);
}

Result<void> Client::Impl::send_all(const std::vector<Bytes>& blocks, Deadline deadline,
                                    std::stop_token stop) {
  for (const Bytes& block : blocks) {
    const Result<void> sent = transport->send(block, deadline, stop);
    if (sent.has_error()) return sent;
  }
  return {};
}

Result<void> Client::Impl::send_request(Bytes octets, Deadline deadline, std::stop_token stop) {
  blocks_.reset();
  const bool in_blocks =
      association.uses_general_blocks() && (association.settings().general_blocks.short_requests ||
                                            octets.size() > association.server_max_pdu());
  if (!in_blocks) return transport->send(octets, deadline, stop);
  blocks_ = new_block_transfer();
  const Result<std::vector<Bytes>> first = blocks_->send(std::move(octets));
  if (first.has_error()) return first.error();
  return send_all(*first, deadline, stop);
}

Result<std::optional<Bytes>> Client::Impl::take_block(BytesView octets, Deadline deadline,
                                                      std::stop_token stop) {
  if (!association.uses_general_blocks()) return CosemError::unexpected_apdu;
  Result<GeneralBlock> block = decode_general_block(octets);
  if (block.has_error()) return block.error();
  // A late block of an exchange that is over.
  if (!blocks_ && block->number != 1) return std::optional<Bytes>{};
  if (!blocks_) blocks_ = new_block_transfer();
  Result<BlockTransfer::Step> step = blocks_->receive(std::move(*block));
  if (step.has_error() || step->apdu) blocks_.reset();
  if (step.has_error()) return step.error();
  const Result<void> sent = send_all(step->replies, deadline, stop);
  if (sent.has_error()) return sent.error();
  return std::move(step->apdu);
}

Result<Bytes> Client::Impl::receive_whole(Deadline deadline, std::stop_token stop) {
  const GeneralBlockSettings& settings = association.settings().general_blocks;
  int reminders = 0;
  while (true) {
    const bool may_remind = blocks_.has_value() && reminders < settings.reminders;
    const Deadline until =
        may_remind ? deadline.sooner(Deadline::after(settings.patience)) : deadline;
    Result<Bytes> octets = transport->receive(until, stop);
    if (octets.has_error()) {
      const bool silent = octets.error() == link::LinkError::timeout;
      if (!silent || !may_remind || deadline.passed()) return octets;
      ++reminders;
      const Result<void> sent = send_all(blocks_->remind(), deadline, stop);
      if (sent.has_error()) return sent.error();
      continue;
    }
    if (interceptors.ciphered_in) interceptors.ciphered_in(*octets);
    if (octets->empty()) return CosemError::message_lost;
    if (!is_general_block(*octets)) return octets;
    Result<std::optional<Bytes>> whole = take_block(*octets, deadline, stop);
    if (whole.has_error()) return whole.error();
    reminders = 0;
    if (!whole->has_value()) continue;
    if ((*whole)->empty()) return CosemError::message_lost;
    return std::move(**whole);
  }
}

}  // namespace meterproof::cosem
