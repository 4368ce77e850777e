#include "harness/catalogue.hpp"

#include <algorithm>
#include <memory>
#include <set>
#include <utility>

#include "harness/case_id.hpp"
#include "harness/errors.hpp"

namespace meterproof::harness {

Catalogue& Catalogue::instance() {
  static Catalogue catalogue;
  return catalogue;
}

void Catalogue::add(Procedure procedure) {
  if (!is_name(procedure.id)) throw InternalError("not a procedure id: '" + procedure.id + "'");
  if (find(procedure.id)) throw InternalError("procedure " + procedure.id + " is registered twice");
  if (!procedure.body) throw InternalError("procedure " + procedure.id + " has no body");
  std::set<std::string> names;
  for (const Variant& variant : procedure.variants) {
    if (!is_name(variant.name) || !names.insert(variant.name).second) {
      throw InternalError("procedure " + procedure.id + ": bad or double variant '" + variant.name +
                          "'");
    }
  }
  if (names.empty()) throw InternalError("procedure " + procedure.id + " has no variant");
  procedures_.push_back(std::make_unique<const Procedure>(std::move(procedure)));
}

std::vector<const Procedure*> Catalogue::all() const {
  std::vector<const Procedure*> sorted;
  for (const auto& procedure : procedures_) sorted.push_back(procedure.get());
  std::sort(sorted.begin(), sorted.end(), [](const Procedure* a, const Procedure* b) {
    return std::pair(a->suite, a->id) < std::pair(b->suite, b->id);
  });
  return sorted;
}

const Procedure* Catalogue::find(std::string_view id) const {
  for (const auto& procedure : procedures_) {
    if (procedure->id == id) return procedure.get();
  }
  return nullptr;
}

}  // namespace meterproof::harness
