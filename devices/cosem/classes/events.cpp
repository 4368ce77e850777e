// Interface classes bound by events: monitors, disconnect control, limiter, sensors, arbitrator:
// IEC 62056-6-2 4.5.6 and 4.5.8 to 4.5.12.
#include "devices/cosem/classes/families.hpp"

namespace meterproof::cosem::classes {
namespace {

constexpr AttributeEntry k_register_monitor_attributes[] = {
    k_logical_name,
    {2, "thresholds", k_static, "array of <$simple>"},
    {3, "monitored_value", k_static, "$value_definition"},
    {4, "actions", k_static, "array of $action_set"},
};

constexpr AttributeEntry k_disconnect_control_attributes[] = {
    k_logical_name,
    {2, "output_state", k_dynamic, "boolean"},
    {3, "control_state", k_dynamic, "enum(0..2)"},
    {4, "control_mode", k_static, "enum(0..6)"},
};
constexpr MethodEntry k_disconnect_control_methods[] = {
    {1, "remote_disconnect", k_mandatory, k_integer_zero, "", 0x20},
    {2, "remote_reconnect", k_mandatory, k_integer_zero, "", 0x28},
};

constexpr AttributeEntry k_limiter_attributes[] = {
    k_logical_name,
    {2, "monitored_value", k_static, "$value_definition"},
    {3, "threshold_active", k_dynamic, "$simple"},
    {4, "threshold_normal", k_static, "$simple"},
    {5, "threshold_emergency", k_static, "$simple"},
    {6, "min_over_threshold_duration", k_static, "double-long-unsigned"},
    {7, "min_under_threshold_duration", k_static, "double-long-unsigned"},
    {8, "emergency_profile", k_static,
     "structure{emergency_profile_id: long-unsigned, emergency_activation_time: octet-date-time, "
     "emergency_duration: double-long-unsigned}"},
    {9, "emergency_profile_group_id_list", k_static, "array of long-unsigned"},
    {10, "emergency_profile_active", k_dynamic, "boolean"},
    {11, "actions", k_static,
     "structure{action_over_threshold: $script_action, action_under_threshold: $script_action}"},
};

constexpr std::string_view k_changed_parameter =
    "structure{class_id: long-unsigned, logical_name: logical-name, attribute_index: integer, "
    "attribute_value: any}";
constexpr AttributeEntry k_parameter_monitor_attributes[] = {
    k_logical_name,
    {2, "changed_parameter", k_dynamic, k_changed_parameter},
    {3, "capture_time", k_dynamic, "octet-date-time"},
    {4, "parameter_list", k_static, "array of $value_definition"},
};
constexpr AttributeEntry k_parameter_monitor_v1_attributes[] = {
    k_logical_name,
    {2, "changed_parameter", k_dynamic, k_changed_parameter},
    {3, "capture_time", k_dynamic, "octet-date-time"},
    {4, "parameter_list", k_static, "array of $value_definition"},
    {5, "parameter_list_name", k_static, "octet-string"},
    {6, "hash_algorithm_id", k_static, "enum"},
    {7, "parameter_value_digest", k_dynamic, "octet-string"},
    {8, "parameter_values", k_dynamic, "any"},
};
constexpr MethodEntry k_parameter_monitor_methods[] = {
    {1, "add_parameter", k_optional, "$value_definition", "", k_offset_unknown},
    {2, "delete_parameter", k_optional, "$value_definition", "", k_offset_unknown},
};

constexpr AttributeEntry k_sensor_manager_attributes[] = {
    k_logical_name,
    {2, "serial_number", k_static, "octet-string"},
    {3, "metrological_identification", k_static, "octet-string"},
    {4, "output_type", k_static, "enum"},
    {5, "adjustment_method", k_static, "octet-string"},
    {6, "sealing_method", k_static, "enum"},
    {7, "raw_value", k_dynamic, "$register_value"},
    {8, "scaler_unit", k_static, "$scaler_unit"},
    {9, "status", k_dynamic, "$status"},
    {10, "capture_time", k_dynamic, "octet-date-time"},
    {11, "raw_value_thresholds", k_static, "array of <$simple>"},
    {12, "raw_value_actions", k_static, "array of $action_set"},
    {13, "processed_value", k_static, "$value_definition"},
    {14, "processed_value_thresholds", k_static, "array of <$simple>"},
    {15, "processed_value_actions", k_static, "array of $action_set"},
};
constexpr MethodEntry k_sensor_manager_methods[] = {
    {1, "reset", k_optional, k_integer_zero, "", 0x80}};

constexpr AttributeEntry k_arbitrator_attributes[] = {
    k_logical_name,
    {2, "actions", k_static, "array of $script_action"},
    {3, "permissions_table", k_static, "array of bit-string"},
    {4, "weightings_table", k_static, "array of array of long-unsigned"},
    {5, "most_recent_requests_table", k_dynamic, "array of bit-string"},
    {6, "last_outcome", k_dynamic, "unsigned"},
};
constexpr MethodEntry k_arbitrator_methods[] = {
    {1, "request_action", k_mandatory,
     "structure{request_actor: unsigned, request_action_list: bit-string}", "", k_offset_unknown},
    {2, "reset", k_optional, k_integer_zero, "", k_offset_unknown},
};

constexpr InterfaceClass k_event_classes[] = {
    {21,
     0,
     "Register monitor",
     k_register_monitor_attributes,
     {},
     Certainty::certain,
     "IEC 62056-6-2:2017 4.5.6",
     ""},
    {65, 0, "Parameter monitor", k_parameter_monitor_attributes, k_parameter_monitor_methods,
     Certainty::probable, "IEC 62056-6-2:2017 4.5.10", "short-name offsets of the methods"},
    {65, 1, "Parameter monitor", k_parameter_monitor_v1_attributes, k_parameter_monitor_methods,
     Certainty::partial, "DLMS UA 1000-1 Ed. 13 4.5.10",
     "algorithms of hash_algorithm_id and type of parameter_values are open"},
    {67, 0, "Sensor manager", k_sensor_manager_attributes, k_sensor_manager_methods,
     Certainty::probable, "IEC 62056-6-2:2017 4.5.11",
     "values of output_type and sealing_method are open"},
    {68, 0, "Arbitrator", k_arbitrator_attributes, k_arbitrator_methods, Certainty::probable,
     "IEC 62056-6-2:2017 4.5.12", "short-name offsets and presence of the methods"},
    {70, 0, "Disconnect control", k_disconnect_control_attributes, k_disconnect_control_methods,
     Certainty::certain, "IEC 62056-6-2:2017 4.5.8", ""},
    {71,
     0,
     "Limiter",
     k_limiter_attributes,
     {},
     Certainty::certain,
     "IEC 62056-6-2:2017 4.5.9",
     ""},
};

}  // namespace

std::span<const InterfaceClass> event_classes() { return k_event_classes; }

}  // namespace meterproof::cosem::classes
