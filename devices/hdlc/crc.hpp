// The check sequence of HDLC frames (FCS and HCS): CRC-16/X.25, reflected polynomial 0x8408, start
// 0xFFFF, inverted at the end; the low octet is sent first (ISO/IEC 13239).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace meterproof::hdlc {

// "123456789" gives 0x906E.
std::uint16_t crc_x25(std::span<const std::byte> octets);

}  // namespace meterproof::hdlc
