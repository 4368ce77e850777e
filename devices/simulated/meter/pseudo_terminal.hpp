// PseudoTerminal: a pair of connected terminal ends. This side is the master; the path names the
// slave. The slave is kept open here too, so that the master survives clients that come and go.
#pragma once

#include <optional>
#include <string>

namespace meterproof::simulated {

class PseudoTerminal {
 public:
  // 8 data bits, no parity, raw, 9600 baud. Throws BenchError.
  PseudoTerminal();
  ~PseudoTerminal();
  PseudoTerminal(const PseudoTerminal&) = delete;
  PseudoTerminal& operator=(const PseudoTerminal&) = delete;

  const std::string& path() const { return path_; }
  int master() const { return master_; }  // owned by this object
  // The slave's rate in baud; nothing when it is a rate of its own, or not the same both ways.
  std::optional<int> baud() const;
  // Drops what is in the line, both ways.
  void flush();

 private:
  int master_ = -1;
  int slave_ = -1;
  std::string path_;
};

}  // namespace meterproof::simulated
