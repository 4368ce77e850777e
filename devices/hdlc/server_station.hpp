// ServerStation: the secondary station of normal response mode, without I/O and without a clock.
//
// NDM: answers SNRM with UA, everything else that polls with DM. NRM: takes I-frames, answers when
// polled. Frames with a wrong check sequence or for another station are dropped in silence. A frame
// that breaks the rules (N(R) out of range, information too long, unknown control) gets FRMR, and
// then only SNRM or DISC help. UI frames are taken in any mode; those to all stations are never
// answered, and nothing else that is sent to all stations is looked at (6.4.2.3).
#pragma once

#include <deque>
#include <optional>

#include "devices/hdlc/frame_reader.hpp"
#include "devices/hdlc/information_flow.hpp"
#include "devices/hdlc/parameters.hpp"
#include "devices/hdlc/server_defects.hpp"
#include "harness/clock.hpp"

namespace meterproof::hdlc {

struct ServerConfig {
  std::vector<std::uint16_t> logical_devices = {1};  // upper addresses answered
  std::uint16_t physical_device = 17;  // lower address, where the frame's address has one
  Parameters parameters{.transmit_octets = 512, .receive_octets = 512};
  harness::WallDuration inactivity_timeout = std::chrono::seconds(120);
  // A poll that the application has not answered by then gets RR.
  harness::WallDuration response_time = std::chrono::milliseconds(200);
  std::size_t largest_message = 1 << 16;  // octets
  CheckOptions check;                     // frame_check = false: the weakness MUT_HDLC_001
  ServerDefects defects;                  // none in a healthy station
};

struct ServerEvent {
  // unnumbered: a message in a UI frame, outside of the connection.
  enum class Kind { connected, message, disconnected, unnumbered } kind = Kind::message;
  std::uint8_t client = 0;           // client SAP
  std::uint16_t logical_device = 0;  // which server was addressed
  Bytes message;                     // APDU, LLC header removed
  bool broadcast = false;            // to all stations: must not be answered
};

class ServerStation {
 public:
  struct Counts {
    std::uint64_t bad_frame_checks_accepted = 0;  // only with check.frame_check = false
    std::uint64_t foreign_frames = 0;             // for another station
    std::uint64_t rejected_frames = 0;            // answered with FRMR
    std::uint64_t out_of_sequence = 0;            // duplicates and gaps
    std::uint64_t retransmissions = 0;
  };

  explicit ServerStation(ServerConfig config);

  void receive(BytesView octets, harness::WallTime now);
  void tick(harness::WallTime now);  // at timer() or later
  // Answers the connected client (or queues it until the next poll). Dropped when not connected.
  void send(BytesView message, harness::WallTime now);
  // Answers a UI frame with a UI frame while its poll is unanswered; otherwise says it unasked (a
  // push), which only a line with no other traffic allows.
  void send_unnumbered(std::uint8_t client, std::uint16_t logical_device, BytesView message);
  // From the next frame on.
  void set_inactivity_timeout(harness::WallDuration span) { config_.inactivity_timeout = span; }
  // A power cut: everything is forgotten, nothing is said.
  void reset();

  std::optional<harness::WallTime> timer() const;
  Bytes take_output();  // octets to write, flags included
  std::optional<ServerEvent> take_event();
  bool connected() const { return mode_ == Mode::normal_response; }
  const Parameters& negotiated() const { return negotiated_; }
  const Counts& counts() const { return counts_; }
  const FrameReader::Counts& reader_counts() const { return reader_.counts(); }

 private:
  enum class Mode { normal_disconnected, normal_response, frame_rejected };
  void on_frame(const Frame& frame, harness::WallTime now);
  void on_snrm(const Frame& frame);
  void on_disc(const Frame& frame);
  void enter(const Frame& frame);
  Frame renumbered(Frame frame) const;
  void on_unnumbered(const Frame& frame, harness::WallTime now);
  void on_numbered(const Frame& frame, harness::WallTime now);
  bool on_message(Bytes message);
  void reject(const Frame& frame, std::uint8_t reason);
  void answer(const Frame& frame, std::uint8_t control, Bytes information = {});
  void answer_poll();
  void leave(bool tell);
  bool addressed(const Address& address) const;

  ServerConfig config_;
  FrameReader reader_;
  Mode mode_ = Mode::normal_disconnected;
  InformationFlow flow_;
  Parameters negotiated_;
  Address client_, server_;  // of the connection
  // The UI frame that polled and is not answered yet.
  struct UnnumberedPoll {
    Address client, server;
    harness::WallTime until;
  };
  std::optional<UnnumberedPoll> unnumbered_poll_;
  Bytes reject_reason_;
  Bytes left_over_;    // only with defects.keeps_segments
  bool deaf_ = false;  // only with defects.deaf_after_bad_check
  Bytes out_;
  std::deque<ServerEvent> events_;
  std::optional<harness::WallTime> poll_deadline_;  // set while a poll is unanswered
  std::optional<harness::WallTime> inactive_at_;
  std::optional<harness::WallTime> idle_at_;  // a begun frame is given up
  Counts counts_;
};

}  // namespace meterproof::hdlc
