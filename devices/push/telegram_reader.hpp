// TelegramReader: APDUs that a meter pushes, out of a stream of octets, whatever carries them: HDLC
// frames (UI and I, nobody connects), wrapper PDUs, or M-Bus long frames with DLMS segments. Sans
// I/O; octets come in chunks of any size, noise and damaged frames do not cost the next telegram.
//
// With Framing::automatic HDLC and M-Bus are tried side by side, since both have check sequences,
// and the wrapper when the stream begins with its version.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "devices/hdlc/frame_reader.hpp"
#include "devices/hdlc/wrapper.hpp"
#include "devices/mbus/dlms_carriage.hpp"

namespace meterproof::push {

using Bytes = std::vector<std::byte>;
using BytesView = std::span<const std::byte>;

enum class Framing { automatic, hdlc, wrapper, mbus };

struct Telegram {
  Framing framing = Framing::hdlc;
  std::string from, to;  // addresses, as the framing writes them
  Bytes apdu;
  std::vector<std::string> oddities;  // what a strict reader would not have taken
};

class TelegramReader {
 public:
  explicit TelegramReader(Framing framing = Framing::automatic) : framing_(framing) {}

  void push(BytesView octets);
  std::optional<Telegram> next();
  // The line fell silent: what has begun will not be completed.
  void idle();

  // What did not become a telegram: wrong checks, missing segments, no LLC header.
  std::uint64_t dropped() const;

 private:
  void read_hdlc();
  void read_wrapper();
  void read_mbus();
  void take(const hdlc::Frame& frame);

  Framing framing_;
  bool decided_ = false;
  Bytes first_;  // until it is decided
  hdlc::FrameReader hdlc_;
  std::map<std::pair<hdlc::Address, hdlc::Address>, Bytes> segments_;  // by source, destination
  hdlc::WrapperReader wrapper_;
  mbus::LongFrameReader mbus_;
  mbus::Reassembly reassembly_;
  std::deque<Telegram> telegrams_;
  std::uint64_t dropped_ = 0;
};

}  // namespace meterproof::push
