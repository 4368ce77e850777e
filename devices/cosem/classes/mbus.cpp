// Interface classes of M-Bus: IEC 62056-6-2 4.8.
#include "devices/cosem/classes/families.hpp"

namespace meterproof::cosem::classes {
namespace {

constexpr AttributeEntry k_mbus_slave_port_attributes[] = {
    k_logical_name,
    {2, "default_baud", k_static, "$baud"},
    {3, "avail_baud", k_static, "$baud"},
    {4, "addr_state", k_static, "enum(0..1)"},
    {5, "bus_address", k_static, "unsigned"},
};

constexpr std::string_view k_mbus_capture_definition =
    "array of structure{data_information_block: octet-string, value_information_block: "
    "octet-string}";
constexpr std::string_view k_mbus_data =
    "array of structure{data_information_block: octet-string, value_information_block: "
    "octet-string, data: any}";

constexpr AttributeEntry k_mbus_client_v0_attributes[] = {
    k_logical_name,
    {2, "mbus_port_reference", k_static, "logical-name"},
    {3, "capture_definition", k_static, k_mbus_capture_definition},
    {4, "capture_period", k_static, "double-long-unsigned"},
    {5, "primary_address", k_dynamic, "unsigned"},
    {6, "identification_number", k_dynamic, "double-long-unsigned"},
    {7, "manufacturer_id", k_dynamic, "long-unsigned"},
    {8, "version", k_dynamic, "unsigned"},
    {9, "device_type", k_dynamic, "unsigned"},
    {10, "access_number", k_dynamic, "unsigned"},
    {11, "status", k_dynamic, "unsigned"},
    {12, "alarm", k_dynamic, "unsigned"},
};
constexpr MethodEntry k_mbus_client_v0_methods[] = {
    {1, "slave_install", k_optional, k_integer_zero, "", 0x60},
    {2, "slave_deinstall", k_optional, k_integer_zero, "", 0x68},
    {3, "capture", k_optional, k_integer_zero, "", 0x70},
    {4, "reset_alarm", k_optional, k_integer_zero, "", 0x78},
    {5, "synchronize_clock", k_optional, k_integer_zero, "", 0x80},
    {6, "data_send", k_optional, k_mbus_data, "", 0x88},
    {7, "set_encryption_key", k_optional, "octet-string", "", 0x90},
    {8, "transfer_key", k_optional, "octet-string", "", 0x98},
};
constexpr AttributeEntry k_mbus_client_v1_attributes[] = {
    k_logical_name,
    {2, "mbus_port_reference", k_static, "logical-name"},
    {3, "capture_definition", k_static, k_mbus_capture_definition},
    {4, "capture_period", k_static, "double-long-unsigned"},
    {5, "primary_address", k_dynamic, "unsigned"},
    {6, "identification_number", k_dynamic, "double-long-unsigned"},
    {7, "manufacturer_id", k_dynamic, "long-unsigned"},
    {8, "version", k_dynamic, "unsigned"},
    {9, "device_type", k_dynamic, "unsigned"},
    {10, "access_number", k_dynamic, "unsigned"},
    {11, "status", k_dynamic, "unsigned"},
    {12, "alarm", k_dynamic, "unsigned"},
    {13, "configuration", k_dynamic, "long-unsigned"},
    {14, "encryption_key_status", k_dynamic, "enum(0..4)"},
};
// slave_install takes the primary address, or 0 to have one chosen.
constexpr MethodEntry k_mbus_client_v1_methods[] = {
    {1, "slave_install", k_optional, "unsigned | integer", "", 0x70},
    {2, "slave_deinstall", k_optional, k_integer_zero, "", 0x78},
    {3, "capture", k_optional, k_integer_zero, "", 0x80},
    {4, "reset_alarm", k_optional, k_integer_zero, "", 0x88},
    {5, "synchronize_clock", k_optional, k_integer_zero, "", 0x90},
    {6, "data_send", k_optional, k_mbus_data, "", 0x98},
    {7, "set_encryption_key", k_optional, "octet-string", "", 0xA0},
    {8, "transfer_key", k_optional, "octet-string", "", 0xA8},
};

constexpr InterfaceClass k_mbus[] = {
    {25,
     0,
     "M-Bus slave port setup",
     k_mbus_slave_port_attributes,
     {},
     Certainty::certain,
     "IEC 62056-6-2:2017 4.8.2",
     ""},
    {72, 0, "M-Bus client", k_mbus_client_v0_attributes, k_mbus_client_v0_methods,
     Certainty::certain, "IEC 62056-6-2:2013 (version 0)", ""},
    {72, 1, "M-Bus client", k_mbus_client_v1_attributes, k_mbus_client_v1_methods,
     Certainty::probable, "IEC 62056-6-2:2017 4.8.3", "type of slave_install's parameter"},
};

}  // namespace

std::span<const InterfaceClass> mbus_classes() { return k_mbus; }

}  // namespace meterproof::cosem::classes
