// Push setup: IEC 62056-6-2 4.4.8. Each version adds attributes; version 2 also turns
// repetition_delay into a structure.
#include "devices/cosem/classes/families.hpp"

namespace meterproof::cosem::classes {
namespace {

// Transport services 0 TCP, 1 UDP, 2 FTP, 3 SMTP, 4 SMS, 5 HDLC, 6 M-Bus, 7 ZigBee, 8 gateway,
// 9 and 10 CoAP, 200..255 the manufacturer's; messages 0 A-XDR, 1 XML, 128..255 the manufacturer's.
constexpr std::string_view k_destination =
    "structure{transport_service: enum(0..10,200..255), destination: octet-string, message: "
    "enum(0,1,128..255)}";
constexpr std::string_view k_window = "array of $window_element";
constexpr std::string_view k_push_protection =
    "array of structure{protection_type: enum(0..3), protection_options: structure}";

constexpr AttributeEntry k_push_v0_attributes[] = {
    k_logical_name,
    {2, "push_object_list", k_static, "array of $capture_object"},
    {3, "send_destination_and_method", k_static, k_destination},
    {4, "communication_window", k_static, k_window},
    {5, "randomisation_start_interval", k_static, "long-unsigned"},
    {6, "number_of_retries", k_static, "unsigned"},
    {7, "repetition_delay", k_static, "long-unsigned"},
};
constexpr AttributeEntry k_push_v1_attributes[] = {
    k_logical_name,
    {2, "push_object_list", k_static, "array of <$capture_object | $restricted_object>"},
    {3, "send_destination_and_method", k_static, k_destination},
    {4, "communication_window", k_static, k_window},
    {5, "randomisation_start_interval", k_static, "long-unsigned"},
    {6, "number_of_retries", k_static, "unsigned"},
    {7, "repetition_delay", k_static, "long-unsigned"},
    {8, "port_reference", k_static, "logical-name"},
    {9, "push_client_SAP", k_static, "integer"},
    {10, "push_protection_parameters", k_static, k_push_protection},
};
constexpr AttributeEntry k_push_v2_attributes[] = {
    k_logical_name,
    {2, "push_object_list", k_static, "array of $restricted_object"},
    {3, "send_destination_and_method", k_static, k_destination},
    {4, "communication_window", k_static, k_window},
    {5, "randomisation_start_interval", k_static, "long-unsigned"},
    {6, "number_of_retries", k_static, "unsigned"},
    {7, "repetition_delay", k_static,
     "structure{repetition_delay_min: long-unsigned, repetition_delay_exponent: long-unsigned, "
     "repetition_delay_max: long-unsigned}"},
    {8, "port_reference", k_static, "logical-name"},
    {9, "push_client_SAP", k_static, "integer"},
    {10, "push_protection_parameters", k_static, k_push_protection},
    {11, "push_operation_method", k_static, "enum(0..2)"},
    {12, "confirmation_parameters", k_static,
     "structure{confirmation_start_date: octet-date-time | date-time, confirmation_interval: "
     "double-long-unsigned}"},
    {13, "last_confirmation_date_time", k_dynamic, "octet-date-time | date-time"},
};
constexpr MethodEntry k_push_v0_methods[] = {{1, "push", k_mandatory, k_integer_zero, "", 0x38}};
constexpr MethodEntry k_push_v1_methods[] = {
    {1, "push", k_mandatory, k_integer_zero, "", k_offset_unknown}};
constexpr MethodEntry k_push_v2_methods[] = {
    {1, "push", k_mandatory, k_integer_zero, "", k_offset_unknown},
    {2, "reset", k_optional, k_integer_zero, "", k_offset_unknown},
};

constexpr InterfaceClass k_push[] = {
    {40, 0, "Push setup", k_push_v0_attributes, k_push_v0_methods, Certainty::certain,
     "IEC 62056-6-2:2017 4.4.8 (version 0)", ""},
    {40, 1, "Push setup", k_push_v1_attributes, k_push_v1_methods, Certainty::partial,
     "DLMS UA 1000-1 Ed. 13 4.4.8 (version 1)",
     "whether push objects carry a restriction; protection_options are left open; short-name "
     "offsets of methods"},
    {40, 2, "Push setup", k_push_v2_attributes, k_push_v2_methods, Certainty::partial,
     "IEC 62056-6-2:2021 4.4.8 (version 2)",
     "protection_options are left open; whether the dates are octet-string or date-time; "
     "short-name offsets of methods"},
};

}  // namespace

std::span<const InterfaceClass> push_classes() { return k_push; }

}  // namespace meterproof::cosem::classes
