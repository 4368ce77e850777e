// The tables behind obis_name(); internal.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace meterproof::cosem::classes {

// A value group that may be anything.
inline constexpr int k_any_group = -1;

// An object known by its groups C, D, E. suffix: what to call the number in group E ("rate");
// empty: the number is said only when group E is open in the pattern.
struct KnownObject {
  int c = 0;
  int d = k_any_group;
  int e = k_any_group;
  std::string_view name;
};

struct GroupName {
  int value = 0;
  std::string_view name;
};

std::span<const KnownObject> abstract_objects();
std::span<const KnownObject> electricity_objects();
// Objects that every medium has at the same place (C = 96..99).
std::span<const KnownObject> common_objects();
std::span<const GroupName> electricity_quantities();  // group C, sum of the phases
std::span<const GroupName> electricity_processing();  // group D
std::span<const GroupName> gas_quantities();
std::span<const GroupName> heat_quantities();
std::span<const GroupName> water_quantities();

}  // namespace meterproof::cosem::classes
