// TcpConnection: one wrapper connection of a simulated meter. Included by the TCP server only.
#pragma once

#include <array>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>

#include "devices/hdlc/wrapper.hpp"
#include "devices/simulated/meter/application.hpp"
#include "devices/simulated/meter/work_queue.hpp"

namespace meterproof::simulated {

class TcpConnection : public std::enable_shared_from_this<TcpConnection> {
 public:
  struct Owner {
    MeterApplication* application;
    WorkQueue* work;
    // A request that came then was served; the session's standing now.
    std::function<void(Standing, harness::WallTime)> heard;
    std::function<void()> closed;  // once, however it ended
    std::function<void()> on_event;
    std::function<bool()> alone;  // the only connection of the meter
  };

  TcpConnection(boost::asio::ip::tcp::socket socket, Owner owner);
  void start() { read(); }
  // With a reset, so that the other end knows at once. closed() is not called.
  void abort();

 private:
  void read();
  // may_be_next: it may be served at once when the processor is free.
  void next_request(bool may_be_next);
  // The stall of the processor; more: the answer has left, read on.
  harness::WallDuration serve(const hdlc::WrapperPdu& request, bool& answered);
  bool write_answer();
  void write_rest(std::size_t from);
  void finish();

  boost::asio::ip::tcp::socket socket_;
  boost::asio::steady_timer delay_;
  Owner owner_;
  hdlc::WrapperReader reader_;
  Session session_;
  std::array<std::byte, 2048> buffer_{};
  hdlc::Bytes outgoing_;  // the answers to one request
  bool over_ = false;
};

}  // namespace meterproof::simulated
