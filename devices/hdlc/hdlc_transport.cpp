#include "devices/hdlc/hdlc_transport.hpp"

#include <array>

namespace meterproof::hdlc {

using harness::Deadline;
using harness::WallClock;
using link::LinkError;

HdlcTransport::HdlcTransport(std::unique_ptr<link::Link> link, ClientConfig config,
                             FrameInterceptors interceptors)
    : link_(std::move(link)), station_(std::move(config)), interceptors_(std::move(interceptors)) {}

std::string HdlcTransport::name() const { return "hdlc over " + link_->name(); }

Result<void> HdlcTransport::connect(Deadline deadline, std::stop_token stop) {
  // What an earlier exchange left behind must not be taken for the answer to this SNRM.
  if (before_connect_) {
    const auto ready = before_connect_(*link_, deadline, stop);
    if (!ready) return ready;
  }
  const auto discarded = link_->discard_input();
  if (!discarded) return discarded;
  reader_.clear();
  station_.connect(WallClock::now());
  while (station_.state() == ClientStation::State::connecting) {
    const auto done = step(deadline, stop);
    if (!done) return done;
  }
  if (station_.failure()) return station_.failure();
  return boost::system::in_place_value;
}

Result<void> HdlcTransport::disconnect(Deadline deadline, std::stop_token stop) {
  station_.disconnect(WallClock::now());
  while (station_.state() == ClientStation::State::disconnecting) {
    const auto done = step(deadline, stop);
    if (!done) return done;
  }
  return boost::system::in_place_value;
}

Result<void> HdlcTransport::send(std::span<const std::byte> apdu, Deadline deadline,
                                 std::stop_token stop) {
  const auto queued = station_.send(apdu, WallClock::now());
  if (!queued) return queued;
  return write_pending(deadline, stop);
}

Result<std::vector<std::byte>> HdlcTransport::receive(Deadline deadline, std::stop_token stop) {
  for (;;) {
    if (auto message = station_.take_message()) return *std::move(message);
    if (station_.state() != ClientStation::State::connected) {
      return station_.failure() ? station_.failure() : make_error_code(HdlcError::not_connected);
    }
    station_.poll(WallClock::now());
    const auto done = step(deadline, stop);
    if (!done) return done.error();
  }
}

// Once round: write what is due, then wait for octets or for the station's timer.
Result<void> HdlcTransport::step(Deadline deadline, const std::stop_token& stop) {
  auto done = write_pending(deadline, stop);
  if (!done) return done;
  const Deadline timer = station_.timer() ? Deadline::at(*station_.timer()) : deadline;
  done = read_some(deadline.sooner(timer), stop);
  if (!done && done.error() != LinkError::timeout) return done;
  if (!done) reader_.idle();
  while (auto frame = reader_.next()) {
    if (interceptors_.frame_in) interceptors_.frame_in(*frame);
    station_.receive(*frame, WallClock::now());
  }
  if (done && reader_.in_frame()) station_.hear(WallClock::now());
  // A peer that never stops sending must not hold up the deadline.
  if (deadline.passed()) return LinkError::timeout;
  station_.tick(WallClock::now());
  return boost::system::in_place_value;
}

Result<void> HdlcTransport::write_pending(Deadline deadline, const std::stop_token& stop) {
  while (auto frame = station_.take_frame()) {
    const auto written = send_frame(*std::move(frame), deadline, stop);
    if (!written) return written;
  }
  return boost::system::in_place_value;
}

Result<void> HdlcTransport::read_some(Deadline deadline, const std::stop_token& stop) {
  std::array<std::byte, 4096> buffer;
  const auto count = link_->read(buffer, deadline, stop);
  if (!count) return count.error();
  reader_.push(std::span(buffer).first(*count));
  return boost::system::in_place_value;
}

Result<void> HdlcTransport::send_unnumbered(BytesView apdu, const Address& to, Deadline deadline,
                                            std::stop_token stop) {
  station_.send_unnumbered(apdu, to);
  return write_pending(deadline, stop);
}

Result<void> HdlcTransport::send_raw(BytesView octets, Deadline deadline, std::stop_token stop) {
  return link_->write(octets, deadline, std::move(stop));
}

Result<void> HdlcTransport::send_frame(Frame frame, Deadline deadline, std::stop_token stop) {
  if (interceptors_.frame_out) interceptors_.frame_out(frame);
  Bytes octets = encode(frame);
  if (interceptors_.octets_out) interceptors_.octets_out(octets);
  return send_raw(octets, deadline, std::move(stop));
}

Result<Frame> HdlcTransport::receive_frame(Deadline deadline, std::stop_token stop) {
  for (;;) {
    if (auto frame = reader_.next()) {
      if (interceptors_.frame_in) interceptors_.frame_in(*frame);
      return *std::move(frame);
    }
    if (deadline.passed()) return LinkError::timeout;
    const auto read = read_some(deadline, stop);
    if (read) continue;
    if (read.error() != LinkError::timeout || !reader_.in_frame()) return read.error();
    reader_.idle();
    if (auto frame = reader_.next()) return *std::move(frame);
    return LinkError::timeout;
  }
}

}  // namespace meterproof::hdlc
