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
        self->next_request();
      });
}

void TcpConnection::next_request() {
  const auto next = reader_.next();
  if (!next) return finish();
  if (!*next) return read();
  owner_.on_event();
  owner_.work->submit(session_.standing() == Standing::proven,
                      [self = shared_from_this(), pdu = **next]() -> harness::WallDuration {
                        if (self->over_) return {};
                        const auto before = harness::WallClock::now();
                        Outcome outcome = self->owner_.application->on_apdu(
                            self->session_, {pdu.source, pdu.destination}, pdu.apdu, before);
                        self->answer(pdu, outcome);
                        return outcome.stall;
                      });
}

void TcpConnection::answer(const hdlc::WrapperPdu& request, Outcome& outcome) {
  for (auto& reply : outcome.replies)
    outgoing_.push_back(hdlc::encode({request.destination, request.source, std::move(reply)}));
  owner_.heard(session_.standing());
  if (over_) return;
  if (outcome.delay <= harness::WallDuration::zero()) return write_next();
  delay_.expires_after(outcome.delay);
  delay_.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
    if (!error && !self->over_) self->write_next();
  });
}

void TcpConnection::write_next() {
  if (outgoing_.empty()) return next_request();
  boost::asio::async_write(
      socket_, boost::asio::buffer(outgoing_.front()),
      [self = shared_from_this()](const boost::system::error_code& error, std::size_t) {
        if (self->over_) return;
        if (error) return self->finish();
        self->outgoing_.pop_front();
        self->write_next();
      });
}

}  // namespace meterproof::simulated
