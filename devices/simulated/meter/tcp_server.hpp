// TcpServer: the wrapper interface (IEC 62056-47) of a simulated meter on a loopback port of its
// own, which it keeps over power cuts. Any source address is served alike.
//
// The bench may flood it: places are given by ConnectionGuard, one request of a connection is at
// work at a time, and nothing more is read from it until the answer has been taken.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "devices/simulated/meter/application.hpp"
#include "devices/simulated/meter/work_queue.hpp"

namespace meterproof::simulated {

class TcpServer {
 public:
  // on_event is called for each connection and each request: the load on the processor.
  TcpServer(boost::asio::io_context& io, const GuardLimits& limits, WorkQueue& work,
            std::function<void()> on_event);
  ~TcpServer();
  TcpServer(const TcpServer&) = delete;
  TcpServer& operator=(const TcpServer&) = delete;

  std::string url() const;
  // The application that serves from now on; it outlives stop().
  void start(MeterApplication& application);
  // Resets every connection; new ones are refused until the next start.
  void stop();
  // Called some times a second: ends what is overdue.
  void tick();

 private:
  struct Server;
  std::shared_ptr<Server> server_;
};

}  // namespace meterproof::simulated
