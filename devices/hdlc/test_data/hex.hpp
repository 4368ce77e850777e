// Octets from hexadecimal text, for tests.
#pragma once

#include <string_view>

#include "devices/cosem/bytes.hpp"
#include "devices/hdlc/address.hpp"

namespace meterproof::hdlc {

inline Bytes hex(std::string_view text) { return cosem::from_hex(text).value(); }

}  // namespace meterproof::hdlc
