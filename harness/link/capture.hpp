// Capture: a TransferSink that writes one pcapng file which Wireshark opens and decodes.
//
// Each channel is an interface. Serial lines are link type USER0 (147), one packet a transfer; our
// Lua dissector (docs/wireshark) joins them to HDLC frames. TCP and UDP payload is wrapped in
// made-up IP headers (link type RAW, 101) with right addresses, sequence numbers and checksums, so
// that streams can be followed. Stamps are those of the transcript, in ns; direction flags are set.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "harness/link/evidence_file.hpp"
#include "harness/link/transcript.hpp"

namespace meterproof::link {

class Capture final : public TransferSink {
 public:
  // path: "runs/<id>/captures/bench.pcapng"; its folder is made when missing. An existing file gets
  // a further section.
  explicit Capture(const std::string& path);

  void transferred(const Transfer& transfer) override;  // throws BenchError
  void flush();                                         // throws BenchError

 private:
  struct Stream {
    std::uint32_t next_sent = 1, next_received = 1;  // TCP sequence numbers
  };
  std::uint32_t interface_of(const Transfer& transfer);
  void packet(std::uint32_t interface, const Transfer& transfer, std::span<const std::byte> bytes,
              bool sent);

  std::mutex mutex_;
  EvidenceFile file_;
  std::map<std::string, std::uint32_t> interfaces_;                  // by channel
  std::map<std::pair<std::string, std::uint32_t>, Stream> streams_;  // by channel and connection
};

}  // namespace meterproof::link
