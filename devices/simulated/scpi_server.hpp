// ScpiServer: serves one simulated instrument on loopback TCP, to as many clients as come. A client
// that dies costs nobody anything. Everything runs on the io_context's one thread.
#pragma once

#include <cstdint>
#include <memory>

#include "devices/simulated/scpi_instrument.hpp"

namespace boost::asio {
class io_context;
}

namespace meterproof::simulated {

class ScpiServer {
 public:
  // instrument outlives the server. clock turns "not before" into wall time.
  ScpiServer(boost::asio::io_context& io, const ScpiInstrument& instrument,
             const harness::BenchClock& clock);
  ~ScpiServer();
  ScpiServer(const ScpiServer&) = delete;
  ScpiServer& operator=(const ScpiServer&) = delete;

  std::uint16_t port() const;  // on 127.0.0.1

 private:
  struct Listener;
  std::shared_ptr<Listener> listener_;
};

}  // namespace meterproof::simulated
