// The objects of this meter, grouped by what they are about. docs/simulated-meter.md lists them.
#pragma once

#include "devices/simulated/meter/event_log.hpp"
#include "devices/simulated/meter/hdlc_setup.hpp"
#include "devices/simulated/meter/image_transfer.hpp"
#include "devices/simulated/meter/load_profile.hpp"
#include "devices/simulated/meter/meter_clock.hpp"
#include "devices/simulated/meter/object_model.hpp"
#include "devices/simulated/meter/push_setup.hpp"
#include "devices/simulated/meter_plant.hpp"

namespace meterproof::simulated {

// What the objects show. All of it outlives the ObjectModel.
struct MeterParts {
  const MeterUnit& unit;
  MeterPlant& plant;
  const std::vector<Role>& roles;
  LoadProfile& profile;
  EventLog& events;
  cosem::Data& scratch;  // the harmless writable value
  PushSetup& push_setup;
  MeterClock& clock;
  ImageTransfer& image;
  HdlcSetup& hdlc_setup;
};

// Register value of an energy, in digits of the type's resolution.
std::uint64_t register_digits(const bench::MeterType& type, double energy_wh);
std::string logical_device_name(const MeterUnit& unit);
// Longest APDU that the meter takes, and what it can do.
inline constexpr std::uint16_t k_meter_max_pdu = 2048;
std::uint32_t meter_conformance();
std::uint32_t meter_conformance_short_names();

void add_identity_objects(ObjectModel& model, const MeterParts& parts);
void add_metering_objects(ObjectModel& model, const MeterParts& parts);
void add_control_objects(ObjectModel& model, const MeterParts& parts);
void add_association_objects(ObjectModel& model, const MeterParts& parts);

}  // namespace meterproof::simulated
