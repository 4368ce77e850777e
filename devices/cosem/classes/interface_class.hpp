// InterfaceClass: one version of a COSEM interface class as data (IEC 62056-6-2 clause 4): its
// attributes and methods with names, types and short-name offsets. Client, simulated server,
// reports and the conformance suite derive from these tables what they know of a class.
//
// The words are the standard's. Static attributes are set by configuration, dynamic ones by the
// process. Certainty says what each table rests on: who judges a meter by an entry that is not
// certain must say so.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace meterproof::cosem::classes {

enum class Storage : std::uint8_t { static_, dynamic };
enum class Presence : std::uint8_t { mandatory, optional };
// certain: structure and types as in the clause, and met so in the field.
// probable: believed to be the clause's; the doubt names what to look up before judging by it.
// partial: part of the types is left open ("any") because we do not know them.
enum class Certainty : std::uint8_t { certain, probable, partial };

inline constexpr Storage k_static = Storage::static_, k_dynamic = Storage::dynamic;
inline constexpr Presence k_mandatory = Presence::mandatory, k_optional = Presence::optional;
inline constexpr int k_offset_unknown = -1;

struct AttributeEntry {
  std::int8_t index = 1;
  std::string_view name;
  Storage storage = Storage::static_;
  std::string_view type;  // see type.hpp
};

struct MethodEntry {
  std::int8_t index = 1;
  std::string_view name;
  Presence presence = Presence::optional;
  std::string_view parameter;  // its type
  std::string_view returned;   // type of what it returns; empty: nothing
  int short_name_offset = k_offset_unknown;
};

struct InterfaceClass {
  std::uint16_t id = 0;
  std::uint8_t version = 0;
  std::string_view name;
  std::span<const AttributeEntry> attributes;  // attribute 1, the logical name, is the first
  std::span<const MethodEntry> methods;
  Certainty certainty = Certainty::certain;
  std::string_view source;  // edition and clause
  std::string_view doubt;   // what is not certain; empty when certain
};

// Every class gives attribute n the short name base + 8 (n - 1).
constexpr int short_name_offset(const AttributeEntry& attribute) {
  return 8 * (attribute.index - 1);
}

}  // namespace meterproof::cosem::classes
