#include "devices/simulated/meter/declared_objects.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <utility>

#include "devices/cosem/classes/lookup.hpp"
#include "devices/cosem/market_words.hpp"
#include "devices/simulated/meter/class_ids.hpp"

namespace meterproof::simulated {
namespace {

namespace classes = cosem::classes;
using cosem::Data;
using cosem::DataAccessResult;
using cosem::DataOrResult;

constexpr int k_extended_register = 4;

// What the plant knows of a register, in the unit itself (W, Wh, V, A).
std::function<double()> measured(MeterPlant& plant, const cosem::LogicalName& name) {
  const auto& [a, b, c, d, e, f] = name.groups;
  if (a != 1 || e != 0 || f != 255) return {};
  if (c == 1 && d == 8) return [&plant] { return plant.import_energy_wh(); };
  if (c == 1 && d == 7) return [&plant] { return plant.active_power(); };
  for (int phase = 0; phase < 3; ++phase) {
    if (c == 32 + 20 * phase && d == 7) return [&plant, phase] { return plant.voltage(phase); };
    if (c == 31 + 20 * phase && d == 7) return [&plant, phase] { return plant.current(phase); };
  }
  return {};
}

template <class Integer>
Data clamped(double digits) {
  const double low = static_cast<double>(std::numeric_limits<Integer>::min());
  const double high = static_cast<double>(std::numeric_limits<Integer>::max());
  if (digits >= high) return Data(std::numeric_limits<Integer>::max());
  return Data(static_cast<Integer>(std::max(low, std::floor(digits))));
}

// The integer types that registers have; another type stays the skeleton's.
std::optional<Data> digits_as(const std::string& type, double digits) {
  if (type == "long_unsigned") return clamped<std::uint16_t>(digits);
  if (type == "long") return clamped<std::int16_t>(digits);
  if (type == "double_long") return clamped<std::int32_t>(digits);
  if (type == "long64_unsigned") return clamped<std::uint64_t>(digits);
  if (type == "double_long_unsigned" || type.empty()) return clamped<std::uint32_t>(digits);
  return std::nullopt;
}

Attribute stored(std::int8_t id, Data value) {
  const auto kept = std::make_shared<Data>(std::move(value));
  Attribute attribute = readable(id, [kept] { return *kept; });
  attribute.set = [kept](const Data& wanted) {
    if (wanted.value.index() != kept->value.index()) return DataAccessResult::type_unmatched;
    *kept = wanted;
    return DataAccessResult::success;
  };
  return attribute;
}

void serve_register(Object& object, const bench::MarketObject& declared, MeterPlant& plant) {
  const auto unit = cosem::unit_code(declared.unit);
  const int scaler = declared.scaler.value_or(0);
  std::erase_if(object.attributes, [](const Attribute& a) { return a.id == 2 || a.id == 3; });
  Data empty = digits_as(declared.type, 0)
                   .value_or(cosem::empty_value(declared.type).value_or(Data(std::uint32_t{0})));
  if (const auto quantity = measured(plant, object.name)) {
    object.attributes.push_back(readable(2, [quantity, scaler, type = declared.type, empty] {
      return digits_as(type, quantity() / std::pow(10.0, scaler)).value_or(empty);
    }));
  } else {
    object.attributes.push_back(constant(2, std::move(empty)));
  }
  object.attributes.push_back(
      constant(3, cosem::structure({Data(static_cast<std::int8_t>(scaler)),
                                    Data(cosem::Enum{unit.value_or(255)})})));
}

const classes::InterfaceClass* class_of(const bench::MarketObject& declared) {
  const auto id = static_cast<std::uint16_t>(declared.class_id);
  return declared.version ? classes::find_class(id, static_cast<std::uint8_t>(*declared.version))
                          : classes::newest_class(id);
}

// With the attributes of its class; without a table, with those that have rights.
Object made(const bench::MarketObject& declared, const cosem::LogicalName& name) {
  Object object;
  object.class_id = static_cast<std::uint16_t>(declared.class_id);
  object.name = name;
  const classes::InterfaceClass* known = class_of(declared);
  object.version = known ? known->version : static_cast<std::uint8_t>(declared.version.value_or(0));
  if (known) {
    for (const classes::AttributeEntry& entry : known->attributes) {
      if (entry.index == 1) continue;
      Data value = skeleton_value(classes::type_of(entry));
      if (entry.index == 2 && !declared.type.empty())
        value = cosem::empty_value(declared.type).value_or(std::move(value));
      object.attributes.push_back(stored(entry.index, std::move(value)));
    }
    return object;
  }
  for (const bench::ObjectRights& rights : declared.rights)
    for (const auto& [id, mode] : rights.attributes)
      if (id > 1 && std::none_of(object.attributes.begin(), object.attributes.end(),
                                 [id = id](const Attribute& a) { return a.id == id; }))
        object.attributes.push_back(stored(static_cast<std::int8_t>(id), Data(cosem::Null{})));
  return object;
}

// What a right names is there, if only to say that it cannot be done now.
void give_rights(Object& object, const bench::MarketObject& declared) {
  for (const bench::ObjectRights& rights : declared.rights) {
    object.rights[rights.client] = rights;
    for (Attribute& attribute : object.attributes) {
      const auto mode = rights.attributes.find(attribute.id);
      if (!attribute.set && mode != rights.attributes.end() &&
          mode->second.find('w') != std::string::npos)
        attribute.set = [](const Data&) { return DataAccessResult::temporary_failure; };
    }
    for (const int id : rights.methods)
      if (std::none_of(object.methods.begin(), object.methods.end(),
                       [id](const Method& method) { return method.id == id; }))
        object.methods.push_back(
            {static_cast<std::int8_t>(id), [](const std::optional<Data>&, Notifications&) {
               return cosem::ActionOutcome{cosem::ActionResult::temporary_failure, {}};
             }});
  }
}

bool is_register(const bench::MarketObject& declared) {
  return declared.class_id == k_class_register || declared.class_id == k_extended_register;
}

Data number_in(const classes::Type& type, Data zero) {
  if (type.ranges.empty() || !zero.integer()) return zero;
  const std::int64_t lowest = type.ranges.front().lowest;
  for (const classes::Range& range : type.ranges)
    if (range.lowest <= 0 && range.highest >= 0) return zero;
  std::visit(
      [lowest](auto& held) {
        using Held = std::remove_cvref_t<decltype(held)>;
        if constexpr (std::is_same_v<Held, cosem::Enum> || std::is_same_v<Held, cosem::Bcd>)
          held.value = static_cast<std::uint8_t>(lowest);
        else if constexpr (std::is_integral_v<Held> && !std::is_same_v<Held, bool>)
          held = static_cast<Held>(lowest);
      },
      zero.value);
  return zero;
}

Data simple_skeleton(const classes::Type& type) {
  switch (type.format) {
    case classes::OctetFormat::logical_name:
      return cosem::octet_string(cosem::LogicalName{{0, 0, 0, 0, 0, 255}});
    case classes::OctetFormat::date_time:
      return cosem::octet_string(cosem::octets_of(cosem::DateTime{}));
    case classes::OctetFormat::date:
      return cosem::octet_string(cosem::Bytes(5, std::byte{0xFF}));
    case classes::OctetFormat::time:
      return cosem::octet_string(cosem::Bytes(4, std::byte{0xFF}));
    case classes::OctetFormat::free:
      break;
  }
  for (const std::string& name : bench::data_type_names()) {
    const auto value = cosem::empty_value(name);
    if (value && classes::tag_of(*value) == type.tag) return number_in(type, *value);
  }
  return Data(cosem::Null{});
}

}  // namespace

Data skeleton_value(const classes::Type& type) {
  switch (type.kind) {
    case classes::TypeKind::any:
      return Data(std::uint32_t{0});
    case classes::TypeKind::simple:
      return simple_skeleton(type);
    case classes::TypeKind::array:
      return cosem::array({});
    case classes::TypeKind::choice:
      return type.parts.empty() ? Data(cosem::Null{}) : skeleton_value(type.parts.front().type);
    case classes::TypeKind::structure:
      break;
  }
  std::vector<Data> fields;
  for (const classes::TypeField& field : type.parts) fields.push_back(skeleton_value(field.type));
  return cosem::structure(std::move(fields));
}

void show_another_clock_version(ObjectModel& model) {
  for (Object& object : model.objects())
    if (object.class_id == k_class_clock) ++object.version;
}

void let_serial_number_be_written(ObjectModel& model, const std::vector<Role>& roles) {
  for (Object& object : model.objects()) {
    if (object.name != cosem::names::k_device_id) continue;
    const auto value = std::find_if(object.attributes.begin(), object.attributes.end(),
                                    [](const Attribute& attribute) { return attribute.id == 2; });
    if (value == object.attributes.end()) continue;
    *value = stored(2, cosem::octet_string(cosem::Bytes{}));
    for (const Role& role : roles)
      if (const auto rights = object.rights.find(role.name);
          role.may_operate && rights != object.rights.end())
        rights->second.attributes[2] = "rw";
  }
}

void hold_to_declared_objects(ObjectModel& model, const MeterParts& parts) {
  const bench::MeterType& type = *parts.unit.type;
  if (!type.profile || type.profile->objects.empty()) return;
  std::vector<Object>& objects = model.objects();
  std::vector<Object> listed;
  for (const bench::MarketObject& declared : type.profile->objects) {
    const auto name = cosem::LogicalName::parse(declared.name);
    if (!name) continue;  // the loader has refused it
    const auto own = std::find_if(objects.begin(), objects.end(), [&](const Object& object) {
      return object.class_id == declared.class_id && object.name == *name;
    });
    Object object = own == objects.end() ? made(declared, *name) : std::move(*own);
    if (own != objects.end()) objects.erase(own);
    if (declared.version) object.version = static_cast<std::uint8_t>(*declared.version);
    if (is_register(declared) && !declared.unit.empty())
      serve_register(object, declared, parts.plant);
    give_rights(object, declared);
    listed.push_back(std::move(object));
  }
  if (type.profile->complete || type.object_list_complete) objects.clear();
  for (Object& object : listed) objects.push_back(std::move(object));
}

}  // namespace meterproof::simulated
