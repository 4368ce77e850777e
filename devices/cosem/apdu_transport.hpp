// ApduTransport: whole APDUs in, whole APDUs out, whatever carries them. HDLC and the TCP/UDP
// wrapper implement it over a link (devices/hdlc); the COSEM client knows nothing below it.
#pragma once

#include <cstddef>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "harness/deadline.hpp"
#include "harness/result.hpp"

namespace meterproof::cosem {

class ApduTransport {
 public:
  virtual ~ApduTransport() = default;

  // Prepares the way below the association: SNRM/UA on HDLC, nothing on the wrapper.
  virtual harness::Result<void> connect(harness::Deadline deadline, std::stop_token stop) = 0;
  // DISC/UA on HDLC, nothing on the wrapper. Harmless when not connected.
  virtual harness::Result<void> disconnect(harness::Deadline deadline, std::stop_token stop) = 0;
  virtual harness::Result<void> send(std::span<const std::byte> apdu, harness::Deadline deadline,
                                     std::stop_token stop) = 0;
  // The next whole APDU, also one that nobody asked for.
  virtual harness::Result<std::vector<std::byte>> receive(harness::Deadline deadline,
                                                          std::stop_token stop) = 0;
  // For error messages: "hdlc over pty:///dev/pts/3".
  virtual std::string name() const = 0;
};

}  // namespace meterproof::cosem
