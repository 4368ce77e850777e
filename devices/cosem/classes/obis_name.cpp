#include "devices/cosem/classes/obis_name.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

#include "devices/cosem/classes/lookup.hpp"
#include "devices/cosem/classes/obis_tables.hpp"

namespace meterproof::cosem::classes {
namespace {

constexpr int k_current_value = 255;  // group F: not a historical one

struct ObisGroups {
  int a, b, c, d, e, f;
};

std::optional<std::string_view> group_name(std::span<const GroupName> names, int value) {
  const auto found = std::find_if(names.begin(), names.end(),
                                  [&](const GroupName& one) { return one.value == value; });
  if (found == names.end()) return std::nullopt;
  return found->name;
}

void add_number(std::string& text, const char* before, int number) {
  text += before;
  text += std::to_string(number);
}

// A pattern with open E names a family: the member's number follows, save 0 and 255.
std::optional<std::string> known_object(std::span<const KnownObject> objects,
                                        const ObisGroups& groups) {
  for (const KnownObject& one : objects) {
    if (one.c != groups.c) continue;
    if (one.d != k_any_group && one.d != groups.d) continue;
    if (one.e != k_any_group && one.e != groups.e) continue;
    std::string text(one.name);
    if (one.d == k_any_group) {
      add_number(text, " ", groups.d);
      add_number(text, ".", groups.e);
    } else if (one.e == k_any_group && groups.e != 0 && groups.e != 255) {
      add_number(text, " ", groups.e);
    }
    return text;
  }
  return std::nullopt;
}

bool integrates_over_time(int d) {
  return (d >= 8 && d <= 10) || (d >= 17 && d <= 20) || d == 29 || d == 30 || d == 58;
}

// 21..40 are 1..20 of L1, 41..60 of L2, 61..80 of L3.
std::optional<std::string> electricity_quantity(int c, bool energy) {
  const int phase = c >= 21 && c <= 80 ? (c - 1) / 20 : 0;
  const auto base = group_name(electricity_quantities(), c - 20 * phase);
  if (!base) return std::nullopt;
  std::string text(*base);
  const std::size_t power = text.find(" power ");
  if (energy && power != std::string::npos) text.replace(power, 7, " energy ");
  if (phase > 0) add_number(text, " L", phase);
  return text;
}

// Group E: a rate, or for instantaneous voltages and currents the number of a harmonic.
std::string electricity_classification(const ObisGroups& groups) {
  const int base =
      groups.c >= 21 && groups.c <= 80 ? groups.c - 20 * ((groups.c - 1) / 20) : groups.c;
  const bool wave = base == 11 || base == 12;
  const bool momentary = groups.d == 7;
  std::string text;
  if (groups.e == 0) return momentary || wave ? "" : "total";
  if (groups.c == 81) {
    add_number(text, "angle ", groups.e);
  } else if (wave && groups.e <= 120) {
    add_number(text, "harmonic ", groups.e);
  } else if (groups.e <= 63) {
    add_number(text, "rate ", groups.e);
  } else if (groups.e >= 128 && groups.e <= 254) {
    add_number(text, "manufacturer specific ", groups.e);
  } else {
    add_number(text, "E=", groups.e);
  }
  return text;
}

std::string electricity_measurement(const ObisGroups& groups) {
  const auto quantity = electricity_quantity(groups.c, integrates_over_time(groups.d));
  std::string text;
  if (!quantity) {
    if (groups.c >= 128) {
      add_number(text, "Manufacturer specific quantity ", groups.c);
    } else {
      add_number(text, "Electricity quantity ", groups.c);
    }
  } else {
    text = *quantity;
  }
  const std::string classification = electricity_classification(groups);
  if (!classification.empty()) {
    text += ", ";
    text += classification;
  }
  text += ", ";
  if (const auto processing = group_name(electricity_processing(), groups.d)) {
    text += *processing;
  } else {
    add_number(text, groups.d >= 128 ? "manufacturer specific " : "D=", groups.d);
  }
  return text;
}

std::string other_measurement(const ObisGroups& groups, std::span<const GroupName> quantities) {
  std::string text;
  if (const auto quantity = group_name(quantities, groups.c)) {
    text = *quantity;
  } else {
    add_number(text, "Quantity ", groups.c);
  }
  add_number(text, ", D=", groups.d);
  add_number(text, " E=", groups.e);
  return text;
}

std::string unqualified_name(const ObisGroups& groups) {
  const bool electricity = groups.a == 1;
  if (const auto name = known_object(common_objects(), groups)) return *name;
  const auto own = groups.a == 0 ? known_object(abstract_objects(), groups)
                   : electricity ? known_object(electricity_objects(), groups)
                                 : std::nullopt;
  if (own) return *own;
  if (electricity && groups.c != 0 && (groups.c < 93 || groups.c > 99)) {
    return electricity_measurement(groups);
  }
  const bool service = groups.c == 0 || groups.c >= 93;
  if (!service && (groups.a == 5 || groups.a == 6)) {
    return other_measurement(groups, heat_quantities());
  }
  if (!service && groups.a == 7) return other_measurement(groups, gas_quantities());
  if (!service && (groups.a == 8 || groups.a == 9)) {
    return other_measurement(groups, water_quantities());
  }
  std::string text = groups.c >= 128 ? "Manufacturer specific object" : "Object";
  add_number(text, " ", groups.c);
  add_number(text, ".", groups.d);
  add_number(text, ".", groups.e);
  return text;
}

}  // namespace

std::string medium_name(std::uint8_t group_a) {
  constexpr GroupName k_media[] = {
      {0, "abstract objects"}, {1, "electricity"}, {4, "heat cost allocator"},
      {5, "cooling"},          {6, "heat"},        {7, "gas"},
      {8, "cold water"},       {9, "hot water"},   {15, "other media"}};
  if (const auto name = group_name(k_media, group_a)) return std::string(*name);
  std::string text;
  add_number(text, "medium ", group_a);
  return text;
}

std::string obis_name(const LogicalName& name) {
  const auto& g = name.groups;
  const ObisGroups groups{g[0], g[1], g[2], g[3], g[4], g[5]};
  std::string text = unqualified_name(groups);
  if (groups.a > 1) {
    text += ", ";
    text += medium_name(g[0]);
  }
  if (groups.b != 0) add_number(text, ", channel ", groups.b);
  if (groups.f <= 99) {
    add_number(text, ", billing period ", groups.f);
  } else if (groups.f != k_current_value) {
    add_number(text, ", F=", groups.f);
  }
  return text;
}

namespace {

std::string describe_object(std::uint16_t class_id, const LogicalName& name) {
  std::string text = class_name(class_id);
  text += ' ';
  text += name.to_string();
  text += " (";
  text += obis_name(name);
  text += "), ";
  return text;
}

}  // namespace

std::string describe(const AttributeDescriptor& attribute) {
  return describe_object(attribute.class_id, attribute.instance) +
         (attribute.attribute == 0 ? "all attributes"
                                   : attribute_name(attribute.class_id, attribute.attribute));
}

std::string describe(const MethodDescriptor& method) {
  return describe_object(method.class_id, method.instance) +
         method_name(method.class_id, method.method);
}

}  // namespace meterproof::cosem::classes
