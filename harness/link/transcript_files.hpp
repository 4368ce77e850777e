// TranscriptFiles: a TransferSink that keeps one JSON-lines file for each channel,
// <directory>/<channel>.jsonl. One line a transfer: t (UTC), mono_ns, bench_ns (where bench time is
// known), dir ("sent", "received"), peer, connection, hex, and redactions (offset, length, secret
// id) where octets were overwritten.
#pragma once

#include <map>
#include <mutex>
#include <string>

#include "harness/link/evidence_file.hpp"
#include "harness/link/transcript.hpp"

namespace meterproof::link {

class TranscriptFiles final : public TransferSink {
 public:
  // directory: "runs/<id>/transcripts", made when missing. clock may be null; else it outlives
  // this.
  explicit TranscriptFiles(std::string directory, const harness::BenchClock* clock = nullptr);

  void transferred(const Transfer& transfer) override;  // throws BenchError
  void flush();                                         // throws BenchError

 private:
  std::string directory_;
  const harness::BenchClock* clock_;
  std::mutex mutex_;
  std::map<std::string, EvidenceFile> files_;  // by channel
};

// "2026-01-31T23:59:59.123456Z" of an instant of the monotonic clock, by the system clock's present
// offset.
std::string utc(harness::WallTime at);

}  // namespace meterproof::link
