#include "suites/app/virtual_config.hpp"

#include <fmt/format.h>

#include "devices/simulated/weaknesses.hpp"
#include "harness/errors.hpp"
#include "harness/names.hpp"
#include "suites/app/data_directories.hpp"

namespace meterproof::suites {
namespace {

void add_weakness(simulated::WorldConfig& config, const std::string& text) {
  const auto colon = text.find(':');
  const std::string name = colon == std::string::npos ? text : text.substr(colon + 1);
  if (!simulated::is_weakness(name)) {
    std::vector<std::string> names;
    for (const auto& weakness : simulated::weaknesses()) names.emplace_back(weakness.name);
    throw harness::ConfigError(
        {"", 0, "unknown weakness '" + name + "'" + harness::did_you_mean(name, names)});
  }
  if (name == "SOURCE_LIES" || name == "REFERENCE_FROZEN") {
    config.weaknesses.insert(name);
    return;
  }
  bool used = false;
  for (simulated::WorldPosition& position : config.positions) {
    if (colon != std::string::npos && position.name != text.substr(0, colon)) continue;
    position.weaknesses.insert(name);
    used = true;
  }
  if (!used) throw harness::ConfigError({"", 0, "no position for weakness '" + text + "'"});
}

}  // namespace

simulated::WorldConfig virtual_config(const VirtualBenchOptions& options) {
  simulated::WorldConfig config;
  config.seed = options.seed;
  config.scale = options.scale;
  config.noise = options.noise;
  config.type_directories = type_directories();
  for (int i = 1; i <= options.positions; ++i) {
    simulated::WorldPosition position;
    position.name = fmt::format("p{:02}", i);
    config.positions.push_back(position);
  }
  for (const std::string& weakness : options.weaknesses) add_weakness(config, weakness);
  return config;
}

}  // namespace meterproof::suites
