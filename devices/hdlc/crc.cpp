#include "devices/hdlc/crc.hpp"

#include <array>

namespace meterproof::hdlc {
namespace {

// Slicing by eight: table k holds the effect of an octet that is followed by k more.
constexpr std::size_t k_slices = 8;
using CrcTables = std::array<std::array<std::uint16_t, 256>, k_slices>;

constexpr CrcTables make_crc_tables() {
  CrcTables tables{};
  for (unsigned octet = 0; octet < 256; ++octet) {
    unsigned value = octet;
    for (int bit = 0; bit < 8; ++bit) value = (value & 1) != 0 ? (value >> 1) ^ 0x8408 : value >> 1;
    tables[0][octet] = static_cast<std::uint16_t>(value);
  }
  for (std::size_t slice = 1; slice < k_slices; ++slice) {
    for (std::size_t octet = 0; octet < 256; ++octet) {
      const unsigned before = tables[slice - 1][octet];
      tables[slice][octet] = static_cast<std::uint16_t>((before >> 8) ^ tables[0][before & 0xFF]);
    }
  }
  return tables;
}

constexpr CrcTables k_crc_tables = make_crc_tables();

}  // namespace

std::uint16_t crc_x25(std::span<const std::byte> octets) {
  const auto at = [&](std::size_t i) { return std::to_integer<unsigned>(octets[i]); };
  const CrcTables& t = k_crc_tables;
  unsigned value = 0xFFFF;
  while (octets.size() >= k_slices) {
    value = static_cast<unsigned>(t[7][at(0) ^ (value & 0xFF)] ^ t[6][at(1) ^ (value >> 8)] ^
                                  t[5][at(2)] ^ t[4][at(3)] ^ t[3][at(4)] ^ t[2][at(5)] ^
                                  t[1][at(6)] ^ t[0][at(7)]);
    octets = octets.subspan(k_slices);
  }
  for (const std::byte octet : octets) {
    value = (value >> 8) ^ t[0][(value ^ std::to_integer<unsigned>(octet)) & 0xFF];
  }
  return static_cast<std::uint16_t>(value ^ 0xFFFF);
}

}  // namespace meterproof::hdlc
