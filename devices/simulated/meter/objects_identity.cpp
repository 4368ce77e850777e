#include <cctype>

#include "devices/simulated/meter/class_ids.hpp"
#include "devices/simulated/meter/objects.hpp"

namespace meterproof::simulated {
namespace {

using cosem::Data;

Object identity_data(const cosem::LogicalName& name, Attribute value) {
  return {k_class_data, 0, name, {std::move(value)}, {}, false};
}

Data text_octets(const std::string& text) { return cosem::octet_string(cosem::to_bytes(text)); }

}  // namespace

// Three letters of the maker, then the serial number; 16 octets at most (IEC 62056-6-2).
std::string logical_device_name(const MeterUnit& unit) {
  std::string name;
  for (const char letter : unit.type->manufacturer) {
    if (name.size() == 3) break;
    if (std::isalpha(static_cast<unsigned char>(letter)) != 0)
      name += static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
  }
  name.resize(3, 'X');
  return (name + unit.serial).substr(0, 16);
}

void add_identity_objects(ObjectModel& model, const MeterParts& parts) {
  const MeterUnit& unit = parts.unit;
  model.add(
      identity_data({{0, 0, 42, 0, 0, 255}}, constant(2, text_octets(logical_device_name(unit)))));
  model.add(identity_data({{0, 0, 96, 1, 0, 255}}, constant(2, text_octets(unit.serial))));
  model.add(
      identity_data({{0, 0, 96, 1, 1, 255}}, constant(2, text_octets(unit.type->manufacturer))));
  model.add(identity_data({{0, 0, 96, 1, 2, 255}}, constant(2, text_octets(unit.type->model))));
  model.add(identity_data({{1, 0, 0, 2, 0, 255}}, readable(2, [&image = parts.image] {
                            return text_octets(image.firmware());
                          })));

  // The counter that a client must exceed, of the first role with keys; under both names in use.
  for (const Role& role : parts.roles) {
    if (role.key_sets.empty()) continue;
    const KeySet* keys = &role.key_sets.front();
    const auto last = [keys] {
      const std::uint64_t next = keys->next_received();
      return Data(static_cast<std::uint32_t>(next == 0 ? 0 : next - 1));
    };
    model.add(identity_data({{0, 0, 43, 1, 0, 255}}, readable(2, last)));
    model.add(identity_data({{0, 0, 43, 1, 1, 255}}, readable(2, last)));
    break;
  }
}

}  // namespace meterproof::simulated
