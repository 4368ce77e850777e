#include "devices/cosem/classes/object_list.hpp"

#include <array>
#include <cstdio>
#include <utility>

#include "devices/cosem/classes/lookup.hpp"
#include "devices/cosem/classes/obis_name.hpp"

namespace meterproof::cosem::classes {
namespace {

constexpr std::uint8_t k_first_version_with_bits = 3;

// Bits of access_mode of version 3: 0 read (or call), 1 write, 2..4 request, 5..7 response.
Protection protection_from(unsigned bits) {
  return {(bits & 1U) != 0, (bits & 2U) != 0, (bits & 4U) != 0};
}

std::optional<LogicalName> name_from(const Data& data) {
  const auto octets = data.octets();
  return octets ? LogicalName::from(*octets) : std::nullopt;
}

// An access mode as it comes: enum, or boolean for methods of version 0.
std::optional<std::uint8_t> raw_mode(const Data& data) {
  if (const auto* code = data.as<Enum>()) return code->value;
  if (const auto* may = data.as<bool>()) return static_cast<std::uint8_t>(*may ? 1 : 0);
  return std::nullopt;
}

const std::vector<Data>* fields_of(const Data& data, std::size_t count) {
  const auto* fields = data.as<Structure>();
  return fields != nullptr && fields->elements.size() == count ? &fields->elements : nullptr;
}

std::optional<std::vector<std::int8_t>> selectors_from(const Data& data) {
  std::vector<std::int8_t> selectors;
  if (data.as<Null>() != nullptr) return selectors;
  const auto* list = data.as<Array>();
  if (list == nullptr) return std::nullopt;
  for (const Data& one : list->elements) {
    const auto* selector = one.as<std::int8_t>();
    if (selector == nullptr) return std::nullopt;
    selectors.push_back(*selector);
  }
  return selectors;
}

bool read_attribute_rights(const Data& data, std::uint8_t version, ListedObject& object) {
  const auto* list = data.as<Array>();
  if (list == nullptr) return false;
  for (const Data& entry : list->elements) {
    const auto* fields = fields_of(entry, 3);
    if (fields == nullptr) return false;
    const auto* index = (*fields)[0].as<std::int8_t>();
    const auto mode = raw_mode((*fields)[1]);
    auto selectors = selectors_from((*fields)[2]);
    if (index == nullptr || !mode || !selectors) return false;
    object.attributes.push_back({*index, attribute_mode(*mode, version), std::move(*selectors)});
  }
  return true;
}

bool read_method_rights(const Data& data, std::uint8_t version, ListedObject& object) {
  const auto* list = data.as<Array>();
  if (list == nullptr) return false;
  for (const Data& entry : list->elements) {
    const auto* fields = fields_of(entry, 2);
    if (fields == nullptr) return false;
    const auto* index = (*fields)[0].as<std::int8_t>();
    const auto mode = raw_mode((*fields)[1]);
    if (index == nullptr || !mode) return false;
    object.methods.push_back({*index, method_mode(*mode, version)});
  }
  return true;
}

std::optional<ListedObject> listed_object(const Data& entry, std::uint8_t version) {
  const auto* fields = fields_of(entry, 4);
  if (fields == nullptr) return std::nullopt;
  const auto* class_id = (*fields)[0].as<std::uint16_t>();
  const auto* class_version = (*fields)[1].as<std::uint8_t>();
  const auto name = name_from((*fields)[2]);
  const auto* rights = fields_of((*fields)[3], 2);
  if (class_id == nullptr || class_version == nullptr || !name || rights == nullptr) {
    return std::nullopt;
  }
  ListedObject object{*class_id, *class_version, *name, {}, {}, {}};
  if (!read_attribute_rights((*rights)[0], version, object) ||
      !read_method_rights((*rights)[1], version, object)) {
    return std::nullopt;
  }
  return object;
}

void add_protection(std::string& text, const char* whose, const Protection& protection) {
  if (protection == Protection{}) return;
  text += ", ";
  text += whose;
  const std::array<std::pair<bool, const char*>, 3> words{
      {{protection.authenticated, "authenticated"},
       {protection.encrypted, "encrypted"},
       {protection.signed_, "signed"}}};
  const char* before = " ";
  for (const auto& [applies, word] : words) {
    if (!applies) continue;
    text += before;
    text += word;
    before = " and ";
  }
}

void add_line(std::string& text, const char* kind, int index, const std::string& name,
              const std::string& rights) {
  char line[160];
  std::snprintf(line, sizeof line, "  %s %3d %-42s %s\n", kind, index, name.c_str(),
                rights.c_str());
  text += line;
}

}  // namespace

AccessMode attribute_mode(std::uint8_t raw, std::uint8_t version) {
  AccessMode mode;
  mode.raw = raw;
  if (version >= k_first_version_with_bits) {
    mode.read = (raw & 1U) != 0;
    mode.write = (raw & 2U) != 0;
    mode.request = protection_from(unsigned{raw} >> 2);
    mode.response = protection_from(unsigned{raw} >> 5);
    return mode;
  }
  const std::uint8_t highest = version == 0 ? 3 : 6;
  mode.known = raw <= highest;
  if (!mode.known) return mode;
  const unsigned rights = raw > 3 ? raw - 3U : raw;
  mode.read = (rights & 1U) != 0;
  mode.write = (rights & 2U) != 0;
  mode.request.authenticated = raw > 3;
  return mode;
}

AccessMode method_mode(std::uint8_t raw, std::uint8_t version) {
  AccessMode mode;
  mode.raw = raw;
  if (version >= k_first_version_with_bits) {
    mode.call = (raw & 1U) != 0;
    mode.request = protection_from(unsigned{raw} >> 2);
    mode.response = protection_from(unsigned{raw} >> 5);
    return mode;
  }
  const std::uint8_t highest = version == 0 ? 1 : 2;
  mode.known = raw <= highest;
  if (!mode.known) return mode;
  mode.call = raw != 0;
  mode.request.authenticated = raw == 2;
  return mode;
}

std::string to_string(const AccessMode& mode) {
  if (!mode.known) {
    std::string text = "undefined mode ";
    text += std::to_string(mode.raw);
    return text;
  }
  if (!mode.any()) return "none";
  std::string text = mode.call ? "call" : mode.read ? "read" : "write";
  if (mode.read && mode.write) text += ", write";
  add_protection(text, "requests", mode.request);
  add_protection(text, "responses", mode.response);
  return text;
}

std::optional<std::uint8_t> association_version(const Data& list) {
  const auto* entries = list.as<Array>();
  if (entries == nullptr) return std::nullopt;
  for (const Data& entry : entries->elements) {
    const auto* fields = fields_of(entry, 4);
    if (fields == nullptr) continue;
    // LN: class, version, name, rights. SN: base name, class, version, name.
    for (const auto& [first, class_id] : {std::pair{0U, 15}, std::pair{1U, 12}}) {
      const auto* id = (*fields)[first].as<std::uint16_t>();
      const auto* version = (*fields)[first + 1].as<std::uint8_t>();
      const auto name = name_from((*fields)[first + 2]);
      if (id != nullptr && *id == class_id && version != nullptr &&
          name == names::k_current_association) {
        return *version;
      }
    }
  }
  return std::nullopt;
}

Result<std::vector<ListedObject>> object_list_from(const Data& list, std::uint8_t version) {
  const auto* entries = list.as<Array>();
  if (entries == nullptr) return CosemError::type_mismatch;
  std::vector<ListedObject> objects;
  for (const Data& entry : entries->elements) {
    auto object = listed_object(entry, version);
    if (!object) return CosemError::type_mismatch;
    objects.push_back(std::move(*object));
  }
  return objects;
}

Result<std::vector<ListedObject>> short_name_list_from(const Data& list) {
  const auto* entries = list.as<Array>();
  if (entries == nullptr) return CosemError::type_mismatch;
  std::vector<ListedObject> objects;
  for (const Data& entry : entries->elements) {
    const auto* fields = fields_of(entry, 4);
    if (fields == nullptr) return CosemError::type_mismatch;
    const auto* base_name = (*fields)[0].as<std::int16_t>();
    const auto* class_id = (*fields)[1].as<std::uint16_t>();
    const auto* version = (*fields)[2].as<std::uint8_t>();
    const auto name = name_from((*fields)[3]);
    if (base_name == nullptr || class_id == nullptr || version == nullptr || !name) {
      return CosemError::type_mismatch;
    }
    objects.push_back({*class_id, *version, *name, *base_name, {}, {}});
  }
  return objects;
}

const ListedObject* find_object(const std::vector<ListedObject>& list, std::uint16_t class_id,
                                const LogicalName& name) {
  for (const ListedObject& object : list) {
    if (object.class_id == class_id && object.name == name) return &object;
  }
  return nullptr;
}

std::string heading(const ListedObject& object) {
  std::string text = object.name.to_string();
  text += "  ";
  text += class_name(object.class_id);
  text += " v";
  text += std::to_string(object.version);
  text += "  ";
  text += obis_name(object.name);
  if (object.base_name) {
    char base[32];
    std::snprintf(base, sizeof base, "  base name 0x%04X",
                  static_cast<unsigned>(static_cast<std::uint16_t>(*object.base_name)));
    text += base;
  }
  return text;
}

std::string rights_table(const ListedObject& object) {
  std::string text = heading(object);
  text += '\n';
  for (const AttributeRight& right : object.attributes) {
    std::string rights = to_string(right.mode);
    const char* before = ", selectors ";
    for (const std::int8_t selector : right.selectors) {
      rights += before;
      rights += std::to_string(selector);
      before = " ";
    }
    add_line(text, "attribute", right.index,
             attribute_name(object.class_id, right.index, object.version), rights);
  }
  for (const MethodRight& right : object.methods) {
    add_line(text, "method   ", right.index,
             method_name(object.class_id, right.index, object.version), to_string(right.mode));
  }
  return text;
}

}  // namespace meterproof::cosem::classes
