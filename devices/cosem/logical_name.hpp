// Logical names: the six octets that name a COSEM object, written "1-0:1.8.0.255" (OBIS,
// IEC 62056-6-1).
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "devices/cosem/bytes.hpp"

namespace meterproof::cosem {

struct LogicalName {
  std::array<std::uint8_t, 6> groups{};  // A..F
  auto operator<=>(const LogicalName&) const = default;

  // "1-0:1.8.0.255" or "1.0.1.8.0.255"; nothing when malformed.
  static std::optional<LogicalName> parse(std::string_view text);
  static std::optional<LogicalName> from(BytesView octets);  // exactly 6
  std::string to_string() const;
  Bytes octets() const;
};

// For names written in the source; throws InternalError when malformed.
LogicalName operator""_ln(const char* text, std::size_t length);

namespace names {
inline constexpr LogicalName k_clock{{0, 0, 1, 0, 0, 255}};
inline constexpr LogicalName k_current_association{{0, 0, 40, 0, 0, 255}};
inline constexpr LogicalName k_logical_device_name{{0, 0, 42, 0, 0, 255}};
inline constexpr LogicalName k_invocation_counter{{0, 0, 43, 1, 0, 255}};
inline constexpr LogicalName k_device_id{{0, 0, 96, 1, 0, 255}};
inline constexpr LogicalName k_disconnect_control{{0, 0, 96, 3, 10, 255}};
inline constexpr LogicalName k_firmware{{1, 0, 0, 2, 0, 255}};
inline constexpr LogicalName k_load_profile{{1, 0, 99, 1, 0, 255}};
inline constexpr LogicalName k_active_import{{1, 0, 1, 8, 0, 255}};
}  // namespace names

}  // namespace meterproof::cosem
