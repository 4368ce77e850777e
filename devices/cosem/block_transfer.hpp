// BlockTransfer: one exchange with general-block-transfer, a request and its answer, seen from one
// end. A state machine without I/O and without a clock, the same for client and server.
//
//   client                                server
//   send(request) -> blocks       ...     receive(block) -> apdu = request
//                                         send(answer) -> the first stream
//   receive(block) -> replies     ...     receive(block) -> the next stream, or what was lost
//   receive(block) -> apdu = answer
//
// A receiver keeps blocks that came ahead of a lost one, acknowledges up to the gap and takes, by
// the window it states, no more than what fills it. Memory is bounded by settings.longest; an
// exchange that turns without progress ends with an error.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "devices/cosem/general_block.hpp"

namespace meterproof::cosem {

struct BlockTransferSettings {
  std::uint8_t window = 1;        // blocks taken in one stream, 1..63
  std::size_t block_octets = 64;  // of data in a block sent, >= 1
  std::size_t longest = 1 << 20;  // octets of an APDU received
  bool answering = false;         // the server's end: first it receives, then it sends
};

class BlockTransfer {
 public:
  explicit BlockTransfer(const BlockTransferSettings& settings);

  // Begins to send: the blocks to be sent now. too_large when the numbers do not suffice.
  Result<std::vector<Bytes>> send(Bytes apdu);

  struct Step {
    std::vector<Bytes> replies;  // to be sent now
    std::optional<Bytes> apdu;   // whole; replies is empty then
  };
  // wrong_block for numbers that cannot be, or no progress; too_large.
  Result<Step> receive(GeneralBlock block);
  // Nothing came for too long: what was not acknowledged, or the acknowledgement, once more.
  std::vector<Bytes> remind();

  // Everything that was given to send() has been sent at least once.
  bool sent_all() const { return whole_ && cut_ == outgoing_.size() && !chunks_.empty(); }
  // Number of the last block received without a gap before it.
  std::uint16_t received() const { return received_; }

 private:
  struct Chunk {
    std::size_t offset = 0, size = 0;
  };
  Result<void> take(GeneralBlock block);
  Result<void> append_in_order(const GeneralBlock& block);
  Result<void> acknowledge(std::uint16_t number);
  bool cut_next();
  std::vector<Bytes> stream();
  std::uint8_t window_to_state() const;
  bool answers_turn() const;

  BlockTransferSettings settings_;
  // Out: block n is chunks_[n - 1] of outgoing_; empty ones only acknowledge.
  Bytes outgoing_;
  std::vector<Chunk> chunks_;
  std::size_t cut_ = 0;  // octets already in chunks
  bool whole_ = true;    // outgoing_ is all that there will be
  std::uint16_t acknowledged_ = 0;
  std::uint8_t peer_window_ = 1;
  // In
  Bytes incoming_;
  std::uint16_t received_ = 0;
  std::uint8_t stated_window_;   // to the peer, when it was its turn last ...
  std::uint16_t stated_at_ = 0;  // ... and what was received then
  std::map<std::uint16_t, GeneralBlock> ahead_;
  std::size_t ahead_octets_ = 0;
  bool complete_ = false, delivered_ = false;
  // Since the turn that was answered last
  int idle_turns_ = 0;
  bool progress_ = false;  // data came or was acknowledged
  bool news_ = false;      // any number moved
};

}  // namespace meterproof::cosem
