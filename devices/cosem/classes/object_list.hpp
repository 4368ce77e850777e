// The object list of an association (IEC 62056-6-2 4.4.3 and 4.4.4): which objects a client may
// see and what it may do with each attribute and method.
//
// How an access mode is coded changed: association LN versions 0 to 2 number the combinations
// (0 none .. 6 authenticated read and write; methods of version 0 are boolean), version 3 has a bit
// for each right and for each protection of request and response. Here all have one form; raw keeps
// what came.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "devices/cosem/logical_name.hpp"
#include "devices/cosem/value.hpp"

namespace meterproof::cosem::classes {

// What must protect a request, or will protect the response.
struct Protection {
  bool authenticated = false;
  bool encrypted = false;
  bool signed_ = false;
  bool operator==(const Protection&) const = default;
};

struct AccessMode {
  bool read = false;  // attributes
  bool write = false;
  bool call = false;  // methods
  Protection request;
  Protection response;
  std::uint8_t raw = 0;
  bool known = true;  // false: a code that the version does not define; it grants nothing
  bool any() const { return read || write || call; }
  bool operator==(const AccessMode&) const = default;
};

AccessMode attribute_mode(std::uint8_t raw, std::uint8_t association_version);
AccessMode method_mode(std::uint8_t raw, std::uint8_t association_version);
// "read, write", "call, requests authenticated and encrypted", "none", "undefined mode 9".
std::string to_string(const AccessMode& mode);

struct AttributeRight {
  std::int8_t index = 0;
  AccessMode mode;
  std::vector<std::int8_t> selectors;
};
struct MethodRight {
  std::int8_t index = 0;
  AccessMode mode;
};
struct ListedObject {
  std::uint16_t class_id = 0;
  std::uint8_t version = 0;
  LogicalName name;
  std::optional<std::int16_t> base_name;  // association SN only
  std::vector<AttributeRight> attributes;
  std::vector<MethodRight> methods;
};

// The version of the association that the list belongs to, as the list itself says:
// 0-0:40.0.0.255 of class 15 (LN) or 12 (SN). Nothing when it does not list it.
std::optional<std::uint8_t> association_version(const Data& list);
// Attribute 2 of class 15. CosemError::type_mismatch when it is no such list.
Result<std::vector<ListedObject>> object_list_from(const Data& list, std::uint8_t version);
// Attribute 2 of class 12: base names, no rights.
Result<std::vector<ListedObject>> short_name_list_from(const Data& list);

const ListedObject* find_object(const std::vector<ListedObject>& list, std::uint16_t class_id,
                                const LogicalName& name);

// "1-0:1.8.0.255  Register v0  Active energy import (+A), total, time integral 1"
std::string heading(const ListedObject& object);
// The heading and a line for each attribute and method: index, name, rights; ends with a newline.
std::string rights_table(const ListedObject& object);

}  // namespace meterproof::cosem::classes
