// Look-up of interface classes (interface_class.hpp) by id and version, and what they say of one
// attribute or method. Nothing here fails for what a meter may claim: an unknown class, version or
// index has no entry and a name like "class 9999" or "attribute 40".
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "devices/cosem/classes/check_type.hpp"
#include "devices/cosem/classes/interface_class.hpp"
#include "devices/cosem/classes/type.hpp"

namespace meterproof::cosem::classes {

// All versions of all classes, ascending by id and version.
std::span<const InterfaceClass> all_classes();
// nullptr: no table.
const InterfaceClass* find_class(std::uint16_t id, std::uint8_t version);
// The newest version that there is a table of.
const InterfaceClass* newest_class(std::uint16_t id);
// Classes that users ask for and that have no table, each with the reason.
struct MissingClass {
  std::uint16_t id = 0;
  std::string_view reason;
};
std::span<const MissingClass> missing_classes();

const AttributeEntry* find_attribute(const InterfaceClass& of, int index);
const MethodEntry* find_method(const InterfaceClass& of, int index);
// By the standard's name; nullptr when the class has none such.
const AttributeEntry* find_attribute(const InterfaceClass& of, std::string_view name);
const MethodEntry* find_method(const InterfaceClass& of, std::string_view name);

// Parsed once and kept. Throws InternalError for text that is no type: only tables may come here.
const Type& table_type(std::string_view text);
const Type& type_of(const AttributeEntry& attribute);

// Deviations of an attribute's value from its class; empty also when the class, version or index
// has no entry (ask find_attribute() for that).
std::vector<Deviation> check_attribute(std::uint16_t class_id, std::uint8_t version, int index,
                                       const Data& value);
// Deviations of a method's parameter; nothing sent counts as null-data.
std::vector<Deviation> check_parameter(const MethodEntry& method,
                                       const std::optional<Data>& parameter);

// "Register", "class 9999".
std::string class_name(std::uint16_t id);
// "scaler_unit"; "attribute 40". Without a version the newest that has the index answers.
std::string attribute_name(std::uint16_t class_id, int index,
                           std::optional<std::uint8_t> version = {});
std::string method_name(std::uint16_t class_id, int index,
                        std::optional<std::uint8_t> version = {});

}  // namespace meterproof::cosem::classes
