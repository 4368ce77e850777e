// World: the process that is the virtual bench. It owns bench time (wall time x scale) and all
// physics, and serves each simulated device's own protocol on loopback: source, reference and
// counter in SCPI over TCP, meters in DLMS. It goes on serving when clients die.
#pragma once

#include <string>

#include "devices/simulated/world_config.hpp"

namespace meterproof::simulated {

struct WorldOptions {
  // Serve until standard input ends, too: a pipe from the parent makes the world die with it.
  bool exit_with_parent = false;
};

// Makes directory/{bench.toml, secrets/*, state/*, truth.jsonl}, prints "READY <path of
// bench.toml>" on one line of standard output when everything answers, and serves until SIGTERM or
// SIGINT. State of an earlier world in the same directory is taken up: registers and counters go
// on. Throws ConfigError, BenchError.
void run_world(const WorldConfig& config, const std::string& directory,
               const WorldOptions& options = {});

}  // namespace meterproof::simulated
