// InformationFlow: numbered information frames of one connection in both directions (ISO/IEC
// 13239): splits messages into segments, keeps what is not acknowledged, puts received segments
// together. It does not know who may speak; the stations do.
#pragma once

#include <cstdint>
#include <deque>
#include <utility>

#include "devices/hdlc/frame.hpp"
#include "devices/hdlc/parameters.hpp"

namespace meterproof::hdlc {

class InformationFlow {
 public:
  struct Segment {
    std::uint8_t number = 0;  // N(S)
    bool more = false;        // segmentation bit
    bool again = false;       // was sent before
    Bytes information;
  };
  enum class Taken { segment, message, out_of_sequence, too_long };

  // negotiated: seen from this station.
  void start(const Parameters& negotiated, std::size_t largest_message);

  void queue(BytesView message);
  // N(R) from the peer. False: it acknowledges what was never sent.
  bool acknowledge(std::uint8_t receive_number);
  // What was sent and not acknowledged will be sent again.
  void rewind() { next_ = 0; }
  // The segments that may be sent now, at most a window full; marks them sent.
  std::vector<Segment> take_window();
  std::uint8_t acknowledged() const { return acknowledged_; }  // the peer's last N(R)
  bool has_unacknowledged() const { return !segments_.empty(); }
  bool has_unsent() const { return next_ < segments_.size(); }

  Taken take(const Frame& frame);
  // The message that take() completed.
  Bytes take_message() { return std::exchange(assembly_, {}); }
  // Has a message begun that is not whole yet?
  bool in_message() const { return in_message_; }
  std::uint8_t receive_number() const { return receive_number_; }  // V(R)
  std::uint8_t send_number() const {                               // V(S)
    return static_cast<std::uint8_t>((acknowledged_ + next_) & 7);
  }

 private:
  struct Queued {
    Bytes information;
    bool more = false;
    bool sent = false;
  };
  Parameters parameters_;
  std::size_t largest_message_ = 0;
  std::deque<Queued> segments_;    // not acknowledged, oldest first
  std::uint8_t acknowledged_ = 0;  // number of segments_.front()
  std::size_t next_ = 0;           // index of the next to send
  std::uint8_t receive_number_ = 0;
  Bytes assembly_;
  bool in_message_ = false;
};

}  // namespace meterproof::hdlc
