// The tables, a file a family.
#pragma once

#include <span>

#include "devices/cosem/classes/interface_class.hpp"

namespace meterproof::cosem::classes {

// What every class begins with.
inline constexpr AttributeEntry k_logical_name{1, "logical_name", k_static, "logical-name"};
// "integer (0)": the parameter of methods that need none.
inline constexpr std::string_view k_integer_zero = "integer(0)";

std::span<const InterfaceClass> data_storage_classes();    // IEC 62056-6-2 4.3
std::span<const InterfaceClass> association_classes();     // 4.4: associations
std::span<const InterfaceClass> access_control_classes();  // 4.4: the rest
std::span<const InterfaceClass> time_classes();            // 4.5: clock, scripts, schedules
std::span<const InterfaceClass> event_classes();           // 4.5: monitors, limiter, disconnect
std::span<const InterfaceClass> push_classes();            // 4.4.8
std::span<const InterfaceClass> local_port_classes();      // 4.7: ports and modems
std::span<const InterfaceClass> mobile_classes();          // 4.7: GPRS, GSM
std::span<const InterfaceClass> mbus_classes();            // 4.8
std::span<const InterfaceClass> internet_classes();        // 4.9
std::span<const InterfaceClass> payment_classes();         // 4.6

}  // namespace meterproof::cosem::classes
