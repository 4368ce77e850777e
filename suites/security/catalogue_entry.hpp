// What the security catalogue says of a test: title, objective, severity, harm and clauses, so that
// no procedure repeats it. A procedure starts from its entry and adds what it needs, its variants,
// its mutant and its body.
#pragma once

#include <string_view>
#include <vector>

#include "harness/procedure.hpp"
#include "suites/context.hpp"

namespace meterproof::suites {

extern const std::string_view k_security_catalogue_json;

// Throws InternalError for an id that is not in the catalogue.
harness::Procedure catalogue_entry(std::string_view id);

// The variants "tcp" and "optical", each where the position has that interface.
std::vector<harness::Variant> over_each_interface();

// The entry with its body, ready for harness::Registration; change fills in the declarations.
harness::Procedure security_procedure(std::string_view id, void (*change)(harness::Procedure&),
                                      void (*body)(Context&));

}  // namespace meterproof::suites
