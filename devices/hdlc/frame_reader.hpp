// FrameReader: from octets in chunks of any size to frames. Noise is skipped without losing the
// frame behind it: a beginning that turns out wrong costs one octet, and the search goes on from
// there.
#pragma once

#include <cstdint>
#include <optional>

#include "devices/hdlc/frame.hpp"

namespace meterproof::hdlc {

class FrameReader {
 public:
  struct Counts {
    std::uint64_t frames = 0;
    std::uint64_t noise_octets = 0;       // skipped, flags between frames not counted
    std::uint64_t bad_header_checks = 0;  // beginnings whose HCS was wrong
    std::uint64_t bad_frame_checks = 0;  // whole frames whose FCS was wrong, also when not verified
  };

  explicit FrameReader(CheckOptions check = {}) : check_(check) {}

  void push(BytesView octets);
  // The next whole frame, if there is one.
  std::optional<Frame> next();
  // The line fell silent: what has begun will not be completed. Frames behind it may come free at
  // the next call of next().
  void idle() { silent_ = true; }
  void clear();
  // Has a frame begun that is not whole yet?
  bool in_frame() const {
    return buffer_.size() > begin_ + 1 ||
           (buffer_.size() == begin_ + 1 && buffer_[begin_] != k_flag);
  }
  const Counts& counts() const { return counts_; }

 private:
  enum class Look { whole, more_needed, false_start };
  Look look(std::size_t& length);
  void skip(std::size_t octets);

  CheckOptions check_;
  Counts counts_;
  Bytes buffer_;
  std::size_t begin_ = 0;  // of what is not yet consumed
  bool silent_ = false;
};

}  // namespace meterproof::hdlc
