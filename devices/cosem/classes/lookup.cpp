#include "devices/cosem/classes/lookup.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <mutex>
#include <utility>

#include "devices/cosem/classes/families.hpp"
#include "harness/errors.hpp"

namespace meterproof::cosem::classes {
namespace {

std::vector<InterfaceClass> gather_classes() {
  std::vector<InterfaceClass> all;
  for (const auto family :
       {data_storage_classes(), association_classes(), access_control_classes(), time_classes(),
        event_classes(), push_classes(), local_port_classes(), mobile_classes(), mbus_classes(),
        internet_classes(), payment_classes()}) {
    all.insert(all.end(), family.begin(), family.end());
  }
  std::sort(all.begin(), all.end(), [](const InterfaceClass& a, const InterfaceClass& b) {
    return std::pair(a.id, a.version) < std::pair(b.id, b.version);
  });
  return all;
}

constexpr std::array k_missing_classes{
    MissingClass{66, "measurement data monitoring: newer than the editions our tables rest on"},
    MissingClass{114, "no interface class of this id in the editions our tables rest on"},
};

template <class Entry>
const Entry* entry_of(std::span<const Entry> entries, int index) {
  const auto found = std::find_if(entries.begin(), entries.end(),
                                  [&](const Entry& entry) { return entry.index == index; });
  return found == entries.end() ? nullptr : &*found;
}

template <class Entry>
const Entry* entry_named(std::span<const Entry> entries, std::string_view name) {
  const auto found = std::find_if(entries.begin(), entries.end(),
                                  [&](const Entry& entry) { return entry.name == name; });
  return found == entries.end() ? nullptr : &*found;
}

template <class Entry>
std::string name_in(std::span<const Entry> InterfaceClass::*members, const char* kind,
                    std::uint16_t class_id, int index, std::optional<std::uint8_t> version) {
  const Entry* found = nullptr;
  for (const InterfaceClass& known : all_classes()) {
    if (known.id != class_id || (version && known.version != *version)) continue;
    if (const Entry* entry = entry_of(known.*members, index)) found = entry;
  }
  if (found != nullptr) return std::string(found->name);
  std::string text = kind;
  text += std::to_string(index);
  return text;
}

}  // namespace

std::span<const InterfaceClass> all_classes() {
  static const std::vector<InterfaceClass> classes = gather_classes();
  return classes;
}

const InterfaceClass* find_class(std::uint16_t id, std::uint8_t version) {
  const auto all = all_classes();
  const auto found = std::lower_bound(all.begin(), all.end(), std::pair(id, version),
                                      [](const InterfaceClass& known, const auto& wanted) {
                                        return std::pair(known.id, known.version) < wanted;
                                      });
  return found != all.end() && found->id == id && found->version == version ? &*found : nullptr;
}

const InterfaceClass* newest_class(std::uint16_t id) {
  const InterfaceClass* newest = nullptr;
  for (const InterfaceClass& known : all_classes()) {
    if (known.id == id) newest = &known;
  }
  return newest;
}

std::span<const MissingClass> missing_classes() { return k_missing_classes; }

const AttributeEntry* find_attribute(const InterfaceClass& of, int index) {
  return entry_of(of.attributes, index);
}
const MethodEntry* find_method(const InterfaceClass& of, int index) {
  return entry_of(of.methods, index);
}
const AttributeEntry* find_attribute(const InterfaceClass& of, std::string_view name) {
  return entry_named(of.attributes, name);
}
const MethodEntry* find_method(const InterfaceClass& of, std::string_view name) {
  return entry_named(of.methods, name);
}

const Type& table_type(std::string_view text) {
  static std::mutex mutex;
  static std::map<std::string_view, Type> types;
  const std::lock_guard lock(mutex);
  const auto known = types.find(text);
  if (known != types.end()) return known->second;
  Result<Type> type = parse_type(text);
  if (type.has_error()) {
    throw harness::InternalError("a table of interface classes holds no type: " +
                                 std::string(text));
  }
  return types.emplace(text, std::move(*type)).first->second;
}

const Type& type_of(const AttributeEntry& attribute) { return table_type(attribute.type); }

std::vector<Deviation> check_attribute(std::uint16_t class_id, std::uint8_t version, int index,
                                       const Data& value) {
  const InterfaceClass* known = find_class(class_id, version);
  const AttributeEntry* attribute = known == nullptr ? nullptr : find_attribute(*known, index);
  if (attribute == nullptr) return {};
  return check_type(type_of(*attribute), value);
}

std::vector<Deviation> check_parameter(const MethodEntry& method,
                                       const std::optional<Data>& parameter) {
  return check_type(table_type(method.parameter), parameter ? *parameter : Data(Null{}));
}

std::string class_name(std::uint16_t id) {
  if (const InterfaceClass* known = newest_class(id)) return std::string(known->name);
  std::string text = "class ";
  text += std::to_string(id);
  return text;
}

std::string attribute_name(std::uint16_t class_id, int index, std::optional<std::uint8_t> version) {
  return name_in(&InterfaceClass::attributes, "attribute ", class_id, index, version);
}

std::string method_name(std::uint16_t class_id, int index, std::optional<std::uint8_t> version) {
  return name_in(&InterfaceClass::methods, "method ", class_id, index, version);
}

}  // namespace meterproof::cosem::classes
