// ObjectModel: the COSEM objects of the meter as data (IEC 62056-6-2): each has a class, a logical
// name, attributes and methods; each attribute knows how to read and, where it may be, to write
// itself. Who may do so is decided here and nowhere else.
//
// What a role may not see does not exist for it: object-undefined, so that the public client cannot
// map the meter. What it may see but not do is read-write-denied.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "devices/cosem/apdu.hpp"
#include "devices/simulated/meter/role.hpp"
#include "harness/bench/market_profile.hpp"

namespace meterproof::simulated {

struct Question {
  const Role& role;
  const std::optional<cosem::SelectiveAccess>& access;
};

struct Attribute {
  std::int8_t id = 1;
  std::function<cosem::DataOrResult(const Question&)> get;         // empty: never readable
  std::function<cosem::DataAccessResult(const cosem::Data&)> set;  // empty: never writable
  std::vector<std::int8_t> selectors;                              // of selective access
};

// What a method wants sent after its answer.
using Notifications = std::vector<cosem::DataNotification>;

struct Method {
  std::int8_t id = 1;
  std::function<cosem::ActionOutcome(const std::optional<cosem::Data>&, Notifications&)> run;
};

struct Object {
  std::uint16_t class_id = 1;
  std::uint8_t version = 0;
  cosem::LogicalName name;
  std::vector<Attribute> attributes;  // the logical name itself (attribute 1) is not among them
  std::vector<Method> methods;
  bool everybodys = false;  // the current association: visible to every associated client
  // What a market profile declares, by name of the role; it overrides what the role may otherwise.
  std::map<std::string, bench::ObjectRights> rights = {};

  const bench::ObjectRights* declared_for(const Role& role) const {
    const auto found = rights.find(role.name);
    return found == rights.end() ? nullptr : &found->second;
  }
};

class ObjectModel {
 public:
  void add(Object object) { objects_.push_back(std::move(object)); }
  std::vector<Object>& objects() { return objects_; }

  cosem::DataOrResult get(const Role& role, const cosem::SelectedAttribute& what) const;
  cosem::DataAccessResult set(const Role& role, const cosem::SelectedAttribute& what,
                              const cosem::Data& value) const;
  cosem::ActionOutcome action(const Role& role, const cosem::MethodDescriptor& what,
                              const std::optional<cosem::Data>& parameters,
                              Notifications& notifications) const;
  // Runs the method without asking for rights (weakness ACL_003).
  cosem::ActionOutcome force(const cosem::MethodDescriptor& what,
                             const std::optional<cosem::Data>& parameters,
                             Notifications& notifications) const;
  // object_list of the role's association (class 15, version 1).
  cosem::Data object_list(const Role& role) const;
  const std::vector<Object>& objects() const { return objects_; }
  static bool visible(const Role& role, const Object& object);
  // Structure of attribute and method access descriptors.
  static cosem::Data access_rights(const Role& role, const Object& object);

 private:
  const Object* find(std::uint16_t class_id, const cosem::LogicalName& name) const;
  static cosem::ActionOutcome run(const Object& object, std::int8_t method,
                                  const std::optional<cosem::Data>& parameters,
                                  Notifications& notifications);

  std::vector<Object> objects_;
};

// An attribute that needs no selective access and no role.
Attribute readable(std::int8_t id, std::function<cosem::Data()> get);
Attribute constant(std::int8_t id, cosem::Data value);

}  // namespace meterproof::simulated
