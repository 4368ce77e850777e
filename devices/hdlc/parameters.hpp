// What SNRM proposes and UA settles (IEC 62056-46, 6.4.4.4.3): the largest information field and
// the window, for each direction. What is not said has its default. transmit and receive are seen
// from the sender of the frame.
#pragma once

#include <cstdint>

#include "devices/hdlc/address.hpp"

namespace meterproof::hdlc {

struct Parameters {
  std::uint16_t transmit_octets = 128;  // largest information field, 1..2030
  std::uint16_t receive_octets = 128;
  std::uint8_t transmit_window = 1;  // frames without acknowledgement, 1..7
  std::uint8_t receive_window = 1;
  bool operator==(const Parameters&) const = default;
};

// The information field with all four.
Bytes encode_parameters(const Parameters& parameters);
// An empty field means the defaults. Error: bad_parameters.
Result<Parameters> decode_parameters(BytesView information);
// What a station can do with a peer's proposal, seen from the station.
Parameters agree(const Parameters& own, const Parameters& peer);

}  // namespace meterproof::hdlc
