#include "suites/conformance/object_list_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "devices/cosem/classes/lookup.hpp"
#include "devices/cosem/logical_name.hpp"

namespace meterproof::suites {
namespace {

using cosem::Data;
using cosem::LogicalName;

struct ListEntry {
  std::uint16_t class_id = 0;
  std::uint8_t version = 0;
  LogicalName name;
  std::map<int, std::string> attributes;  // "", "r", "w", "rw"
  std::map<int, bool> methods;
};

// attribute_access_mode: an enumeration up to version 2 of the class (0..6), bits from version 3.
std::string access_words(std::int64_t mode, int association_version) {
  if (association_version >= 3)
    return std::string((mode & 1) != 0 ? "r" : "") + ((mode & 2) != 0 ? "w" : "");
  switch (mode) {
    case 1:
    case 4:
      return "r";
    case 2:
    case 5:
      return "w";
    case 3:
    case 6:
      return "rw";
    default:
      return "";
  }
}

// A structure of that many elements, or null.
const std::vector<Data>* fields_of(const Data& data, std::size_t least) {
  const auto* structure = data.as<cosem::Structure>();
  return structure && structure->elements.size() >= least ? &structure->elements : nullptr;
}

std::optional<ListEntry> list_entry(const Data& element, int association_version) {
  const auto* fields = fields_of(element, 4);
  if (!fields) return std::nullopt;
  const auto class_id = (*fields)[0].unsigned_integer();
  const auto version = (*fields)[1].unsigned_integer();
  const auto octets = (*fields)[2].octets();
  const auto name = octets ? LogicalName::from(*octets) : std::nullopt;
  const auto* rights = fields_of((*fields)[3], 2);
  if (!class_id || *class_id > 0xffff || !version || *version > 0xff || !name || !rights)
    return std::nullopt;
  ListEntry object{
      static_cast<std::uint16_t>(*class_id), static_cast<std::uint8_t>(*version), *name, {}, {}};
  const auto* attributes = (*rights)[0].elements();
  const auto* methods = (*rights)[1].elements();
  if (!attributes || !methods) return std::nullopt;
  for (const Data& item : *attributes) {
    const auto* parts = fields_of(item, 2);
    const auto id = parts ? (*parts)[0].integer() : std::nullopt;
    const auto mode = id ? (*parts)[1].integer() : std::nullopt;
    if (!mode) return std::nullopt;
    object.attributes[static_cast<int>(*id)] = access_words(*mode, association_version);
  }
  for (const Data& item : *methods) {
    const auto* parts = fields_of(item, 2);
    const auto id = parts ? (*parts)[0].integer() : std::nullopt;
    const auto mode = id ? (*parts)[1].integer() : std::nullopt;  // version 0: a boolean
    if (!mode) return std::nullopt;
    object.methods[static_cast<int>(*id)] = *mode != 0;
  }
  return object;
}

// The version of the association itself, which says how access modes are coded.
int association_version(const std::vector<Data>& list) {
  for (const Data& element : list) {
    const auto object = list_entry(element, 0);
    if (object && object->class_id == 15 && object->name == cosem::names::k_current_association)
      return object->version;
  }
  return 1;
}

const bench::ObjectRights* rights_for(const bench::MarketObject& object,
                                      const std::string& client) {
  for (const bench::ObjectRights& rights : object.rights)
    if (rights.client == client) return &rights;
  return nullptr;
}

bool declared_for(const bench::MarketObject& object, const bench::DeclaredClient& client) {
  if (const auto* rights = rights_for(object, client.name))
    return !rights->attributes.empty() || !rights->methods.empty();
  if (!object.rights.empty()) return false;  // said of other clients only
  const auto& readable = client.may_read;
  return std::find(readable.begin(), readable.end(), "*") != readable.end() ||
         std::find(readable.begin(), readable.end(), object.name) != readable.end();
}

void compare_rights(const bench::ObjectRights& declared, const ListEntry& listed,
                    std::vector<std::string>& found) {
  const std::string name = listed.name.to_string();
  std::map<int, std::string> wanted;
  for (const auto& [id, mode] : declared.attributes) wanted[id] = mode == "-" ? "" : mode;
  wanted.try_emplace(1, "r");  // the logical name
  std::map<int, std::string> all = listed.attributes;
  for (const auto& [id, mode] : wanted) all.try_emplace(id, "");
  const auto shown = [](const std::string& mode) { return mode.empty() ? "no access" : mode; };
  for (const auto& [id, mode] : all) {
    const auto at = wanted.find(id);
    const std::string right = at == wanted.end() ? "" : at->second;
    if (mode != right)
      found.push_back(
          fmt::format("{} attribute {}: {}, declared {}", name, id, shown(mode), shown(right)));
  }
  for (const auto& [id, may] : listed.methods)
    if (may && !declared.methods.contains(id))
      found.push_back(fmt::format("{} method {}: executable, not declared", name, id));
  for (const int id : declared.methods)
    if (const auto at = listed.methods.find(id); at == listed.methods.end() || !at->second)
      found.push_back(fmt::format("{} method {}: not executable, declared", name, id));
}

}  // namespace

ObjectListFindings compare_object_list(const bench::MeterType& type,
                                       const bench::DeclaredClient& client,
                                       const Data& object_list) {
  ObjectListFindings findings;
  const auto* list = object_list.elements();
  if (!list || !object_list.as<cosem::Array>()) {
    findings.malformed.push_back("object_list is no array");
    return findings;
  }
  const int version = association_version(*list);
  std::map<std::pair<int, std::string>, ListEntry> listed;
  for (const Data& element : *list) {
    auto object = list_entry(element, version);
    if (!object) {
      findings.malformed.push_back(cosem::to_string(element, 80));
      continue;
    }
    const auto key = std::pair<int, std::string>(object->class_id, object->name.to_string());
    if (!listed.emplace(key, std::move(*object)).second)
      findings.malformed.push_back(key.second + " stands there twice");
  }
  for (const bench::MarketObject& declared : type.profile->objects) {
    const auto at = listed.find({declared.class_id, declared.name});
    const std::string what =
        cosem::classes::class_name(static_cast<std::uint16_t>(declared.class_id)) + " " +
        declared.name;
    if (at == listed.end()) {
      if (declared_for(declared, client))
        findings.missing.push_back(fmt::format("{} ({})", what, declared.title));
      continue;
    }
    ++findings.compared;
    if (declared.version && *declared.version != at->second.version)
      findings.versions.push_back(
          fmt::format("{}: version {}, declared {}", what, at->second.version, *declared.version));
    if (const auto* rights = rights_for(declared, client.name))
      compare_rights(*rights, at->second, findings.rights);
    listed.erase(at);
  }
  for (const auto& [key, object] : listed)
    findings.extra.push_back(cosem::classes::class_name(object.class_id) + " " + key.second);
  return findings;
}

}  // namespace meterproof::suites
