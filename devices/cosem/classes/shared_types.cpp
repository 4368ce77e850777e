#include "devices/cosem/classes/shared_types.hpp"

#include <array>

namespace meterproof::cosem::classes {
namespace {

constexpr std::array k_shared_types{
    SharedType{"scaler_unit", "structure{scaler: integer, unit: enum}"},
    // The CHOICE of Register.value (4.3.2.2.2); the other registers have it too.
    SharedType{
        "register_value",
        "null-data | bit-string | double-long | double-long-unsigned | octet-string | "
        "visible-string | utf8-string | integer | long | unsigned | long-unsigned | long64 | "
        "long64-unsigned | float32 | float64"},
    SharedType{"status",
               "null-data | bit-string | double-long-unsigned | octet-string | "
               "visible-string | utf8-string | unsigned | long-unsigned | "
               "long64-unsigned"},
    SharedType{"simple",
               "null-data | boolean | bit-string | double-long | double-long-unsigned | "
               "octet-string | visible-string | utf8-string | bcd | integer | long | unsigned | "
               "long-unsigned | long64 | long64-unsigned | enum | float32 | float64 | date-time | "
               "date | time"},
    SharedType{"capture_object",
               "structure{class_id: long-unsigned, logical_name: logical-name, attribute_index: "
               "integer, data_index: long-unsigned}"},
    SharedType{"value_definition",
               "structure{class_id: long-unsigned, logical_name: logical-name, attribute_index: "
               "integer}"},
    SharedType{"script_action",
               "structure{script_logical_name: logical-name, script_selector: long-unsigned}"},
    SharedType{"action_set", "structure{action_up: $script_action, action_down: $script_action}"},
    SharedType{"window_element",
               "structure{start_time: octet-date-time, end_time: octet-date-time}"},
    SharedType{"restriction_element",
               "structure{restriction_type: enum(0..2), restriction_value: null-data | "
               "structure{from: any, to: any}}"},
    SharedType{"restricted_object",
               "structure{class_id: long-unsigned, logical_name: logical-name, attribute_index: "
               "integer, data_index: long-unsigned, restriction: $restriction_element}"},
    SharedType{"schedule_entry",
               "structure{index: long-unsigned, enable: boolean, script_logical_name: "
               "logical-name, script_selector: long-unsigned, switch_time: octet-time, "
               "validity_window: long-unsigned, exec_weekdays: bit-string, exec_specdays: "
               "bit-string, begin_date: octet-date, end_date: octet-date}"},
    SharedType{"special_day",
               "structure{index: long-unsigned, specialday_date: octet-date, day_id: unsigned}"},
    SharedType{"season_profile",
               "array of structure{season_profile_name: octet-string, season_start: "
               "octet-date-time, week_name: octet-string}"},
    SharedType{"week_profile_table",
               "array of structure{week_profile_name: octet-string, monday: unsigned, tuesday: "
               "unsigned, wednesday: unsigned, thursday: unsigned, friday: unsigned, saturday: "
               "unsigned, sunday: unsigned}"},
    SharedType{"day_profile_table",
               "array of structure{day_id: unsigned, day_schedule: array of structure{start_time: "
               "octet-time, script_logical_name: logical-name, script_selector: long-unsigned}}"},
    SharedType{"user", "structure{user_id: unsigned, user_name: visible-string}"},
    // Names of contexts and mechanisms: the arcs one by one, or the BER of the object identifier.
    SharedType{
        "object_identifier",
        "octet-string(7) | structure{joint_iso_ctt_element: unsigned, country_element: "
        "unsigned, country_name_element: long-unsigned, identified_organization_element: "
        "unsigned, DLMS_UA_element: unsigned, kind_element: unsigned, id_element: unsigned}"},
    SharedType{"xdlms_context",
               "structure{conformance: bit-string(24), max_receive_pdu_size: long-unsigned, "
               "max_send_pdu_size: long-unsigned, dlms_version_number: unsigned, "
               "quality_of_service: integer, cyphering_info: octet-string}"},
    SharedType{"baud", "enum(0..9)"},
    SharedType{"unit_charge",
               "structure{charge_per_unit_scaling: structure{commodity_scale: integer, "
               "price_scale: integer}, commodity_reference: $value_definition, charge_table: "
               "array of structure{index: octet-string, charge_per_unit: long}}"},
};

}  // namespace

std::span<const SharedType> shared_types() { return k_shared_types; }

}  // namespace meterproof::cosem::classes
