#include "devices/simulated/meter/model_check.hpp"

#include <algorithm>

#include "devices/cosem/classes/lookup.hpp"

namespace meterproof::simulated {
namespace {

namespace classes = cosem::classes;

void check_object(const Object& object, std::vector<std::string>& found) {
  const auto add = [&](const std::string& what) {
    std::string text = classes::class_name(object.class_id);
    text += " v";
    text += std::to_string(object.version);
    text += ' ';
    text += object.name.to_string();
    text += ": ";
    text += what;
    found.push_back(std::move(text));
  };
  const classes::InterfaceClass* known = classes::find_class(object.class_id, object.version);
  if (known == nullptr) return add("no table of this class and version");
  for (const Attribute& attribute : object.attributes) {
    if (attribute.id == 1 || classes::find_attribute(*known, int{attribute.id}) == nullptr) {
      add("has no attribute " + std::to_string(attribute.id));
    }
  }
  for (const classes::AttributeEntry& entry : known->attributes) {
    const bool served = entry.index == 1 ||
                        std::any_of(object.attributes.begin(), object.attributes.end(),
                                    [&](const Attribute& one) { return one.id == entry.index; });
    if (!served) add("lacks attribute " + std::string(entry.name));
  }
  for (const Method& method : object.methods) {
    if (classes::find_method(*known, int{method.id}) == nullptr) {
      add("has no method " + std::to_string(method.id));
    }
  }
}

}  // namespace

std::vector<std::string> model_deviations(const std::vector<Object>& objects) {
  std::vector<std::string> found;
  for (const Object& object : objects) check_object(object, found);
  return found;
}

}  // namespace meterproof::simulated
