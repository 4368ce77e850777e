// OpticalPort: the HDLC interface of a simulated meter on a pseudo-terminal. The slave side is the
// link; its baud rate is seen from here, so that a client at the wrong rate meets a silent meter,
// as it would at a real optical head. A type with start = "mode_e" listens at 300 baud 7E1 first
// (IEC 62056-21) and goes back to it when the HDLC connection ends.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "devices/simulated/meter/application.hpp"
#include "devices/simulated/meter/work_queue.hpp"

namespace meterproof::simulated {

class OpticalPort {
 public:
  // Throws BenchError when there is no pseudo-terminal to be had.
  OpticalPort(boost::asio::io_context& io, const bench::MeterType& type, const Policy& policy,
              WorkQueue& work, std::function<void()> on_event);
  ~OpticalPort();
  OpticalPort(const OpticalPort&) = delete;
  OpticalPort& operator=(const OpticalPort&) = delete;

  std::string url() const;
  void start(MeterApplication& application);
  void stop();

 private:
  struct Port;
  std::shared_ptr<Port> port_;
};

}  // namespace meterproof::simulated
