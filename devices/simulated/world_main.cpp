// meterproof-world: the process that is the virtual bench (devices/simulated/world.hpp).
#include <cstdio>
#include <exception>
#include <string>
#include <string_view>
#include <vector>

#include "devices/simulated/world.hpp"
#include "harness/bench/small_file.hpp"
#include "harness/errors.hpp"

namespace {

constexpr int k_configuration_error = 2, k_bench_error = 3;
constexpr std::size_t k_largest_config = 1 << 20;

constexpr char k_usage[] =
    "usage: meterproof-world DIRECTORY [--config FILE] [--types DIR]... [--exit-with-parent]\n"
    "Serves a virtual bench; writes DIRECTORY/bench.toml and prints READY <its path>.\n"
    "  --config FILE        world configuration, JSON (devices/simulated/world_config.hpp)\n"
    "  --types DIR          where <meter type>.toml is looked for; before those of the file\n"
    "  --exit-with-parent   end when standard input ends\n";

struct CommandLine {
  std::string directory, config_file;
  std::vector<std::string> types;
  bool exit_with_parent = false, help = false;
  std::string problem;
};

CommandLine read_command_line(const std::vector<std::string>& words) {
  CommandLine line;
  for (std::size_t n = 0; n < words.size(); ++n) {
    const std::string& word = words[n];
    const bool has_value = n + 1 < words.size();
    if (word == "--help") {
      line.help = true;
    } else if (word == "--exit-with-parent") {
      line.exit_with_parent = true;
    } else if (word == "--config" && has_value) {
      line.config_file = words[++n];
    } else if (word == "--types" && has_value) {
      line.types.push_back(words[++n]);
    } else if (!word.starts_with("-") && line.directory.empty()) {
      line.directory = word;
    } else {
      line.problem = "cannot understand '" + word + "'";
    }
  }
  if (line.directory.empty() && line.problem.empty()) line.problem = "no DIRECTORY";
  return line;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace meterproof;
  const CommandLine line = read_command_line({argv + 1, argv + argc});
  if (line.help) return std::fputs(k_usage, stdout), 0;
  if (!line.problem.empty()) {
    std::fprintf(stderr, "meterproof-world: %s\n%s", line.problem.c_str(), k_usage);
    return k_configuration_error;
  }
  try {
    simulated::WorldConfig config;
    if (!line.config_file.empty()) {
      const auto file = bench::read_small_file(line.config_file, k_largest_config);
      if (!file.content) throw harness::ConfigError({line.config_file, 0, file.problem});
      config = simulated::parse_world_config(*file.content, line.config_file);
    }
    config.type_directories.insert(config.type_directories.begin(), line.types.begin(),
                                   line.types.end());
    simulated::run_world(config, line.directory, {line.exit_with_parent});
    return 0;
  } catch (const harness::ConfigError& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return k_configuration_error;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "meterproof-world: %s\n", error.what());
    return k_bench_error;
  }
}
