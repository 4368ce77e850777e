// WorldProcess: a world of one's own: starts meterproof-world as a child, waits until its bench
// file is ready, and ends it with itself, however this process ends. A world at scale 1 beside a
// scaled one is simply two of these.
#pragma once

#include <memory>
#include <string>

#include "devices/simulated/world_config.hpp"
#include "harness/deadline.hpp"

namespace meterproof::simulated {

class WorldProcess {
 public:
  // directory is made. Throws BenchError when the world does not get ready before the deadline.
  WorldProcess(const WorldConfig& config, const std::string& directory,
               harness::Deadline ready = harness::Deadline::after(std::chrono::seconds(15)));
  ~WorldProcess();
  WorldProcess(const WorldProcess&) = delete;
  WorldProcess& operator=(const WorldProcess&) = delete;

  const std::string& bench_file() const { return bench_file_; }
  int pid() const;
  bool running() const;
  // SIGTERM; true when it ended by itself with exit code 0.
  bool stop();

 private:
  struct Child;
  std::unique_ptr<Child> child_;
  std::string bench_file_;
};

}  // namespace meterproof::simulated
