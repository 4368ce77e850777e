// Where a push goes (class 40, attribute 3: send_destination_and_method): over TCP or UDP in a
// wrapper PDU to a loopback address, or, while no destination is set, back over the connection that
// asked for it.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "devices/cosem/apdu.hpp"

namespace meterproof::simulated {

struct PushSetup {
  static constexpr std::uint8_t k_tcp = 0, k_udp = 1;
  std::uint8_t transport = k_tcp;
  std::string destination;  // "127.0.0.1:4059"

  cosem::Data as_data() const;
  // other_reason for what this meter cannot do: another transport or message type, an address that
  // is not loopback.
  cosem::DataAccessResult set(const cosem::Data& wanted);
};

// An APDU that leaves the meter by itself.
using SendPush = std::function<void(const PushSetup&, cosem::Bytes apdu)>;

}  // namespace meterproof::simulated
