#include <cstdio>
#include <filesystem>

#include "devices/simulated/weaknesses.hpp"
#include "devices/simulated/world.hpp"
#include "suites/app/commands.hpp"
#include "suites/app/virtual_config.hpp"

namespace meterproof::suites {

int simulate_command(const SimulateCommand& command) {
  if (command.list_weaknesses) {
    for (const auto& weakness : simulated::weaknesses()) {
      std::printf("%-20s %s\n", std::string(weakness.name).c_str(),
                  std::string(weakness.what).c_str());
    }
    return 0;
  }
  const simulated::WorldConfig config = virtual_config({.positions = command.positions,
                                                        .scale = command.scale,
                                                        .seed = command.seed,
                                                        .noise = command.noise,
                                                        .weaknesses = command.weaknesses});
  std::filesystem::path directory = command.directory;
  if (directory.empty()) directory = std::filesystem::current_path() / "virtual-bench";
  simulated::run_world(config, directory.string(), {.exit_with_parent = command.exit_with_parent});
  return 0;
}

}  // namespace meterproof::suites
