// The simulated meter's objects held against the tables of interface classes: every class and
// version has a table, every attribute and method is of the class, and none of the class's
// attributes is forgotten.
#pragma once

#include <string>
#include <vector>

#include "devices/simulated/meter/object_model.hpp"

namespace meterproof::simulated {

// "Clock v0 0-0:1.0.0.255: has no attribute 10"; empty when all is well.
std::vector<std::string> model_deviations(const std::vector<Object>& objects);
}  // namespace meterproof::simulated
