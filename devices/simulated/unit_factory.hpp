// The factory of simulated meters: serial number, system title and secrets of each unit, from the
// world's seed; and the files of a world's directory that a bench needs: secrets/* and bench.toml.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "devices/simulated/meter_unit.hpp"
#include "devices/simulated/reference_model.hpp"
#include "devices/simulated/world_config.hpp"

namespace meterproof::simulated {

// state files go to directory/state.
MeterUnit make_unit(const WorldConfig& config, const WorldPosition& position,
                    std::shared_ptr<const bench::MeterType> type, const std::string& directory);

struct BenchDescription {
  const WorldConfig* config = nullptr;
  ReferenceSpecification reference;
  std::string source_link, reference_link, counter_link;
  struct Position {
    const MeterUnit* unit = nullptr;
    std::map<std::string, std::string> links;  // interface name -> URL
  };
  std::vector<Position> positions;
};

// Writes directory/secrets/* (mode 0600). Throws BenchError.
void write_secrets(const MeterUnit& unit, const std::string& directory);
// The text of a complete bench file (docs/bench-file.md). Secrets are referred to relative to its
// directory.
std::string bench_toml(const BenchDescription& bench);

}  // namespace meterproof::simulated
