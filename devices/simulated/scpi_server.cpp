#include "devices/simulated/scpi_server.hpp"

#include <boost/asio.hpp>
#include <utility>

namespace meterproof::simulated {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::size_t k_longest_line = 8192;
constexpr std::size_t k_most_clients = 64;

class ScpiConnection : public std::enable_shared_from_this<ScpiConnection> {
 public:
  ScpiConnection(tcp::socket socket, const ScpiInstrument& instrument,
                 const harness::BenchClock& clock, std::shared_ptr<void> seat)
      : socket_(std::move(socket)),
        timer_(socket_.get_executor()),
        conversation_(instrument),
        clock_(clock),
        seat_(std::move(seat)) {}

  void read() {
    asio::async_read_until(socket_, asio::dynamic_buffer(input_, k_longest_line), '\n',
                           [self = shared_from_this()](error_code bad, std::size_t length) {
                             if (!bad) self->received(length);
                           });
  }

  void close() {
    error_code ignored;
    socket_.close(ignored);
    timer_.cancel();
  }

 private:
  void received(std::size_t length) {
    std::string line = input_.substr(0, length - 1);
    input_.erase(0, length);
    auto reply = conversation_.handle(line);
    if (reply.text.empty()) return read();
    output_ = std::move(reply.text) + '\n';
    const auto wait = reply.not_before - clock_.now();
    if (wait.nanoseconds <= 0) return write();
    timer_.expires_after(clock_.wall(wait));
    timer_.async_wait([self = shared_from_this()](error_code bad) {
      if (!bad) self->write();
    });
  }

  void write() {
    asio::async_write(socket_, asio::buffer(output_),
                      [self = shared_from_this()](error_code bad, std::size_t) {
                        if (!bad) self->read();
                      });
  }

  tcp::socket socket_;
  asio::steady_timer timer_;
  ScpiConversation conversation_;
  const harness::BenchClock& clock_;
  std::shared_ptr<void> seat_;
  std::string input_, output_;
};

}  // namespace

struct ScpiServer::Listener : std::enable_shared_from_this<ScpiServer::Listener> {
  Listener(asio::io_context& io, const ScpiInstrument& served, const harness::BenchClock& time)
      : acceptor(io, tcp::endpoint(asio::ip::address_v4::loopback(), 0)),
        instrument(served),
        clock(time) {}

  void accept() {
    acceptor.async_accept([self = shared_from_this()](error_code bad, tcp::socket socket) {
      if (bad == asio::error::operation_aborted || !self->acceptor.is_open()) return;
      if (!bad) self->serve(std::move(socket));
      self->accept();
    });
  }

  void serve(tcp::socket socket) {
    std::erase_if(connections, [](const auto& connection) { return connection.expired(); });
    if (seats.use_count() > static_cast<long>(k_most_clients)) return;
    error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    const auto connection =
        std::make_shared<ScpiConnection>(std::move(socket), instrument, clock, seats);
    connections.push_back(connection);
    connection->read();
  }

  tcp::acceptor acceptor;
  const ScpiInstrument& instrument;
  const harness::BenchClock& clock;
  std::shared_ptr<void> seats = std::make_shared<int>();
  std::vector<std::weak_ptr<ScpiConnection>> connections;
};

ScpiServer::ScpiServer(asio::io_context& io, const ScpiInstrument& instrument,
                       const harness::BenchClock& clock)
    : listener_(std::make_shared<Listener>(io, instrument, clock)) {
  listener_->accept();
}

ScpiServer::~ScpiServer() {
  error_code ignored;
  listener_->acceptor.close(ignored);
  for (const auto& weak : listener_->connections) {
    if (const auto connection = weak.lock()) connection->close();
  }
}

std::uint16_t ScpiServer::port() const { return listener_->acceptor.local_endpoint().port(); }

}  // namespace meterproof::simulated
