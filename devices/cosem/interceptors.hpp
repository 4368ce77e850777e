// Interceptors: an attack may see and change the unit that passes a boundary of the client's stack,
// and so says what it means: reuse this counter, flip this tag bit, lie in this length. Each
// function gets the whole unit and may replace it; an empty function does nothing.
#pragma once

#include <cstdint>
#include <functional>

#include "devices/cosem/bytes.hpp"

namespace meterproof::cosem {

struct Interceptors {
  std::function<void(Bytes&)> apdu_out;      // plain APDU, before ciphering; also AARQ and RLRQ
  std::function<void(Bytes&)> ciphered_out;  // what goes to the transport, ciphered or not
  std::function<void(Bytes&)> ciphered_in;   // what came from the transport
  std::function<void(Bytes&)> apdu_in;       // plain APDU after deciphering
  // The invocation counter about to be used for the next protected APDU.
  std::function<void(std::uint32_t&)> invocation_counter;
  // Security control octet of the next request; 0 sends it plain.
  std::function<void(std::uint8_t&)> security_control;
};

}  // namespace meterproof::cosem
