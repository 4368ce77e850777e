// Registry of meter drivers by protocol name ("dlms"). A driver is one .cpp file with a static
// MeterDriver; nothing else is edited.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "devices/meter.hpp"
#include "harness/bench/bench_file.hpp"
#include "harness/link/transcript.hpp"

namespace meterproof::devices {

struct MeterSetup {
  bench::Position position;
  std::string bench_file;                    // secrets' paths are relative to it
  std::shared_ptr<link::TransferSink> sink;  // may be null: no transcript
  // May be null. 8..64 octets that nobody can guess; for a reproducible run derived from its seed.
  std::function<std::vector<std::byte>(std::size_t)> random_octets;
  // File that keeps the invocation counters between runs; empty: they are kept in memory only.
  std::string counter_ledger;
};

// Does not connect. Throws ConfigError when a secret cannot be resolved.
using MeterFactory = std::function<std::shared_ptr<Meter>(const MeterSetup&)>;

struct MeterDriver {
  MeterDriver(std::string protocol, MeterFactory factory);
};

// Protocols that have a driver, in alphabetical order.
std::vector<std::string> meter_protocols();
// The driver of position.type->protocol. Throws ConfigError when there is none.
std::shared_ptr<Meter> make_meter(const MeterSetup& setup);

}  // namespace meterproof::devices
