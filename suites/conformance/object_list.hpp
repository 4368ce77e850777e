// The object list of the current association as values: what the meter says it has, and what the
// asking client may do with it (IEC 62056-6-2, class 15, attribute 2).
#pragma once

#include <string>
#include <vector>

#include "suites/conformance/appl_probe.hpp"

namespace meterproof::suites {

struct ListedAttribute {
  int id = 0;
  unsigned mode = 0;
  bool readable() const { return (mode & 1) != 0; }
};

struct ListedObject {
  std::uint16_t class_id = 0;
  std::uint8_t version = 0;
  cosem::LogicalName name;
  std::vector<ListedAttribute> attributes;
  std::string text() const;  // "class 3, 1-0:1.8.0.255"
};

struct ObjectList {
  std::vector<ListedObject> objects;
  std::vector<std::string> problems;  // elements that are not what the class says
};

// Reads and takes apart the list in the probe's association. A list that cannot be read ends the
// case as inconclusive.
ObjectList read_object_list(ApplProbe& probe);
// Joined by "; ", the first ten.
std::string joined(const std::vector<std::string>& problems);

}  // namespace meterproof::suites
