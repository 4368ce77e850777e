// The virtual bench that `run` without a bench file and `simulate` start: so many positions, so
// many defects.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "devices/simulated/world_config.hpp"

namespace meterproof::suites {

struct VirtualBenchOptions {
  int positions = 3;
  double scale = 1;
  std::uint64_t seed = 1;
  bool noise = true;
  std::vector<std::string> weaknesses;  // "NAME" for every position, or "p01:NAME"
};

// Throws ConfigError for an unknown weakness or position.
simulated::WorldConfig virtual_config(const VirtualBenchOptions& options);

}  // namespace meterproof::suites
