// WorldServer: everything that lives in a world, put together on one io_context; run_world
// (devices/simulated/world.hpp) is the process around it. All its work happens on the thread that
// runs the io_context.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "devices/simulated/meter_endpoint.hpp"
#include "devices/simulated/world_config.hpp"

namespace meterproof::simulated {

using EndpointFactory = std::function<std::unique_ptr<MeterEndpoint>(
    boost::asio::io_context&, const MeterUnit&, MeterPlant&)>;

class WorldServer {
 public:
  // Bench time starts here. Throws ConfigError, BenchError.
  WorldServer(boost::asio::io_context& io, const WorldConfig& config, const std::string& directory,
              const EndpointFactory& endpoints);
  // Source off, meters without supply, their state on disk.
  ~WorldServer();
  WorldServer(const WorldServer&) = delete;
  WorldServer& operator=(const WorldServer&) = delete;

  std::string bench_file() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace meterproof::simulated
