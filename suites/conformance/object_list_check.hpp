// Compares the object_list of an association (IEC 62056-6-2 4.4.3/4.4.4, attribute 2) with the
// object list that the type's market profile declares. Every difference is named; which of them
// count is the procedure's business.
#pragma once

#include <string>
#include <vector>

#include "devices/cosem/value.hpp"
#include "harness/bench/meter_type.hpp"

namespace meterproof::suites {

struct ObjectListFindings {
  std::vector<std::string> malformed;  // elements that are no object_list_element
  std::vector<std::string> missing;    // declared for this client, not in the list
  std::vector<std::string> extra;      // in the list, not declared
  std::vector<std::string> versions;   // "Clock 0-0:1.0.0.255: version 1, declared 0"
  std::vector<std::string> rights;     // "0-0:96.1.0.255 attribute 2: rw, declared r"
  std::size_t compared = 0;            // objects that are declared and there
};

// client: a client of the type. An object counts as declared for it when the profile gives it
// rights, or, where the profile says nothing of rights, when the type's may_read covers it.
ObjectListFindings compare_object_list(const bench::MeterType& type,
                                       const bench::DeclaredClient& client,
                                       const cosem::Data& object_list);

}  // namespace meterproof::suites
