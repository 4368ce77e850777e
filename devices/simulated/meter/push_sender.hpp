// PushSender: the meter as the one who speaks first: a data-notification in a wrapper PDU to the
// destination of its push setup. A push that nobody takes is lost, as the standard has it without
// retries.
#pragma once

#include <memory>

#include "devices/simulated/meter/push_setup.hpp"

namespace boost::asio {
class io_context;
}

namespace meterproof::simulated {

class PushSender {
 public:
  PushSender(boost::asio::io_context& io, std::uint16_t server_sap);
  ~PushSender();
  PushSender(const PushSender&) = delete;
  PushSender& operator=(const PushSender&) = delete;

  void send(const PushSetup& setup, cosem::Bytes apdu);
  // A power cut: what is under way is dropped.
  void stop();

 private:
  struct Sender;
  std::shared_ptr<Sender> sender_;
};

}  // namespace meterproof::simulated
