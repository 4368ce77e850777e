#include "devices/cosem/classes/typed_access.hpp"

#include <utility>

#include "devices/cosem/classes/lookup.hpp"
#include "devices/cosem/classes/obis_name.hpp"
#include "devices/cosem/classes/render.hpp"

namespace meterproof::cosem::classes {
namespace {

using harness::Deadline;

constexpr std::uint16_t k_profile_class = 7, k_association_ln_class = 15;
// What a list that does not name its own association is taken for: the version most meters have.
constexpr std::uint8_t k_assumed_association_version = 1;

std::optional<ProfileColumn> column_from(const Data& capture_object) {
  const auto* fields = capture_object.as<Structure>();
  if (fields == nullptr || fields->elements.size() < 3) return std::nullopt;
  const auto* class_id = fields->elements[0].as<std::uint16_t>();
  const auto octets = fields->elements[1].octets();
  const auto name = octets ? LogicalName::from(*octets) : std::nullopt;
  const auto* attribute = fields->elements[2].as<std::int8_t>();
  if (class_id == nullptr || !name || attribute == nullptr) return std::nullopt;
  ProfileColumn column;
  column.attribute = {*class_id, *name, *attribute};
  if (fields->elements.size() > 3) {
    if (const auto* index = fields->elements[3].as<std::uint16_t>()) column.data_index = *index;
  }
  column.name = describe(column.attribute);
  return column;
}

}  // namespace

Result<Data> read_attribute(Client& client, const ObjectKey& object, std::string_view attribute,
                            Deadline deadline, std::stop_token stop) {
  const InterfaceClass* known = find_class(object.class_id, object.version);
  const AttributeEntry* entry = known == nullptr ? nullptr : find_attribute(*known, attribute);
  if (entry == nullptr) return CosemError::not_supported;
  Result<Data> value =
      client.get({object.class_id, object.name, entry->index}, deadline, std::move(stop));
  if (value.has_error()) return value;
  if (!check_type(type_of(*entry), *value, 1).empty()) return CosemError::type_mismatch;
  return value;
}

Result<ScaledReading> read_scaled(Client& client, const ObjectKey& object, Deadline deadline,
                                  std::stop_token stop) {
  const Result<Data> scale = read_attribute(client, object, "scaler_unit", deadline, stop);
  if (scale.has_error()) return scale.error();
  const InterfaceClass* known = find_class(object.class_id, object.version);
  const bool demand = find_attribute(*known, "last_average_value") != nullptr;
  Result<Data> value =
      read_attribute(client, object, demand ? "last_average_value" : "value", deadline, stop);
  if (value.has_error()) return value.error();
  const auto parsed = scaler_unit_from(*scale);
  if (!parsed) return CosemError::type_mismatch;
  auto text = scaled_text(*value, *parsed);
  if (!text) return CosemError::type_mismatch;
  return ScaledReading{std::move(*value), *parsed, std::move(*text)};
}

Result<std::vector<ListedObject>> read_object_list(Client& client, Deadline deadline,
                                                   std::stop_token stop) {
  const Result<Data> list = client.get({k_association_ln_class, names::k_current_association, 2},
                                       deadline, std::move(stop));
  if (list.has_error()) return list.error();
  return object_list_from(*list,
                          association_version(*list).value_or(k_assumed_association_version));
}

Result<std::vector<ProfileColumn>> read_columns(Client& client, const LogicalName& profile,
                                                Deadline deadline, std::stop_token stop) {
  const Result<Data> objects =
      read_attribute(client, {k_profile_class, 1, profile}, "capture_objects", deadline, stop);
  if (objects.has_error()) return objects.error();
  std::vector<ProfileColumn> columns;
  for (const Data& object : *objects->elements()) {
    auto column = column_from(object);
    if (!column) return CosemError::type_mismatch;
    const AttributeDescriptor& source = column->attribute;
    if (is_scaled(source.class_id, source.attribute)) {
      const auto index = static_cast<std::int8_t>(scaler_attribute(source.class_id));
      const Result<Data> scale =
          client.get({source.class_id, source.instance, index}, deadline, stop);
      if (scale.has_value()) column->scale = scaler_unit_from(*scale);
    }
    columns.push_back(std::move(*column));
  }
  return columns;
}

std::string column_text(const ProfileColumn& column, const Data& value) {
  const InterfaceClass* known = newest_class(column.attribute.class_id);
  return render_attribute(column.attribute.class_id,
                          known == nullptr ? std::uint8_t{0} : known->version,
                          column.attribute.attribute, value, column.scale);
}

}  // namespace meterproof::cosem::classes
