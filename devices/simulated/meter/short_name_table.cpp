// Base names and what they stand for.
#include <algorithm>

#include "devices/simulated/meter/class_ids.hpp"
#include "devices/simulated/meter/short_name_services.hpp"

namespace meterproof::simulated {
namespace {

namespace base_names = cosem::base_names;
using cosem::Data;

constexpr int k_first_base = 0x0100, k_last_base = 0xF900;

int octets_of_names(const Object& object) {
  int octets = 8;
  for (const Attribute& attribute : object.attributes) octets = std::max(octets, attribute.id * 8);
  const auto methods = cosem::first_method_offset(object.class_id);
  for (const Method& method : object.methods) {
    if (methods) octets = std::max(octets, *methods + method.id * 8);
  }
  return octets;
}

}  // namespace

void ShortNameServices::assign_names() {
  named_.clear();
  int next = k_first_base;
  for (std::size_t index = 0; index < model_.objects().size(); ++index) {
    const Object& object = model_.objects()[index];
    // Association LN objects have no place here; class 12 describes the association.
    if (object.class_id == k_class_association) continue;
    const int octets = octets_of_names(object);
    int base = next;
    if (object.name == cosem::names::k_logical_device_name) {
      base = base_names::k_logical_device_name;
    } else if (object.class_id == k_class_sap_assignment) {
      base = base_names::k_sap_assignment;
    } else {
      next += octets;
    }
    if (next > k_last_base) return;  // the rest has no short names
    named_.push_back(
        {{static_cast<std::uint16_t>(base), object.class_id, object.version, object.name},
         static_cast<std::uint16_t>(octets),
         index});
  }
}

std::optional<ShortNameServices::Meaning> ShortNameServices::meaning_of(
    std::uint16_t short_name) const {
  const auto found = std::find_if(named_.begin(), named_.end(), [&](const Named& one) {
    return short_name >= one.object.base && short_name < one.object.base + one.octets;
  });
  if (found == named_.end() || (short_name - found->object.base) % 8 != 0) return std::nullopt;
  const int offset = short_name - found->object.base;
  Meaning meaning{found->object.class_id, found->object.name, 0, 0};
  const auto methods = cosem::first_method_offset(meaning.class_id);
  if (methods && offset >= *methods) {
    meaning.method = static_cast<std::int8_t>((offset - *methods) / 8 + 1);
  } else {
    meaning.attribute = static_cast<std::int8_t>(offset / 8 + 1);
  }
  return meaning;
}

Data ShortNameServices::object_list(const Role& role) const {
  cosem::ShortNames names;
  names.add({base_names::k_association, cosem::k_class_association_sn, 0,
             cosem::names::k_current_association});
  for (const Named& one : named_) {
    if (ObjectModel::visible(role, model_.objects()[one.index])) names.add(one.object);
  }
  return names.object_list();
}

Data ShortNameServices::access_rights_list(const Role& role) const {
  std::vector<Data> list;
  for (const Named& one : named_) {
    const Object& object = model_.objects()[one.index];
    if (!ObjectModel::visible(role, object)) continue;
    const Data rights = ObjectModel::access_rights(role, object);
    std::vector<Data> parts = *rights.elements();
    parts.insert(parts.begin(), Data(static_cast<std::int16_t>(one.object.base)));
    list.push_back(cosem::structure(std::move(parts)));
  }
  return cosem::array(std::move(list));
}

}  // namespace meterproof::simulated
