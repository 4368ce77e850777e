// EvidenceFile: an append-only side file of a run. Writes are gathered for at most k_flush_after,
// so that a burst of transfers costs few system calls and a crash little evidence. What the disk
// refuses is a BenchError: evidence is never lost in silence.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "harness/link/io_wait.hpp"

namespace meterproof::link {

class EvidenceFile {
 public:
  static constexpr auto k_flush_after = std::chrono::milliseconds(100);

  // Creates the file, or continues it (resumed runs). Throws BenchError.
  explicit EvidenceFile(std::string path);
  // Flushes; a failure is then only seen by those who called flush().
  ~EvidenceFile();
  EvidenceFile(EvidenceFile&&) = default;
  EvidenceFile& operator=(EvidenceFile&&) = delete;

  void append(std::string_view bytes);  // throws BenchError
  void flush();                         // throws BenchError
  bool was_empty() const { return was_empty_; }

 private:
  std::string path_;
  Descriptor fd_;
  bool was_empty_ = true;
  std::string gathered_;
  harness::WallTime flushed_ = harness::WallClock::now();
};

}  // namespace meterproof::link
