// The object list of the type's market profile, served: what the meter has anyway gets the declared
// version, type, unit and rights; what it lacks is made from the tables of interface classes with
// values that say nothing (zero, empty, not specified). A type whose list is complete shows no
// other object.
//
// An object that is made this way is data, no function: what a right allows to write is kept, what
// the simulation drives itself (registers, clock) and methods without a function answer
// temporary-failure.
#pragma once

#include "devices/cosem/classes/type.hpp"
#include "devices/simulated/meter/objects.hpp"

namespace meterproof::simulated {

// Does nothing for a type without a profile. The last of the add_..._objects().
void hold_to_declared_objects(ObjectModel& model, const MeterParts& parts);

// Two defects of the shown list (weaknesses CONF_TYPE_VERSION and CONF_TYPE_RIGHTS): the clock
// claims another version; the serial number can be written by whoever may operate the meter.
void show_another_clock_version(ObjectModel& model);
void let_serial_number_be_written(ObjectModel& model, const std::vector<Role>& roles);

// A value of the type that says nothing.
cosem::Data skeleton_value(const cosem::classes::Type& type);

}  // namespace meterproof::simulated
