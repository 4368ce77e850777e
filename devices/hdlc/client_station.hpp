// ClientStation: the primary station of normal response mode, without I/O and without a clock.
// Octets and instants go in, octets to send and messages come out.
//
// The client speaks first and gives the right to speak with the poll bit; it gets it back with the
// final bit. What is not acknowledged is sent again after response_timeout, at most retries times.
//
// Without a connection (connectionless, for pre-established associations) messages travel in UI
// frames, which nobody acknowledges and nobody repeats; a broadcast is not answered either.
#pragma once

#include <deque>
#include <optional>

#include "devices/hdlc/frame_reader.hpp"
#include "devices/hdlc/information_flow.hpp"
#include "devices/hdlc/parameters.hpp"
#include "harness/clock.hpp"

namespace meterproof::hdlc {

struct ClientConfig {
  Address client = Address::client(16);
  Address server = Address::server(1);
  Parameters parameters;  // proposed; the UA settles
  harness::WallDuration response_timeout = std::chrono::seconds(3);
  int retries = 2;
  harness::WallDuration poll_pause = std::chrono::milliseconds(20);  // between polls of a busy peer
  std::size_t largest_message = 1 << 20;                             // octets
  bool connectionless = false;  // UI frames instead of SNRM and I-frames
  // For a peer that leaves N(R) at 0 (a defect of its own, counted in frozen_receive_numbers): its
  // frames in sequence are taken to acknowledge everything. Never when the peer is judged.
  bool tolerate_frozen_receive_number = false;
};

class ClientStation {
 public:
  enum class State { disconnected, connecting, connected, disconnecting };

  explicit ClientStation(ClientConfig config);
  const ClientConfig& config() const { return config_; }

  // Commands. connect() from any state starts afresh; send() takes a message (an APDU; the LLC
  // header is added) in state connected; poll() asks a silent peer for what it has.
  void connect(harness::WallTime now);
  void disconnect(harness::WallTime now);
  Result<void> send(BytesView message, harness::WallTime now);
  void poll(harness::WallTime now);
  // A message in a UI frame, also without a connection. Nothing is awaited.
  void send_unnumbered(BytesView message, const Address& to);

  // Events.
  void receive(const Frame& frame, harness::WallTime now);
  // Octets of a frame that is not whole yet: the peer is speaking, slow as the line may be.
  void hear(harness::WallTime now);
  void tick(harness::WallTime now);  // at timer() or later

  // Results.
  State state() const { return state_; }
  // Is an answer owed by the peer?
  bool waiting() const { return timer_.has_value(); }
  std::optional<harness::WallTime> timer() const { return timer_; }
  std::optional<Frame> take_frame();    // to send
  std::optional<Bytes> take_message();  // LLC header removed
  // The first failure since connect(): disconnected, rejected, ..., or link timeout when the
  // retries are used up.
  const Error& failure() const { return failure_; }
  const Parameters& negotiated() const { return negotiated_; }
  std::uint64_t retransmissions() const { return retransmissions_; }
  // Messages whose LLC header was a command's (E6E600) though they are responses.
  std::uint64_t llc_deviations() const { return llc_deviations_; }
  std::uint64_t frozen_receive_numbers() const { return frozen_receive_numbers_; }

 private:
  void emit(std::uint8_t control, Bytes information = {}, bool segmented = false);
  void emit_snrm();
  void await(harness::WallTime now);
  void pump(harness::WallTime now);
  void fail(Error error);
  void on_numbered(const Frame& frame, harness::WallTime now);
  void on_final(harness::WallTime now);
  bool acknowledge(const Frame& frame);
  void deliver(Bytes message);

  ClientConfig config_;
  State state_ = State::disconnected;
  InformationFlow flow_;
  Parameters negotiated_;
  std::deque<Frame> out_;
  std::deque<Bytes> messages_;
  std::optional<harness::WallTime> timer_;
  bool awaiting_final_ = false;
  bool owed_ = false;  // a message is expected: poll until it comes
  int tries_ = 0;
  Error failure_;
  std::uint64_t retransmissions_ = 0;
  std::uint64_t llc_deviations_ = 0;
  std::uint64_t frozen_receive_numbers_ = 0;
};

}  // namespace meterproof::hdlc
