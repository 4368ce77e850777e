// Interface classes that set up ports and modems: IEC 62056-6-2 4.7.1 to 4.7.6.
#include "devices/cosem/classes/families.hpp"

namespace meterproof::cosem::classes {
namespace {

constexpr AttributeEntry k_local_port_attributes[] = {
    k_logical_name,
    {2, "default_mode", k_static, "enum(0..2)"},
    {3, "default_baud", k_static, "$baud"},
    {4, "prop_baud", k_static, "$baud"},
    {5, "response_time", k_static, "enum(0..1)"},
    {6, "device_addr", k_static, "octet-string"},
    {7, "pass_p1", k_static, "octet-string"},
    {8, "pass_p2", k_static, "octet-string"},
    {9, "pass_w5", k_static, "octet-string"},
};

constexpr AttributeEntry k_hdlc_setup_v0_attributes[] = {
    k_logical_name,
    {2, "comm_speed", k_static, "$baud"},
    {3, "window_size_transmit", k_static, "unsigned(1..7)"},
    {4, "window_size_receive", k_static, "unsigned(1..7)"},
    {5, "max_info_field_length_transmit", k_static, "unsigned(32..128) | long-unsigned(32..128)"},
    {6, "max_info_field_length_receive", k_static, "unsigned(32..128) | long-unsigned(32..128)"},
    {7, "inter_octet_time_out", k_static, "long-unsigned"},
    {8, "inactivity_time_out", k_static, "long-unsigned"},
    {9, "device_address", k_static, "long-unsigned"},
};
constexpr AttributeEntry k_hdlc_setup_v1_attributes[] = {
    k_logical_name,
    {2, "comm_speed", k_static, "$baud"},
    {3, "window_size_transmit", k_static, "unsigned(1..7)"},
    {4, "window_size_receive", k_static, "unsigned(1..7)"},
    {5, "max_info_field_length_transmit", k_static, "long-unsigned(32..2030)"},
    {6, "max_info_field_length_receive", k_static, "long-unsigned(32..2030)"},
    {7, "inter_octet_time_out", k_static, "long-unsigned(20..6000)"},
    {8, "inactivity_time_out", k_static, "long-unsigned"},
    {9, "device_address", k_static, "long-unsigned(16..16383)"},
};

constexpr AttributeEntry k_twisted_pair_v0_attributes[] = {
    k_logical_name,
    {2, "secondary_address", k_static, "octet-string"},
    {3, "primary_address_list", k_static, "array of unsigned"},
    {4, "tabi_list", k_static, "array of integer"},
    {5, "fatal_error", k_dynamic, "enum"},
};
constexpr AttributeEntry k_twisted_pair_v1_attributes[] = {
    k_logical_name,
    {2, "mode", k_static, "enum"},
    {3, "speed", k_static, "enum"},
    {4, "primary_address_list", k_static, "array of unsigned"},
    {5, "tabi_list", k_static, "array of integer"},
};

constexpr AttributeEntry k_modem_v0_attributes[] = {
    k_logical_name,
    {2, "comm_speed", k_static, "$baud"},
    {3, "initialization_string", k_static,
     "array of <structure{request: octet-string, response: octet-string} | structure{request: "
     "octet-string, response: octet-string, delay_after_response: long-unsigned}>"},
    {4, "modem_profile", k_static, "array of octet-string"},
};
constexpr AttributeEntry k_modem_v1_attributes[] = {
    k_logical_name,
    {2, "comm_speed", k_static, "$baud"},
    {3, "initialization_string", k_static,
     "array of structure{request: octet-string, response: octet-string, delay_after_response: "
     "long-unsigned}"},
    {4, "modem_profile", k_static, "array of octet-string"},
};

constexpr std::string_view k_number_of_rings =
    "structure{nr_rings_in_window: unsigned, nr_rings_out_of_window: unsigned}";
constexpr AttributeEntry k_auto_answer_v0_attributes[] = {
    k_logical_name,
    {2, "mode", k_static, "enum(0..3,200..255)"},
    {3, "listening_window", k_static, "array of $window_element"},
    {4, "status", k_dynamic, "enum(0..2)"},
    {5, "number_of_calls", k_static, "unsigned"},
    {6, "number_of_rings", k_static, k_number_of_rings},
};
constexpr AttributeEntry k_auto_answer_v2_attributes[] = {
    k_logical_name,
    {2, "mode", k_static, "enum(0..3,200..255)"},
    {3, "listening_window", k_static, "array of $window_element"},
    {4, "status", k_dynamic, "enum(0..2)"},
    {5, "number_of_calls", k_static, "unsigned"},
    {6, "number_of_rings", k_static, k_number_of_rings},
    {7, "list_of_allowed_callers", k_static,
     "array of structure{caller_id: octet-string, call_type: enum}"},
};

constexpr AttributeEntry k_auto_dial_v0_attributes[] = {
    k_logical_name,
    {2, "mode", k_static, "enum"},
    {3, "repetitions", k_static, "unsigned"},
    {4, "repetition_delay", k_static, "long-unsigned"},
    {5, "calling_window", k_static, "array of $window_element"},
    {6, "phone_list", k_static, "array of octet-string"},
};
constexpr AttributeEntry k_auto_connect_attributes[] = {
    k_logical_name,
    {2, "mode", k_static, "enum(0..6,101..104,200..255)"},
    {3, "repetitions", k_static, "unsigned"},
    {4, "repetition_delay", k_static, "long-unsigned"},
    {5, "calling_window", k_static, "array of $window_element"},
    {6, "destination_list", k_static, "array of octet-string"},
};
constexpr MethodEntry k_auto_connect_v2_methods[] = {
    {1, "connect", k_optional, k_integer_zero, "", k_offset_unknown}};

constexpr std::string_view k_previous_port = "IEC 62056-6-2:2017 clause 5 (previous versions)";

constexpr InterfaceClass k_local_ports[] = {
    {19,
     0,
     "IEC local port setup",
     k_local_port_attributes,
     {},
     Certainty::probable,
     k_previous_port,
     "taken to be version 1, which only added modes"},
    {19,
     1,
     "IEC local port setup",
     k_local_port_attributes,
     {},
     Certainty::certain,
     "IEC 62056-6-2:2017 4.7.1",
     ""},
    {23,
     0,
     "IEC HDLC setup",
     k_hdlc_setup_v0_attributes,
     {},
     Certainty::probable,
     k_previous_port,
     "type of the information field lengths"},
    {23,
     1,
     "IEC HDLC setup",
     k_hdlc_setup_v1_attributes,
     {},
     Certainty::certain,
     "IEC 62056-6-2:2017 4.7.2",
     ""},
    {24,
     0,
     "IEC twisted pair (1) setup",
     k_twisted_pair_v0_attributes,
     {},
     Certainty::probable,
     k_previous_port,
     "names and order of the attributes"},
    {24,
     1,
     "IEC twisted pair (1) setup",
     k_twisted_pair_v1_attributes,
     {},
     Certainty::probable,
     "IEC 62056-6-2:2017 4.7.3",
     "values of mode and speed"},
    {27,
     0,
     "PSTN modem configuration",
     k_modem_v0_attributes,
     {},
     Certainty::probable,
     k_previous_port,
     "whether initialization strings have a delay"},
    {27,
     1,
     "Modem configuration",
     k_modem_v1_attributes,
     {},
     Certainty::certain,
     "IEC 62056-6-2:2017 4.7.4",
     ""},
    {28,
     0,
     "PSTN auto answer",
     k_auto_answer_v0_attributes,
     {},
     Certainty::probable,
     k_previous_port,
     "ranges of the enumerations"},
    {28,
     2,
     "Auto answer",
     k_auto_answer_v2_attributes,
     {},
     Certainty::probable,
     "IEC 62056-6-2:2017 4.7.5",
     "ranges of the enumerations"},
    {29,
     0,
     "PSTN auto dial",
     k_auto_dial_v0_attributes,
     {},
     Certainty::probable,
     k_previous_port,
     "values of mode"},
    {29,
     1,
     "Auto connect",
     k_auto_connect_attributes,
     {},
     Certainty::certain,
     "IEC 62056-6-2:2013 (version 1)",
     ""},
    {29, 2, "Auto connect", k_auto_connect_attributes, k_auto_connect_v2_methods,
     Certainty::probable, "IEC 62056-6-2:2017 4.7.6", "short-name offset of connect"},
};

}  // namespace

std::span<const InterfaceClass> local_port_classes() { return k_local_ports; }

}  // namespace meterproof::cosem::classes
