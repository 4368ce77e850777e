#include "devices/simulated/world_process.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <optional>

#include "harness/bench/child_process.hpp"
#include "harness/bench/small_file.hpp"
#include "harness/errors.hpp"

namespace meterproof::simulated {
namespace {

constexpr std::string_view k_ready = "READY ";
constexpr std::size_t k_longest_log = 64 * 1024;

struct OwnedDescriptor {
  int number = -1;
  OwnedDescriptor() = default;
  OwnedDescriptor(const OwnedDescriptor&) = delete;
  OwnedDescriptor& operator=(const OwnedDescriptor&) = delete;
  ~OwnedDescriptor() { close(); }
  void close() {
    if (number >= 0) ::close(number);
    number = -1;
  }
};

}  // namespace

struct WorldProcess::Child {
  OwnedDescriptor lifeline;  // the world ends when this write end is closed, by whatever death
  std::optional<bench::ChildProcess> process;
};

WorldProcess::WorldProcess(const WorldConfig& config, const std::string& directory,
                           harness::Deadline ready)
    : child_(std::make_unique<Child>()) {
  std::filesystem::create_directories(directory);
  const std::string config_file = directory + "/world.json";
  {
    std::ofstream file(config_file, std::ios::trunc);
    file << to_json(config) << '\n';
    if (!file.flush()) throw harness::BenchError("cannot write " + config_file);
  }
  OwnedDescriptor input;
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw harness::BenchError("no pipe for the world");
  input.number = ends[0];
  child_->lifeline.number = ends[1];
  bench::ChildOptions options;
  options.standard_input = input.number;
  options.log_file = directory + "/world.log";
  child_->process.emplace(
      std::vector<std::string>{bench::own_program("meterproof-world"), directory, "--config",
                               config_file, "--exit-with-parent"},
      options);
  try {
    const std::string line = child_->process->wait_line(
        [](std::string_view text) { return text.starts_with(k_ready); }, ready);
    bench_file_ = line.substr(k_ready.size());
  } catch (const harness::BenchError& error) {
    const auto log = bench::read_small_file(options.log_file, k_longest_log);
    throw harness::BenchError("the world did not start: " + log.content.value_or("") +
                              error.what());
  }
}

WorldProcess::~WorldProcess() {
  if (child_->process) child_->process->terminate();
}

int WorldProcess::pid() const { return child_->process->pid(); }

bool WorldProcess::running() const { return !child_->process->exit_status(); }

bool WorldProcess::stop() { return child_->process->terminate() == bench::ExitStatus{false, 0}; }

}  // namespace meterproof::simulated
