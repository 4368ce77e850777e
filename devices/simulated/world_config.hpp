// WorldConfig: what a virtual bench is made of, chosen when its world starts and fixed from then
// on. As JSON:
//
//   {"seed": 1, "scale": 60.0, "noise": true, "types": ["devices/types"],
//    "positions": [{"name": "p01", "type": "virtual_3x230_5_100", "weaknesses": ["ACC_GAIN"],
//                   "serial": "MPV00000001"}],
//    "weaknesses": ["SOURCE_LIES"]}
//
// Everything may be left out. Without positions there are three healthy meters, p01 to p03.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace meterproof::simulated {

struct WorldPosition {
  std::string name;                          // "p01"
  std::string type = "virtual_3x230_5_100";  // <type>.toml in one of the type directories
  std::set<std::string> weaknesses;          // of the meter
  std::string serial;                        // empty: made from the seed
};

struct WorldConfig {
  std::uint64_t seed = 1;
  double scale = 1.0;  // bench seconds per wall second, > 0
  bool noise = true;   // off: the source does not wander, LEDs are not late; hidden errors stay
  std::vector<std::string> type_directories;  // looked through in order
  std::vector<WorldPosition> positions;       // empty: default_positions()
  std::set<std::string> weaknesses;           // of the bench: SOURCE_LIES, REFERENCE_FROZEN
  bool truth_pulses = false;  // write each pulse's exact instant to truth.jsonl as well
};

// p01, p02, p03: healthy meters of the demo type.
std::vector<WorldPosition> default_positions();

// Throws ConfigError (file is named in it) for bad JSON, unknown keys, wrong types, unknown
// weaknesses, duplicate or ill-formed position names.
WorldConfig parse_world_config(std::string_view json, const std::string& file);
std::string to_json(const WorldConfig& config);

}  // namespace meterproof::simulated
