// TruthLog: truth.jsonl, what really happened on the virtual bench, with every hidden error. Only
// the harness's own tests and its selfcheck suite read it; one JSON object a line, flushed at once
// (docs/virtual-bench.md).
#pragma once

#include <fstream>
#include <string>
#include <vector>

#include "devices/simulated/source_model.hpp"

namespace meterproof::simulated {

class TruthLog {
 public:
  explicit TruthLog(const std::string& path);  // appends; throws BenchError

  void world(std::uint64_t seed, double scale, bool noise, const ReferenceModel& reference,
             const SourceModel& source, const std::vector<const SimulatedMeter*>& meters);
  // A load has settled.
  void load(harness::BenchTime when, const devices::Load& load, const ReferenceModel& reference,
            const std::vector<const SimulatedMeter*>& meters);
  void pulse(const std::string& position, harness::BenchTime when);
  void power(const std::string& position, harness::BenchTime when, bool on);
  void end(harness::BenchTime when);

 private:
  void write(const std::string& line);
  std::ofstream file_;
};

}  // namespace meterproof::simulated
