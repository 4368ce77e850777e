// Protocol mode E (IEC 62056-21 annex E, IEC 62056-46 annex): both ends of the hand-over from 300
// baud 7E1 to HDLC, 8 data bits without parity, at the rate agreed. State machines without I/O and
// without a clock: characters and instants go in, characters to send come out.
//
// The rate changes when the meter has confirmed the acknowledgement. Many meters in the field do
// not confirm; the reader then goes on after a silence and says so.
#pragma once

#include <optional>
#include <utility>

#include "devices/iec62056_21/messages.hpp"

namespace meterproof::iec62056_21 {

struct ModeEOptions {
  std::string address;       // of the meter, may be empty
  int highest_baud = 19200;  // the reader's own limit
  harness::WallDuration answer_time = std::chrono::milliseconds(1700);  // 1500 ms and the message
  int retries = 2;                                                      // of the request
};

struct HandedOver {
  Identification identification;
  int baud = 0;
  bool confirmed = true;  // false: an oddity of the meter, it did not repeat the acknowledgement
};

class ModeEReader {
 public:
  explicit ModeEReader(ModeEOptions options) : options_(std::move(options)) {}

  void start(harness::WallTime now);
  void receive(BytesView characters, harness::WallTime now);
  void tick(harness::WallTime now);
  std::optional<harness::WallTime> timer() const { return timer_; }
  Bytes take_output() { return std::exchange(out_, {}); }

  bool finished() const { return result_.has_value(); }
  // Once finished. Errors: SignOnError, LinkError::timeout.
  const Result<HandedOver>& result() const { return *result_; }

 private:
  void on_message(BytesView message, harness::WallTime now);
  void ask(harness::WallTime now);

  ModeEOptions options_;
  MessageReader reader_;
  Bytes out_;
  std::optional<harness::WallTime> timer_;
  std::optional<HandedOver> agreed_;  // acknowledged, not yet confirmed
  std::optional<Result<HandedOver>> result_;
  int tries_ = 0;
};

class ModeEMeter {
 public:
  // address: answered beside the empty one.
  ModeEMeter(Identification identification, std::string address)
      : identification_(std::move(identification)), address_(std::move(address)) {}

  void receive(BytesView characters, harness::WallTime now);
  void tick(harness::WallTime now);
  std::optional<harness::WallTime> timer() const { return timer_; }
  Bytes take_output() { return std::exchange(out_, {}); }
  // The rate of HDLC, once the confirmation is in take_output().
  std::optional<int> handed_over() const { return handed_over_; }
  void reset();

 private:
  Identification identification_;
  std::string address_;
  MessageReader reader_;
  Bytes next_;  // said when the reaction time is over
  std::optional<int> next_baud_;
  bool identified_ = false;
  Bytes out_;
  std::optional<harness::WallTime> timer_;
  std::optional<int> handed_over_;
};

}  // namespace meterproof::iec62056_21
