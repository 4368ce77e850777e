// MeterEndpoint: the communications of one simulated meter: its servers on a pseudo-terminal (HDLC)
// and on loopback TCP (wrapper). The world creates one for each position and tells it when the
// supply comes and goes; everything runs on the world's one io_context thread, so neither side
// locks anything.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "devices/simulated/meter_plant.hpp"
#include "devices/simulated/meter_unit.hpp"

namespace boost::asio {
class io_context;
}

namespace meterproof::simulated {

class MeterEndpoint {
 public:
  virtual ~MeterEndpoint() = default;

  // Supply voltage is there, or gone. Off: open associations are dropped, connections reset or left
  // silent, volatile state is lost. On: the meter boots from unit.state_file and answers after the
  // type's boot time (wall time). Starts off; repeated calls with the same value change nothing.
  virtual void power(bool on) = 0;

  // Interface name -> link URL, known right after construction (ports and pseudo-terminals stay the
  // same over power cuts): {"tcp": "tcp://127.0.0.1:40001", "optical":
  // "pty:///dev/pts/3?baud=9600&frame=8N1"}.
  virtual std::map<std::string, std::string> links() const = 0;
};

// Implemented in devices/simulated/meter/endpoint.cpp. unit and plant outlive the endpoint. The
// endpoint owns unit.state_file (invocation counters, failure counters); energy and relay are kept
// by the plant.
std::unique_ptr<MeterEndpoint> make_meter_endpoint(boost::asio::io_context& io,
                                                   const MeterUnit& unit, MeterPlant& plant);

}  // namespace meterproof::simulated
