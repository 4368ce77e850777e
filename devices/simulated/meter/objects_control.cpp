#include "devices/simulated/meter/class_ids.hpp"
#include "devices/simulated/meter/objects.hpp"

namespace meterproof::simulated {
namespace {

using cosem::ActionOutcome;
using cosem::ActionResult;
using cosem::Data;
using cosem::DataAccessResult;

constexpr std::size_t k_scratch_octets = 4096;

// Disconnect and reconnect take integer(0).
bool takes_zero(const std::optional<Data>& parameters) {
  if (!parameters) return false;
  const auto* value = parameters->as<std::int8_t>();
  return value != nullptr && *value == 0;
}

Method relay_method(std::int8_t id, MeterPlant& plant, bool close) {
  return {id, [&plant, close](const std::optional<Data>& parameters, Notifications&) {
            if (!takes_zero(parameters)) return ActionOutcome{ActionResult::type_unmatched, {}};
            plant.set_relay(close);
            return ActionOutcome{ActionResult::success, {}};
          }};
}

Object disconnect_object(MeterPlant& plant) {
  const auto closed = [&plant] { return Data(plant.relay_closed()); };
  const auto state = [&plant] {
    return Data(cosem::Enum{plant.relay_closed() ? std::uint8_t{1} : std::uint8_t{0}});
  };
  // control_mode 4: remote and local disconnection, remote reconnection.
  return {k_class_disconnect,
          0,
          cosem::names::k_disconnect_control,
          {readable(2, closed), readable(3, state), constant(4, Data(cosem::Enum{4}))},
          {relay_method(1, plant, false), relay_method(2, plant, true)},
          false};
}

Object scratch_object(Data& scratch) {
  Attribute value = readable(2, [&scratch] { return scratch; });
  value.set = [&scratch](const Data& wanted) {
    if (wanted.elements() != nullptr || cosem::encode_data(wanted).size() > k_scratch_octets)
      return DataAccessResult::type_unmatched;
    scratch = wanted;
    return DataAccessResult::success;
  };
  return {k_class_data, 0, {{0, 0, 96, 50, 0, 255}}, {std::move(value)}, {}, false};
}

Data push_element(std::uint16_t class_id, const cosem::LogicalName& name) {
  return cosem::structure(
      {Data(class_id), cosem::octet_string(name), Data(std::int8_t{2}), Data(std::uint16_t{0})});
}

Attribute destination_attribute(PushSetup& setup) {
  Attribute destination = readable(3, [&setup] { return setup.as_data(); });
  destination.set = [&setup](const Data& wanted) { return setup.set(wanted); };
  return destination;
}

Object push_object(const MeterParts& parts) {
  const MeterUnit& unit = parts.unit;
  MeterPlant& plant = parts.plant;
  Method push{1, [&unit, &plant](const std::optional<Data>& parameters, Notifications& sent) {
                if (!takes_zero(parameters)) return ActionOutcome{ActionResult::type_unmatched, {}};
                const auto now = std::chrono::floor<std::chrono::milliseconds>(plant.clock());
                cosem::DataNotification notification;
                notification.long_invoke_id = 1;
                notification.date_time = cosem::from_utc(now);
                notification.body = cosem::structure(
                    {cosem::octet_string(cosem::to_bytes(logical_device_name(unit))),
                     Data(static_cast<std::uint32_t>(
                         register_digits(*unit.type, plant.import_energy_wh())))});
                sent.push_back(std::move(notification));
                return ActionOutcome{ActionResult::success, {}};
              }};
  const auto energy =
      cosem::LogicalName::parse(unit.type->register_energy).value_or(cosem::names::k_active_import);
  return {k_class_push,
          0,
          {{0, 0, 25, 9, 0, 255}},
          {constant(2, cosem::array({push_element(1, cosem::names::k_logical_device_name),
                                     push_element(3, energy)})),
           destination_attribute(parts.push_setup), constant(4, cosem::array({})),
           constant(5, Data(std::uint16_t{0})), constant(6, Data(std::uint8_t{0})),
           constant(7, Data(std::uint16_t{0}))},
          {std::move(push)},
          false};
}

}  // namespace

void add_control_objects(ObjectModel& model, const MeterParts& parts) {
  if (parts.unit.type->has_relay) model.add(disconnect_object(parts.plant));
  model.add(scratch_object(parts.scratch));
  model.add(push_object(parts));
  model.add(parts.image.object());
  model.add(parts.hdlc_setup.object());
}

}  // namespace meterproof::simulated
