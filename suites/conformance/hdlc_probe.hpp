// HdlcProbe: one HDLC line of the meter without a station at this end: the procedure sends frames
// or octets as it likes and sees what comes back. It keeps the numbers N(S) and N(R) of an honest
// primary, so that a check can be wrong in one thing only.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "devices/hdlc/hdlc_transport.hpp"
#include "suites/security/target.hpp"

namespace meterproof::suites {

// What the meter sent: frames until it gave the right to speak back, or silence.
struct Reaction {
  std::vector<hdlc::Frame> frames;
  bool silent() const { return frames.empty(); }
  bool has(hdlc::FrameKind kind) const;
  // Kind of the only or last frame; unknown when silent.
  hdlc::FrameKind kind() const;
  std::string text() const;  // "silence", "DM", "I I"
};

class HdlcProbe {
 public:
  // Opens the line; a line that cannot be opened ends the case as inconclusive.
  HdlcProbe(Target& target, const std::string& client);

  Target& target() { return target_; }
  // Addresses that frames of this probe carry.
  hdlc::Address server, client;

  hdlc::Frame unnumbered(hdlc::FrameKind kind, hdlc::Bytes information = {}) const;
  hdlc::Frame receive_ready(bool poll = true) const;
  // Takes the next N(S).
  hdlc::Frame information(hdlc::Bytes octets, bool segmented = false, bool poll = true);

  // Waits the usual answer time of the meter, or with_patience as long as a busy meter may take.
  Reaction send(hdlc::BytesView octets, bool with_patience);
  Reaction send(const hdlc::Frame& frame, bool with_patience) {
    return send(hdlc::encode(frame), with_patience);
  }
  // SNRM with the proposal, answered by UA: numbers start anew. False: no UA came.
  bool connect(const hdlc::Parameters& proposal = {});
  const hdlc::Parameters& negotiated() const { return negotiated_; }
  // An APDU in one I-frame with LLC header; what came back in I-frames without LLC header; empty:
  // nothing. Polls while the meter answers RR, asks for further segments.
  hdlc::Bytes exchange(const hdlc::Bytes& apdu);
  // The rest of an answer whose first frames are in reaction.
  hdlc::Bytes collect(Reaction reaction);
  // Is there a connection in the meter's eyes? An RR with P: RR or I says yes.
  bool connected();

  std::uint8_t next_send_number() const { return send_number_; }
  std::uint8_t next_receive_number() const { return receive_number_; }
  void set_send_number(unsigned number) { send_number_ = number & 7; }

 private:
  Target& target_;
  std::unique_ptr<cosem::ApduTransport> owner_;
  hdlc::HdlcTransport* line_ = nullptr;
  hdlc::Parameters negotiated_;
  std::uint8_t send_number_ = 0, receive_number_ = 0;
  harness::WallDuration usual_ = std::chrono::milliseconds(1000);  // of the last answer, with room
};

// A frame from its parts, with right length and check sequences, for what hdlc::encode() refuses
// to make: addresses is everything between the length and the control octet.
hdlc::Bytes raw_frame(hdlc::Bytes addresses, std::uint8_t control, hdlc::BytesView information = {},
                      std::uint8_t format = 0xA0);
// The public client's AARQ (or the first declared one's), ready for exchange().
hdlc::Bytes aarq_of(Target& target, const std::string& client);
// LLC header of commands and the APDU.
hdlc::Bytes with_llc(const hdlc::Bytes& apdu);

}  // namespace meterproof::suites
