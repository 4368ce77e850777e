#include "devices/simulated/meter/tcp_server.hpp"

#include <sys/socket.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <map>
#include <utility>

#include "devices/simulated/meter/tcp_connection.hpp"

namespace meterproof::simulated {
namespace {

using boost::asio::ip::tcp;

constexpr std::chrono::milliseconds k_retry_accept{100};
constexpr int k_backlog = 1024;

// Bound to a port of its own choice, not yet listening. Bound a second time by number: the kernel
// lets go of a port that it chose itself as soon as the socket stops listening.
tcp::acceptor bound_to_loopback(boost::asio::io_context& io) {
  tcp::endpoint here(boost::asio::ip::address_v4::loopback(), 0);
  {
    tcp::acceptor chooser(io, here.protocol());
    chooser.bind(here);
    here = chooser.local_endpoint();
  }
  tcp::acceptor acceptor(io, here.protocol());
  acceptor.set_option(tcp::acceptor::reuse_address(true));
  acceptor.bind(here);
  return acceptor;
}

void reset(tcp::socket& socket) {
  boost::system::error_code ignored;
  socket.set_option(boost::asio::socket_base::linger(true, 0), ignored);
  socket.close(ignored);
}

}  // namespace

// Shared with the handlers in flight, which may outlive the TcpServer.
struct TcpServer::Server : std::enable_shared_from_this<Server> {
  Server(boost::asio::io_context& io, const GuardLimits& guard_limits, WorkQueue& queue,
         std::function<void()> event)
      : limits(guard_limits),
        guard(guard_limits),
        work(queue),
        on_event(std::move(event)),
        acceptor(bound_to_loopback(io)),
        port(acceptor.local_endpoint().port()),
        retry(io) {}

  void accept() {
    acceptor.async_accept(
        [self = shared_from_this()](const boost::system::error_code& error, tcp::socket socket) {
          if (!self->acceptor.is_open()) return;
          if (error) return self->accept_after(k_retry_accept);
          self->arrived(std::move(socket));
        });
  }

  // Out of descriptors, or no place yet.
  void accept_after(harness::WallDuration span) {
    retry.expires_after(span);
    retry.async_wait(
        [self = shared_from_this(), life = life](const boost::system::error_code& error) {
          if (!error && self->application != nullptr && self->life == life) self->place_or_accept();
        });
  }

  void arrived(tcp::socket socket) {
    on_event();
    waiting.emplace(std::move(socket));
    place_or_accept();
  }

  // Only one connection is taken from the kernel's backlog before it has a place.
  void place_or_accept() {
    if (!waiting) return accept();
    boost::system::error_code gone;
    const auto source = waiting->remote_endpoint(gone).address().to_string();
    if (gone) {
      reset(*waiting);
      waiting.reset();
      return accept();
    }
    const auto now = harness::WallClock::now();
    const auto admission = guard.admit(source, now);
    if (admission.displaced) drop(*admission.displaced);
    if (!admission.admitted) {
      if (admission.retry_at == harness::WallTime::max()) {
        wants_place = true;  // until some connection closes
      } else {
        accept_after(admission.retry_at - now);
      }
      return;
    }
    open(*admission.admitted, std::move(*waiting));
    waiting.reset();
    accept();
  }

  void open(ConnectionGuard::Id id, tcp::socket socket) {
    TcpConnection::Owner owner;
    owner.application = application;
    owner.work = &work;
    owner.on_event = on_event;
    owner.alone = [this] { return connections.size() == 1; };
    owner.heard = [this, id](Standing standing, harness::WallTime now) {
      if (const auto displaced = guard.heard(id, standing, now)) drop(*displaced);
    };
    owner.closed = [this, id] {
      guard.closed(id);
      connections.erase(id);
      place_freed();
    };
    const auto connection = std::make_shared<TcpConnection>(std::move(socket), std::move(owner));
    connections[id] = connection;
    connection->start();
  }

  void place_freed() {
    if (!std::exchange(wants_place, false)) return;
    place_or_accept();
  }

  // The guard has forgotten it already, or is told.
  void drop(ConnectionGuard::Id id) {
    guard.closed(id);
    const auto found = connections.find(id);
    if (found == connections.end()) return;
    const auto connection = found->second;
    connections.erase(found);
    connection->abort();
  }

  void start(MeterApplication& booted) {
    application = &booted;
    acceptor.listen(k_backlog);
    accept();
  }

  // A meter without power refuses connections, but the port stays its own.
  void stop() {
    application = nullptr;
    ++life;
    wants_place = false;
    retry.cancel();
    boost::system::error_code ignored;
    acceptor.cancel(ignored);
    ::shutdown(acceptor.native_handle(), SHUT_RDWR);
    if (waiting) reset(*waiting);
    waiting.reset();
    for (const auto& [id, connection] : connections) connection->abort();
    connections.clear();
    guard = ConnectionGuard(limits);
  }

  GuardLimits limits;
  ConnectionGuard guard;
  WorkQueue& work;
  std::function<void()> on_event;
  tcp::acceptor acceptor;
  unsigned short port;
  boost::asio::steady_timer retry;
  MeterApplication* application = nullptr;
  std::optional<tcp::socket> waiting;
  bool wants_place = false;
  std::uint64_t life = 0;  // counts power cuts
  std::map<ConnectionGuard::Id, std::shared_ptr<TcpConnection>> connections;
};

TcpServer::TcpServer(boost::asio::io_context& io, const GuardLimits& limits, WorkQueue& work,
                     std::function<void()> on_event)
    : server_(std::make_shared<Server>(io, limits, work, std::move(on_event))) {}

TcpServer::~TcpServer() {
  server_->stop();
  boost::system::error_code ignored;
  server_->acceptor.close(ignored);
}

std::string TcpServer::url() const { return "tcp://127.0.0.1:" + std::to_string(server_->port); }

void TcpServer::start(MeterApplication& application) { server_->start(application); }
void TcpServer::stop() { server_->stop(); }

void TcpServer::tick() {
  for (const auto id : server_->guard.overdue(harness::WallClock::now())) server_->drop(id);
}

}  // namespace meterproof::simulated
