// The catalogue: all procedures, each registered by a static Registration in its own file. Add a
// procedure by adding a file.
#pragma once

#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/procedure.hpp"

namespace meterproof::harness {

class Catalogue {
 public:
  static Catalogue& instance();

  // Throws InternalError for an id that is taken or is no name, or a procedure without variants or
  // body.
  void add(Procedure procedure);
  // Sorted by suite, then id.
  std::vector<const Procedure*> all() const;
  const Procedure* find(std::string_view id) const;

 private:
  std::vector<std::unique_ptr<const Procedure>> procedures_;
};

// namespace { const harness::Registration k_registration{{.id = "SEC_AUTH_001", ...}}; }
struct Registration {
  explicit Registration(Procedure procedure) { Catalogue::instance().add(std::move(procedure)); }
};

}  // namespace meterproof::harness
