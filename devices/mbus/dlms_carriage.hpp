// DLMS APDUs in M-Bus frames (EN 13757-3, CI 00..1F): an APDU is cut into segments, each in a long
// frame of its own. The lower four bits of CI count the segments from 0, bit 4 marks the last one;
// source and destination service access point (STSAP, DTSAP) follow CI in every segment.
#pragma once

#include "devices/mbus/link_frame.hpp"

namespace meterproof::mbus {

struct CarriedApdu {
  std::uint8_t address = 0xFF;       // of the link
  std::uint8_t source_sap = 0;       // STSAP
  std::uint8_t destination_sap = 0;  // DTSAP
  Bytes apdu;
  bool operator==(const CarriedApdu&) const = default;
};

// As few frames as possible. An APDU longer than sixteen segments is an InternalError.
std::vector<LongFrame> segments(const CarriedApdu& carried, std::uint8_t control = 0x53);

class Reassembly {
 public:
  // A whole APDU, or nothing yet. Errors: not_dlms, truncated (no access points), bad_sequence;
  // after bad_sequence the next first segment begins afresh.
  Result<std::optional<CarriedApdu>> take(const LongFrame& frame);

 private:
  CarriedApdu begun_;
  unsigned next_ = 0;  // number of the segment awaited; 0: a first one
};

}  // namespace meterproof::mbus
