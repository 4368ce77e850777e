#include "devices/simulated/meter/push_sender.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/write.hpp>
#include <set>
#include <utility>

#include "devices/hdlc/wrapper.hpp"

namespace meterproof::simulated {
namespace {

using boost::asio::ip::tcp;
using boost::asio::ip::udp;

constexpr std::size_t k_pushes_under_way = 16;
constexpr std::uint16_t k_push_client = 103;  // wrapper port of the one who listens

}  // namespace

struct PushSender::Sender : std::enable_shared_from_this<Sender> {
  struct Delivery {
    tcp::socket socket;
    hdlc::Bytes pdu;
  };

  Sender(boost::asio::io_context& context, std::uint16_t sap) : io(context), server_sap(sap) {}

  void over_udp(const boost::asio::ip::address& address, std::uint16_t port,
                const hdlc::Bytes& pdu) {
    boost::system::error_code lost;
    udp::socket socket(io);
    socket.open(udp::v4(), lost);
    socket.send_to(boost::asio::buffer(pdu), {address, port}, 0, lost);
  }

  void over_tcp(const boost::asio::ip::address& address, std::uint16_t port, hdlc::Bytes pdu) {
    if (under_way.size() >= k_pushes_under_way) return;
    const auto delivery = std::make_shared<Delivery>(Delivery{tcp::socket(io), std::move(pdu)});
    under_way.insert(delivery);
    delivery->socket.async_connect({address, port}, [self = shared_from_this(), delivery](
                                                        const boost::system::error_code& refused) {
      if (refused) return self->forget(delivery);
      boost::asio::async_write(delivery->socket, boost::asio::buffer(delivery->pdu),
                               [self, delivery](const boost::system::error_code&, std::size_t) {
                                 self->forget(delivery);
                               });
    });
  }

  void forget(const std::shared_ptr<Delivery>& delivery) {
    boost::system::error_code ignored;
    delivery->socket.close(ignored);
    under_way.erase(delivery);
  }

  void stop() {
    boost::system::error_code ignored;
    for (const auto& delivery : under_way) delivery->socket.close(ignored);
    under_way.clear();
  }

  boost::asio::io_context& io;
  std::uint16_t server_sap;
  std::set<std::shared_ptr<Delivery>> under_way;
};

PushSender::PushSender(boost::asio::io_context& io, std::uint16_t server_sap)
    : sender_(std::make_shared<Sender>(io, server_sap)) {}

PushSender::~PushSender() { sender_->stop(); }

void PushSender::send(const PushSetup& setup, cosem::Bytes apdu) {
  const auto colon = setup.destination.find(':');
  boost::system::error_code malformed;
  const auto address =
      boost::asio::ip::make_address_v4(setup.destination.substr(0, colon), malformed);
  if (malformed || colon == std::string::npos || !address.is_loopback()) return;
  const auto port = static_cast<std::uint16_t>(std::stoul(setup.destination.substr(colon + 1)));
  hdlc::Bytes pdu =
      hdlc::encode(hdlc::WrapperPdu{sender_->server_sap, k_push_client, std::move(apdu)});
  if (setup.transport == PushSetup::k_udp) {
    sender_->over_udp(address, port, pdu);
  } else {
    sender_->over_tcp(address, port, std::move(pdu));
  }
}

void PushSender::stop() { sender_->stop(); }

}  // namespace meterproof::simulated
