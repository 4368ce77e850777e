#include <algorithm>
#include <cmath>

#include "devices/simulated/meter/class_ids.hpp"
#include "devices/simulated/meter/objects.hpp"

namespace meterproof::simulated {
namespace {

using cosem::Data;

// Units of IEC 62056-6-2.
constexpr std::uint8_t k_unit_watt = 27, k_unit_watt_hour = 30, k_unit_ampere = 33,
                       k_unit_volt = 35;

Data scaler_unit(int scaler, std::uint8_t unit) {
  return cosem::structure({Data(static_cast<std::int8_t>(scaler)), Data(cosem::Enum{unit})});
}

Object metered(const cosem::LogicalName& name, int scaler, std::uint8_t unit,
               std::function<Data()> value) {
  return {k_class_register,
          0,
          name,
          {readable(2, std::move(value)), constant(3, scaler_unit(scaler, unit))},
          {},
          false};
}

Data unsigned_digits(double value) {
  return Data(static_cast<std::uint32_t>(std::clamp(std::round(value), 0.0, 4294967295.0)));
}

constexpr cosem::LogicalName k_event_code{{0, 0, 96, 11, 1, 255}};

// Attribute 2 of an object, as a column of a profile or as what it is sorted by.
Data captured(std::uint16_t class_id, const cosem::LogicalName& name) {
  return cosem::structure(
      {Data(class_id), cosem::octet_string(name), Data(std::int8_t{2}), Data(std::uint16_t{0})});
}

Object profile_object(LoadProfile& profile) {
  Attribute buffer{2,
                   [&profile](const Question& question) { return profile.read(question.access); },
                   {},
                   {1, 2}};
  return {k_class_profile,
          1,
          cosem::names::k_load_profile,
          {std::move(buffer), constant(3, LoadProfile::capture_objects()),
           constant(4, Data(static_cast<std::uint32_t>(k_capture_period.count()))),
           constant(5, Data(cosem::Enum{1})),
           constant(6, captured(k_class_clock, cosem::names::k_clock)),
           readable(7, [&profile] { return Data(static_cast<std::uint32_t>(profile.size())); }),
           constant(8, Data(static_cast<std::uint32_t>(k_profile_entries)))},
          {},
          false};
}

Object event_log_object(EventLog& events) {
  return {k_class_profile,
          1,
          {{0, 0, 99, 98, 1, 255}},
          {readable(2, [&events] { return events.rows(); }),
           constant(3, cosem::array({captured(k_class_clock, cosem::names::k_clock),
                                     captured(k_class_data, k_event_code)})),
           constant(4, Data(std::uint32_t{0})), constant(5, Data(cosem::Enum{1})),
           constant(6, captured(k_class_clock, cosem::names::k_clock)),
           readable(7, [&events] { return Data(static_cast<std::uint32_t>(events.size())); }),
           constant(8, Data(static_cast<std::uint32_t>(EventLog::k_entries)))},
          {},
          false};
}

}  // namespace

std::uint64_t register_digits(const bench::MeterType& type, double energy_wh) {
  return static_cast<std::uint64_t>(std::max(0.0, energy_wh) / type.register_resolution_wh);
}

void add_metering_objects(ObjectModel& model, const MeterParts& parts) {
  MeterPlant& plant = parts.plant;
  const bench::MeterType& type = *parts.unit.type;
  const int energy_scaler = static_cast<int>(std::lround(std::log10(type.register_resolution_wh)));
  const auto energy = [&plant, &type] {
    return Data(static_cast<std::uint32_t>(register_digits(type, plant.import_energy_wh())));
  };
  const auto energy_name = cosem::LogicalName::parse(type.register_energy);
  model.add(metered(energy_name.value_or(cosem::names::k_active_import), energy_scaler,
                    k_unit_watt_hour, energy));
  model.add(metered({{1, 0, 1, 7, 0, 255}}, 0, k_unit_watt,
                    [&plant] { return unsigned_digits(plant.active_power()); }));
  for (int phase = 0; phase < type.phases; ++phase) {
    const auto c = static_cast<std::uint8_t>(20 * (phase + 1));  // 2x.7 of L1, 4x.7 of L2, 6x.7 ...
    model.add(metered({{1, 0, static_cast<std::uint8_t>(c + 12), 7, 0, 255}}, -1, k_unit_volt,
                      [&plant, phase] { return unsigned_digits(plant.voltage(phase) * 10); }));
    model.add(metered({{1, 0, static_cast<std::uint8_t>(c + 11), 7, 0, 255}}, -3, k_unit_ampere,
                      [&plant, phase] { return unsigned_digits(plant.current(phase) * 1000); }));
  }
  model.add(parts.clock.object());
  model.add(profile_object(parts.profile));
  model.add(event_log_object(parts.events));
  EventLog& events = parts.events;
  model.add({k_class_data,
             0,
             k_event_code,
             {readable(2, [&events] { return Data(events.last()); })},
             {},
             false});
  model.add({k_class_data,
             0,
             {{0, 0, 96, 15, 1, 255}},
             {readable(2, [&events] { return Data(events.count()); })},
             {},
             false});
}

}  // namespace meterproof::simulated
