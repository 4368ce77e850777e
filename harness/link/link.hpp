// Link: bytes in, bytes out, whatever the cable. Back ends: libserialport for real ports, termios
// for pseudo-terminals, TCP, UDP.
//
// Every call takes a Deadline and observes a stop token. Silence (timeout), an orderly end
// (closed_by_peer), a reset and a port that vanished (unplugged) are different errors, because they
// mean different things about a DUT. Each transfer is given to the transcript, stamped at the
// return of the system call.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <stop_token>
#include <string>

#include "harness/deadline.hpp"
#include "harness/result.hpp"

namespace meterproof::link {

using harness::Deadline;
using harness::Error;
using harness::Result;

class Transcript;  // harness/link/transcript.hpp

enum class LinkError {
  timeout = 1,     // the deadline passed; nothing (more) came
  cancelled,       // the stop token was triggered
  closed_by_peer,  // orderly end (TCP FIN)
  reset_by_peer,   // TCP RST
  refused,         // nobody listens there
  unplugged,       // the port or its other end is gone
  not_supported,   // this back end cannot do that (line settings on TCP, break on a pty)
  io,              // anything else the kernel reported
};
const boost::system::error_category& link_category();
inline Error make_error_code(LinkError error) { return {static_cast<int>(error), link_category()}; }

enum class Parity { none, even, odd };

// Line settings of a serial port. Baud in 1/s; data_bits 7 or 8; stop_bits 1 or 2.
struct SerialSettings {
  int baud = 9600;
  int data_bits = 8;
  Parity parity = Parity::none;
  int stop_bits = 1;
  auto operator<=>(const SerialSettings&) const = default;
};

class Link {
 public:
  virtual ~Link() = default;

  // Waits for at least one byte and returns how many were stored, 1..buffer.size().
  virtual Result<std::size_t> read(std::span<std::byte> buffer, Deadline deadline,
                                   std::stop_token stop) = 0;
  // Returns when all bytes were given to the kernel (or, on a serial line, have left it).
  virtual Result<void> write(std::span<const std::byte> bytes, Deadline deadline,
                             std::stop_token stop) = 0;
  // Drops what has arrived and was not read.
  virtual Result<void> discard_input() = 0;
  // Changes baud rate and framing, for example for IEC 62056-21 mode E. not_supported unless the
  // link is serial.
  virtual Result<void> configure(const SerialSettings& settings);
  // For error messages and reports: "tcp://127.0.0.1:4059".
  virtual std::string name() const = 0;
};

struct OpenOptions {
  Deadline deadline = Deadline::after(std::chrono::seconds(5));
  std::stop_token stop{};
  std::shared_ptr<Transcript> transcript{};  // may be null
};

// Opens a link by URL. Schemes and their query keys:
//   serial:///dev/ttyUSB0?baud=9600&frame=8N1&echo=on&rs485=on&turnaround_ms=2     a real port,
//   through libserialport pty:///dev/pts/3?baud=9600&frame=7E1 a pseudo-terminal, through termios
//   tcp://127.0.0.1:4059?bind=127.0.0.5                                             bind: own
//   address, optional udp://127.0.0.1:4059?bind=127.0.0.5 one datagram a read or write
// echo=on: what was sent is read back and taken away (optical heads); a wrong echo is
// LinkError::io. Throws ConfigError for a malformed URL; returns an error for what the world
// refuses.
Result<std::unique_ptr<Link>> open(const std::string& url, const OpenOptions& options);

}  // namespace meterproof::link

template <>
struct boost::system::is_error_code_enum<meterproof::link::LinkError> : std::true_type {};
