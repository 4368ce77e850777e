#include "devices/cosem/logical_name.hpp"

#include <algorithm>

#include "harness/errors.hpp"

namespace meterproof::cosem {

std::optional<LogicalName> LogicalName::parse(std::string_view text) {
  LogicalName name;
  std::size_t group = 0;
  unsigned value = 0;
  bool digits = false;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const char c = i < text.size() ? text[i] : '.';
    if (c >= '0' && c <= '9') {
      value = value * 10 + static_cast<unsigned>(c - '0');
      digits = true;
      if (value > 255) return std::nullopt;
      continue;
    }
    const bool separates = c == '.' || (c == '-' && group == 0) || (c == ':' && group == 1) ||
                           (c == '*' && group == 4);
    if (!separates || !digits || group >= 6) return std::nullopt;
    name.groups[group++] = static_cast<std::uint8_t>(value);
    value = 0;
    digits = false;
  }
  if (group != 6) return std::nullopt;
  return name;
}

std::optional<LogicalName> LogicalName::from(BytesView octets) {
  LogicalName name;
  if (octets.size() != name.groups.size()) return std::nullopt;
  std::transform(octets.begin(), octets.end(), name.groups.begin(),
                 [](std::byte octet) { return std::to_integer<std::uint8_t>(octet); });
  return name;
}

std::string LogicalName::to_string() const {
  const auto n = [this](std::size_t i) { return std::to_string(groups[i]); };
  return n(0) + "-" + n(1) + ":" + n(2) + "." + n(3) + "." + n(4) + "." + n(5);
}

Bytes LogicalName::octets() const {
  const BytesView view = std::as_bytes(std::span(groups));
  return Bytes(view.begin(), view.end());
}

LogicalName operator""_ln(const char* text, std::size_t length) {
  const auto name = LogicalName::parse({text, length});
  if (!name) {
    throw harness::InternalError("malformed logical name " + std::string(text, length));
  }
  return *name;
}

}  // namespace meterproof::cosem
