#include "devices/simulated/meter/tcp_connection.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/socket_base.hpp>
#include <boost/asio/write.hpp>
#include <utility>

namespace meterproof::simulated {
namespace {

constexpr std::size_t k_longest_wrapped_request = 4096;

}  // namespace

TcpConnection::TcpConnection(boost::asio::ip::tcp::socket socket, Owner owner)
    : socket_(std::move(socket)),
      delay_(socket_.get_executor()),
      owner_(std::move(owner)),
      reader_(k_longest_wrapped_request) {
  boost::system::error_code ignored;
  socket_.set_option(boost::asio::ip::tcp::no_delay(true), ignored);
  socket_.non_blocking(true, ignored);
}

void TcpConnection::abort() {
  if (over_) return;
  over_ = true;
  boost::system::error_code ignored;
  socket_.set_option(boost::asio::socket_base::linger(true, 0), ignored);
  socket_.close(ignored);
  delay_.cancel();
}

void TcpConnection::finish() {
  if (over_) return;
  abort();
  owner_.closed();
}

void TcpConnection::read() {
  socket_.async_read_some(
      boost::asio::buffer(buffer_),
      [self = shared_from_this()](const boost::system::error_code& error, std::size_t count) {
        if (self->over_) return;
        if (error) return self->finish();
        self->reader_.push(std::span(self->buffer_).first(count));
        self->next_request(true);
      });
}

void TcpConnection::next_request(bool may_be_next) {
  for (;;) {
    auto next = reader_.next();
    if (!next) return finish();
    if (!*next) return read();
    owner_.on_event();
    const bool proven = session_.standing() == Standing::proven;
    // A proven client goes first and nobody else waits; or there is nobody else. Only the first
    // request of a read: who sends many takes turns with the others.
    if (!may_be_next || !owner_.work->free() || !(proven || owner_.alone())) {
      owner_.work->submit(
          proven, [self = shared_from_this(), pdu = std::move(**next)]() -> harness::WallDuration {
            bool answered = false;
            const auto stall = self->serve(pdu, answered);
            if (answered) self->next_request(false);
            return stall;
          });
      return;
    }
    may_be_next = false;
    bool answered = false;
    owner_.work->busy(serve(**next, answered));
    if (!answered) return;
  }
}

harness::WallDuration TcpConnection::serve(const hdlc::WrapperPdu& request, bool& answered) {
  if (over_) return {};
  const harness::WallTime now = harness::WallClock::now();
  Outcome outcome = owner_.application->on_apdu(session_, {request.source, request.destination},
                                                request.apdu, now);
  outgoing_.clear();
  for (const auto& reply : outcome.replies)
    hdlc::append_wrapper(outgoing_, request.destination, request.source, reply);
  owner_.heard(session_.standing(), now);
  if (over_) return outcome.stall;
  if (outcome.delay <= harness::WallDuration::zero()) {
    answered = write_answer();
  } else {
    delay_.expires_after(outcome.delay);
    delay_.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
      if (!error && !self->over_ && self->write_answer()) self->next_request(false);
    });
  }
  return outcome.stall;
}

// True when everything was given to the kernel at once; else the rest follows, or it is over.
bool TcpConnection::write_answer() {
  if (outgoing_.empty()) return true;
  boost::system::error_code error;
  const std::size_t sent = socket_.write_some(boost::asio::buffer(outgoing_), error);
  if (!error && sent == outgoing_.size()) return true;
  if (error && error != boost::asio::error::would_block) {
    finish();
    return false;
  }
  write_rest(error ? 0 : sent);
  return false;
}

void TcpConnection::write_rest(std::size_t from) {
  boost::asio::async_write(
      socket_, boost::asio::buffer(outgoing_) + from,
      [self = shared_from_this()](const boost::system::error_code& error, std::size_t) {
        if (self->over_) return;
        if (error) return self->finish();
        self->next_request(false);
      });
}

}  // namespace meterproof::simulated
