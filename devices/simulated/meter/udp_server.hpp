// UdpServer: the wrapper interface (IEC 62056-47) of a simulated meter on a loopback UDP port: one
// wrapper PDU in one datagram. A sender's address and port are its connection; sessions of silent
// senders end, and there is room for a bounded number of them.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "devices/simulated/meter/application.hpp"
#include "devices/simulated/meter/work_queue.hpp"

namespace meterproof::simulated {

class UdpServer {
 public:
  UdpServer(boost::asio::io_context& io, harness::WallDuration silence, WorkQueue& work,
            std::function<void()> on_event);
  ~UdpServer();
  UdpServer(const UdpServer&) = delete;
  UdpServer& operator=(const UdpServer&) = delete;

  std::string url() const;
  void start(MeterApplication& application);
  // What comes from now on is lost, and every session is forgotten.
  void stop();

 private:
  struct Server;
  std::shared_ptr<Server> server_;
};

}  // namespace meterproof::simulated
