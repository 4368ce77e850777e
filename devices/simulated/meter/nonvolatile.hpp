// Nonvolatile: the meter's small memory that survives power cuts: named numbers (invocation
// counters, failure counters, event counters). Changes are collected and committed at once, before
// the answer they belong to leaves the meter.
//
// The file is JSON, {"values": {"name": number}}. A missing file is a new meter; an unreadable one
// throws BenchError. An empty path keeps everything in memory only.
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace meterproof::simulated {

class Nonvolatile {
 public:
  explicit Nonvolatile(std::string path);

  std::uint64_t get(const std::string& name, std::uint64_t otherwise = 0) const;
  void set(const std::string& name, std::uint64_t value);
  // Throws BenchError when the file cannot be written.
  void commit();

 private:
  std::string path_;
  std::map<std::string, std::uint64_t> values_;
  bool dirty_ = false;
};

}  // namespace meterproof::simulated
