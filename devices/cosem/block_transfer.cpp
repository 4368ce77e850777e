#include "devices/cosem/block_transfer.hpp"

#include <algorithm>
#include <utility>

namespace meterproof::cosem {
namespace {

// Turns that bring neither data nor acknowledgement of data: a lost block costs one or two.
constexpr int k_most_idle_turns = 10;
constexpr std::size_t k_most_blocks = 0xFFFF;

}  // namespace

BlockTransfer::BlockTransfer(const BlockTransferSettings& settings)
    : settings_(settings),
      whole_(!settings.answering),
      stated_window_(settings.answering ? k_longest_window : 1) {
  settings_.window = std::clamp<std::uint8_t>(settings_.window, 1, k_longest_window);
  settings_.block_octets = std::max<std::size_t>(settings_.block_octets, 1);
}

Result<std::vector<Bytes>> BlockTransfer::send(Bytes apdu) {
  const std::size_t blocks = apdu.size() / settings_.block_octets + 1;
  if (blocks + chunks_.size() > k_most_blocks) return CosemError::too_large;
  outgoing_ = std::move(apdu);
  // An answer to a request that came without blocks: only acknowledgements follow.
  if (settings_.answering) complete_ = delivered_ = true;
  // What went before was empty blocks; they stay acknowledged as they are.
  for (Chunk& chunk : chunks_) chunk = {};
  cut_ = 0;
  whole_ = true;
  idle_turns_ = 0;
  return stream();
}

// One more chunk of what is left, or false.
bool BlockTransfer::cut_next() {
  const std::size_t size = std::min(settings_.block_octets, outgoing_.size() - cut_);
  if (size == 0) return false;
  chunks_.push_back({cut_, size});
  cut_ += size;
  return true;
}

// While a gap is open, only what fills it.
std::uint8_t BlockTransfer::window_to_state() const {
  if (ahead_.empty()) return settings_.window;
  const int gap = ahead_.begin()->first - received_ - 1;
  return static_cast<std::uint8_t>(std::clamp<int>(gap, 1, settings_.window));
}

// From the first block that is not acknowledged, as many as the peer takes; an empty block when
// there is nothing to say but the acknowledgement.
std::vector<Bytes> BlockTransfer::stream() {
  while (chunks_.size() < std::size_t{acknowledged_} + peer_window_ && cut_next()) {
  }
  if (chunks_.size() == acknowledged_ && chunks_.size() < k_most_blocks)
    chunks_.push_back({cut_, 0});
  const std::size_t end =
      std::min(chunks_.size(), std::size_t{acknowledged_} + std::size_t{peer_window_});
  stated_window_ = window_to_state();
  stated_at_ = received_;
  std::vector<Bytes> blocks;
  for (std::size_t i = acknowledged_; i < end; ++i) {
    const Chunk& chunk = chunks_[i];
    const BytesView data = BytesView(outgoing_).subspan(chunk.offset, chunk.size);
    GeneralBlock block;
    block.last = whole_ && chunk.offset + chunk.size == outgoing_.size();
    block.streaming = i + 1 < end;
    block.window = stated_window_;
    block.number = static_cast<std::uint16_t>(i + 1);
    block.acknowledged = received_;
    block.data.assign(data.begin(), data.end());
    blocks.push_back(encode(block));
  }
  return blocks;
}

Result<void> BlockTransfer::acknowledge(std::uint16_t number) {
  // After a request without blocks peers differ in what they call acknowledged.
  if (chunks_.empty()) return {};
  if (number > chunks_.size()) return CosemError::wrong_block;
  for (; acknowledged_ < number; ++acknowledged_) {
    if (chunks_[acknowledged_].size > 0) progress_ = true;
    news_ = true;
  }
  return {};
}

Result<void> BlockTransfer::append_in_order(const GeneralBlock& block) {
  received_ = block.number;
  news_ = true;
  if (complete_) return {};  // only acknowledgements may follow; their number counts
  if (incoming_.size() + block.data.size() > settings_.longest) return CosemError::too_large;
  append(incoming_, block.data);
  progress_ = progress_ || !block.data.empty() || block.last;
  complete_ = block.last;
  return {};
}

Result<void> BlockTransfer::take(GeneralBlock block) {
  if (block.number <= received_) return {};  // repeated
  if (block.number - received_ > k_longest_window) return CosemError::wrong_block;
  if (block.number != received_ + 1) {
    // An acknowledgement with a number of its own way: no block of data is missing before it.
    if (block.data.empty() && !block.last) return {};
    if (block.data.empty() && complete_) return {};
    if (ahead_.contains(block.number)) return {};
    ahead_octets_ += block.data.size();
    if (incoming_.size() + ahead_octets_ > settings_.longest) return CosemError::too_large;
    ahead_.emplace(block.number, std::move(block));
    return {};
  }
  Result<void> taken = append_in_order(block);
  while (taken.has_value() && !ahead_.empty() && ahead_.begin()->first <= received_ + 1) {
    const GeneralBlock& next = ahead_.begin()->second;
    ahead_octets_ -= next.data.size();
    if (next.number == received_ + 1) taken = append_in_order(next);
    ahead_.erase(ahead_.begin());
  }
  return taken;
}

// A repeated turn means that the answer to it was lost, or that the line repeats. The server always
// answers, the client only what is new: else one repeated block would go round for ever. When its
// own turn was lost the client reminds.
bool BlockTransfer::answers_turn() const { return settings_.answering || news_ || !ahead_.empty(); }

Result<BlockTransfer::Step> BlockTransfer::receive(GeneralBlock block) {
  // A sender that has used up the window it was given cannot go on, whatever its streaming bit
  // says: one in the field (Gurux) sets the bit in every block and then waits.
  const bool window_used_up = block.number >= std::size_t{stated_at_} + stated_window_;
  const bool turn = !block.streaming || block.last || window_used_up;
  const std::uint8_t window = std::max<std::uint8_t>(block.window, 1);
  const Result<void> acknowledged = acknowledge(block.acknowledged);
  if (acknowledged.has_error()) return acknowledged.error();
  const Result<void> taken = take(std::move(block));
  if (taken.has_error()) return taken.error();
  Step step;
  if (complete_ && !delivered_) {
    // A block that came late may complete it; whose turn it is does not matter then.
    if (turn) peer_window_ = window;
    delivered_ = true;
    step.apdu = std::move(incoming_);
    incoming_.clear();
    return step;
  }
  if (!turn || !answers_turn()) return step;
  peer_window_ = window;
  news_ = false;
  idle_turns_ = std::exchange(progress_, false) ? 0 : idle_turns_ + 1;
  if (idle_turns_ > k_most_idle_turns) return CosemError::wrong_block;
  const bool all_acknowledged = sent_all() && acknowledged_ == chunks_.size();
  if (delivered_ && all_acknowledged) return step;  // nothing is left to say
  step.replies = stream();
  return step;
}

std::vector<Bytes> BlockTransfer::remind() { return stream(); }

}  // namespace meterproof::cosem
