// OBIS names: what a logical name means, in words (IEC 62056-6-1 value groups A to F), so that
// reports and tables can be read by people: 1-0:1.8.0.255 is "Active energy import (+A), total,
// time integral 1".
//
// Any six octets have a name; where the standard leaves a value to somebody else (manufacturer,
// utility, country) the name says so. The tables hold what we are certain of: electricity and the
// abstract objects whole, of gas, water and heat only the quantities that meters commonly show.
#pragma once

#include <string>

#include "devices/cosem/apdu.hpp"
#include "devices/cosem/logical_name.hpp"

namespace meterproof::cosem::classes {

std::string obis_name(const LogicalName& name);
// "electricity", "gas", "abstract objects"; "medium 12" for those that have no name.
std::string medium_name(std::uint8_t group_a);

// The one way in which reports, steps and error texts name an attribute or a method:
// "Register 1-0:1.8.0.255 (Active energy import (+A), total, time integral 1), value".
std::string describe(const AttributeDescriptor& attribute);
std::string describe(const MethodDescriptor& method);

}  // namespace meterproof::cosem::classes
