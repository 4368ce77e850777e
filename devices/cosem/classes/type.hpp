// Type: what the standard says an attribute, a parameter or a returned value is, as something that
// a value can be held against (IEC 62056-6-2 4.1.4, "class description notation").
//
// A type is written as the standard writes it, on one line:
//   octet-string(6)  enum(0..2)  array of unsigned  null-data | double-long-unsigned
//   structure{scaler: integer, unit: enum}   any   structure   $scaler_unit
// Ranges in brackets bound a number, the length of a string or the count of elements. Formats of
// octet-strings have names: logical-name, octet-date-time, octet-date, octet-time. $name stands for
// a type that many classes share (shared_types.hpp).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "devices/cosem/value.hpp"

namespace meterproof::cosem::classes {

struct Range {
  std::int64_t lowest = 0;
  std::int64_t highest = 0;
  bool operator==(const Range&) const = default;
};

enum class TypeKind { any, simple, array, structure, choice };
enum class OctetFormat { free, logical_name, date_time, date, time };

struct TypeField;

struct Type {
  TypeKind kind = TypeKind::any;
  std::uint8_t tag = 0;  // of the CHOICE Data; simple, array, structure
  OctetFormat format = OctetFormat::free;
  std::vector<Range> ranges;  // empty: unbounded
  // array: the element; structure: its fields (none: any fields); choice: the alternatives, without
  // names.
  std::vector<TypeField> parts;
};

struct TypeField {
  std::string name;
  Type type;
};

// CosemError::bad_value for text that is no type.
Result<Type> parse_type(std::string_view text);
// As parse_type() reads it, shared types written out.
std::string to_string(const Type& type);
// "double-long-unsigned", as the standard writes the tag; "tag 99" for others.
std::string tag_name(std::uint8_t tag);
std::uint8_t tag_of(const Data& data);

}  // namespace meterproof::cosem::classes
