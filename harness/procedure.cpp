#include "harness/procedure.hpp"

#include <array>

namespace meterproof::harness {
namespace {

template <std::size_t N, class Enum>
std::string_view name_of(const std::array<std::string_view, N>& names, Enum value) {
  return names.at(static_cast<std::size_t>(value));
}

}  // namespace

std::string_view to_string(Supply supply) {
  return name_of(std::array<std::string_view, 3>{"none", "voltage", "load"}, supply);
}

std::string_view to_string(Disturbs disturbs) {
  return name_of(std::array<std::string_view, 3>{"nothing", "communication", "metering"}, disturbs);
}

std::string_view to_string(Destructiveness destructiveness) {
  return name_of(
      std::array<std::string_view, 4>{"none", "disruptive", "state-changing", "destructive"},
      destructiveness);
}

std::string_view to_string(Severity severity) {
  return name_of(std::array<std::string_view, 4>{"low", "medium", "high", "critical"}, severity);
}

std::string_view to_string(Tier tier) {
  return name_of(std::array<std::string_view, 3>{"demo", "standard", "full"}, tier);
}

}  // namespace meterproof::harness
