#include "devices/simulated/meter/object_model.hpp"

#include <algorithm>
#include <utility>

#include "devices/simulated/meter/class_ids.hpp"

namespace meterproof::simulated {
namespace {

using cosem::ActionOutcome;
using cosem::ActionResult;
using cosem::Data;
using cosem::DataAccessResult;
using cosem::DataOrResult;

template <class Member>
const Member* member_of(const std::vector<Member>& members, std::int8_t id) {
  const auto found = std::find_if(members.begin(), members.end(),
                                  [&](const Member& member) { return member.id == id; });
  return found == members.end() ? nullptr : &*found;
}

bool allows(const bench::ObjectRights& rights, std::int8_t attribute, char what) {
  const auto mode = rights.attributes.find(attribute);
  return mode != rights.attributes.end() && mode->second.find(what) != std::string::npos;
}

bool may_get(const Role& role, const Object& object, const Attribute& attribute) {
  const auto* declared = object.declared_for(role);
  return attribute.get && (!declared || allows(*declared, attribute.id, 'r'));
}

bool may_set(const Role& role, const Object& object, const Attribute& attribute) {
  const auto* declared = object.declared_for(role);
  return attribute.set && (declared ? allows(*declared, attribute.id, 'w') : role.may_operate);
}

bool may_run(const Role& role, const Object& object, std::int8_t method) {
  const auto* declared = object.declared_for(role);
  return declared ? declared->methods.contains(method) : role.may_operate;
}

// access_mode of association LN version 1: 0 no access, 1 read, 2 write, 3 both.
Data attribute_access(const Role& role, const Object& object, const Attribute& attribute) {
  const int mode =
      (may_get(role, object, attribute) ? 1 : 0) + (may_set(role, object, attribute) ? 2 : 0);
  Data selectors;
  if (!attribute.selectors.empty()) {
    std::vector<Data> ids;
    for (const std::int8_t id : attribute.selectors) ids.emplace_back(id);
    selectors = cosem::array(std::move(ids));
  }
  return cosem::structure({Data(attribute.id), Data(cosem::Enum{static_cast<std::uint8_t>(mode)}),
                           std::move(selectors)});
}

}  // namespace

Attribute readable(std::int8_t id, std::function<Data()> get) {
  return {id, [get = std::move(get)](const Question&) { return DataOrResult(get()); }, {}, {}};
}

Attribute constant(std::int8_t id, Data value) {
  return readable(id, [value = std::move(value)] { return value; });
}

const Object* ObjectModel::find(std::uint16_t class_id, const cosem::LogicalName& name) const {
  const auto found = std::find_if(objects_.begin(), objects_.end(), [&](const Object& object) {
    return object.class_id == class_id && object.name == name;
  });
  return found == objects_.end() ? nullptr : &*found;
}

bool ObjectModel::visible(const Role& role, const Object& object) {
  if (object.declared_for(role)) return true;
  return object.everybodys || role.may_read_all || role.may_read.contains(object.name) ||
         (role.may_read_registers && object.class_id == k_class_register);
}

DataOrResult ObjectModel::get(const Role& role, const cosem::SelectedAttribute& what) const {
  const auto& [class_id, name, id] = what.attribute;
  const Object* object = find(class_id, name);
  if (object == nullptr || !visible(role, *object)) return DataAccessResult::object_undefined;
  if (id == 1) return cosem::octet_string(object->name);
  const Attribute* attribute = member_of(object->attributes, id);
  if (attribute == nullptr) return DataAccessResult::object_undefined;
  if (!may_get(role, *object, *attribute)) return DataAccessResult::read_write_denied;
  if (what.access &&
      std::find(attribute->selectors.begin(), attribute->selectors.end(),
                static_cast<std::int8_t>(what.access->selector)) == attribute->selectors.end())
    return DataAccessResult::scope_of_access_violated;
  return attribute->get(Question{role, what.access});
}

DataAccessResult ObjectModel::set(const Role& role, const cosem::SelectedAttribute& what,
                                  const Data& value) const {
  const auto& [class_id, name, id] = what.attribute;
  const Object* object = find(class_id, name);
  if (object == nullptr || !visible(role, *object)) return DataAccessResult::object_undefined;
  if (id == 1) return DataAccessResult::read_write_denied;
  const Attribute* attribute = member_of(object->attributes, id);
  if (attribute == nullptr) return DataAccessResult::object_undefined;
  if (!may_set(role, *object, *attribute)) return DataAccessResult::read_write_denied;
  if (what.access) return DataAccessResult::scope_of_access_violated;
  return attribute->set(value);
}

ActionOutcome ObjectModel::run(const Object& object, std::int8_t id,
                               const std::optional<Data>& parameters,
                               Notifications& notifications) {
  const Method* method = member_of(object.methods, id);
  if (method == nullptr) return {ActionResult::object_undefined, {}};
  return method->run(parameters, notifications);
}

ActionOutcome ObjectModel::action(const Role& role, const cosem::MethodDescriptor& what,
                                  const std::optional<Data>& parameters,
                                  Notifications& notifications) const {
  const Object* object = find(what.class_id, what.instance);
  if (object == nullptr || !visible(role, *object)) return {ActionResult::object_undefined, {}};
  if (!may_run(role, *object, what.method)) return {ActionResult::read_write_denied, {}};
  return run(*object, what.method, parameters, notifications);
}

ActionOutcome ObjectModel::force(const cosem::MethodDescriptor& what,
                                 const std::optional<Data>& parameters,
                                 Notifications& notifications) const {
  const Object* object = find(what.class_id, what.instance);
  if (object == nullptr) return {ActionResult::object_undefined, {}};
  return run(*object, what.method, parameters, notifications);
}

Data ObjectModel::access_rights(const Role& role, const Object& object) {
  std::vector<Data> attributes;
  attributes.push_back(
      cosem::structure({Data(std::int8_t{1}), Data(cosem::Enum{1}), Data(cosem::Null{})}));
  for (const auto& attribute : object.attributes)
    attributes.push_back(attribute_access(role, object, attribute));
  std::vector<Data> methods;
  for (const auto& method : object.methods) {
    methods.push_back(cosem::structure(
        {Data(method.id),
         Data(cosem::Enum{may_run(role, object, method.id) ? std::uint8_t{1} : std::uint8_t{0}})}));
  }
  return cosem::structure({cosem::array(std::move(attributes)), cosem::array(std::move(methods))});
}

Data ObjectModel::object_list(const Role& role) const {
  std::vector<Data> list;
  for (const auto& object : objects_) {
    if (!visible(role, object)) continue;
    list.push_back(
        cosem::structure({Data(object.class_id), Data(object.version),
                          cosem::octet_string(object.name), access_rights(role, object)}));
  }
  return cosem::array(std::move(list));
}

}  // namespace meterproof::simulated
