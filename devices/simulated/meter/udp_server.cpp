#include "devices/simulated/meter/udp_server.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <map>
#include <utility>

#include "devices/hdlc/wrapper.hpp"

namespace meterproof::simulated {
namespace {

using boost::asio::ip::udp;

constexpr std::size_t k_senders = 64;           // with a session
constexpr std::size_t k_requests_in_work = 64;  // more are lost, as datagrams are
constexpr std::size_t k_longest_udp_request = 4096;

}  // namespace

// Shared with the handlers in flight, which may outlive the UdpServer.
struct UdpServer::Server : std::enable_shared_from_this<Server> {
  Server(boost::asio::io_context& io, harness::WallDuration silence_allowed, WorkQueue& queue,
         std::function<void()> event)
      : silence(silence_allowed),
        work(queue),
        on_event(std::move(event)),
        socket(io, udp::endpoint(boost::asio::ip::address_v4::loopback(), 0)),
        port(socket.local_endpoint().port()) {}

  void read() {
    socket.async_receive_from(
        boost::asio::buffer(buffer), from,
        [self = shared_from_this()](const boost::system::error_code& error, std::size_t count) {
          if (self->closed) return;
          // An earlier answer that nobody took comes back as an error of the next receive.
          if (!error) self->received(count);
          self->read();
        });
  }

  void received(std::size_t count) {
    if (application == nullptr || in_work >= k_requests_in_work) return;
    auto pdu = hdlc::decode_wrapper(std::span(buffer).first(count));
    if (!pdu) return;
    on_event();
    const auto now = harness::WallClock::now();
    Sender& sender = sender_of(from, now);
    ++in_work;
    work.submit(sender.session.standing() == Standing::proven,
                [self = shared_from_this(), life = life, peer = from,
                 request = *std::move(pdu)]() -> harness::WallDuration {
                  if (self->life != life) return {};
                  --self->in_work;
                  return self->serve(peer, request);
                });
  }

  harness::WallDuration serve(const udp::endpoint& peer, const hdlc::WrapperPdu& request) {
    const auto now = harness::WallClock::now();
    Sender& sender = sender_of(peer, now);
    Outcome outcome = application->on_apdu(sender.session, {request.source, request.destination},
                                           request.apdu, now);
    for (auto& reply : outcome.replies) {
      if (reply.size() > k_largest_udp_apdu) continue;
      const auto datagram =
          hdlc::encode(hdlc::WrapperPdu{request.destination, request.source, std::move(reply)});
      boost::system::error_code lost;
      socket.send_to(boost::asio::buffer(datagram), peer, 0, lost);
    }
    return outcome.stall;
  }

  struct Sender {
    Session session;
    harness::WallTime heard;
  };

  // The silent are forgotten; if that does not help, the stranger that was heard longest ago, and
  // then anybody.
  Sender& sender_of(const udp::endpoint& peer, harness::WallTime now) {
    std::erase_if(senders, [&](const auto& entry) { return entry.second.heard + silence < now; });
    if (!senders.contains(peer) && senders.size() >= k_senders) {
      const auto rank = [](const auto& entry) {
        return std::pair(entry.second.session.standing(), entry.second.heard);
      };
      senders.erase(std::min_element(
          senders.begin(), senders.end(),
          [&](const auto& one, const auto& other) { return rank(one) < rank(other); }));
    }
    Sender& sender = senders[peer];
    sender.heard = now;
    return sender;
  }

  void stop() {
    application = nullptr;
    ++life;
    in_work = 0;
    senders.clear();
  }

  static constexpr std::size_t k_largest_udp_apdu = 65'507 - hdlc::k_wrapper_header;

  harness::WallDuration silence;
  WorkQueue& work;
  std::function<void()> on_event;
  udp::socket socket;
  unsigned short port;
  udp::endpoint from;
  std::array<std::byte, k_longest_udp_request> buffer{};
  MeterApplication* application = nullptr;
  std::map<udp::endpoint, Sender> senders;
  std::size_t in_work = 0;
  std::uint64_t life = 0;  // counts power cuts
  bool closed = false;
};

UdpServer::UdpServer(boost::asio::io_context& io, harness::WallDuration silence, WorkQueue& work,
                     std::function<void()> on_event)
    : server_(std::make_shared<Server>(io, silence, work, std::move(on_event))) {
  server_->read();
}

UdpServer::~UdpServer() {
  server_->stop();
  server_->closed = true;
  boost::system::error_code ignored;
  server_->socket.close(ignored);
}

std::string UdpServer::url() const { return "udp://127.0.0.1:" + std::to_string(server_->port); }
void UdpServer::start(MeterApplication& application) { server_->application = &application; }
void UdpServer::stop() { server_->stop(); }

}  // namespace meterproof::simulated
