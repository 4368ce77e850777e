// Interface classes for storing data: IEC 62056-6-2 4.3.
#include "devices/cosem/classes/families.hpp"

namespace meterproof::cosem::classes {
namespace {

constexpr AttributeEntry k_data_attributes[] = {k_logical_name, {2, "value", k_dynamic, "any"}};

constexpr AttributeEntry k_register_attributes[] = {
    k_logical_name,
    {2, "value", k_dynamic, "$register_value"},
    {3, "scaler_unit", k_static, "$scaler_unit"},
};
constexpr MethodEntry k_register_methods[] = {{1, "reset", k_optional, k_integer_zero, "", 0x28}};

constexpr AttributeEntry k_extended_register_attributes[] = {
    k_logical_name,
    {2, "value", k_dynamic, "$register_value"},
    {3, "scaler_unit", k_static, "$scaler_unit"},
    {4, "status", k_dynamic, "$status"},
    {5, "capture_time", k_dynamic, "octet-date-time"},
};
constexpr MethodEntry k_extended_register_methods[] = {
    {1, "reset", k_optional, k_integer_zero, "", 0x38}};

constexpr AttributeEntry k_demand_register_attributes[] = {
    k_logical_name,
    {2, "current_average_value", k_dynamic, "$register_value"},
    {3, "last_average_value", k_dynamic, "$register_value"},
    {4, "scaler_unit", k_static, "$scaler_unit"},
    {5, "status", k_dynamic, "$status"},
    {6, "capture_time", k_dynamic, "octet-date-time"},
    {7, "start_time_current", k_dynamic, "octet-date-time"},
    {8, "period", k_static, "double-long-unsigned"},
    {9, "number_of_periods", k_static, "long-unsigned(1..65535)"},
};
constexpr MethodEntry k_demand_register_methods[] = {
    {1, "reset", k_optional, k_integer_zero, "", 0x48},
    {2, "next_period", k_optional, k_integer_zero, "", 0x50},
};

constexpr AttributeEntry k_register_activation_attributes[] = {
    k_logical_name,
    {2, "register_assignment", k_static,
     "array of structure{class_id: long-unsigned, logical_name: logical-name}"},
    {3, "mask_list", k_static,
     "array of structure{mask_name: octet-string, index_list: array of unsigned}"},
    {4, "active_mask", k_dynamic, "octet-string"},
};
constexpr MethodEntry k_register_activation_methods[] = {
    {1, "add_register", k_optional,
     "structure{class_id: long-unsigned, logical_name: logical-name}", "", 0x30},
    {2, "add_mask", k_optional, "structure{mask_name: octet-string, index_list: array of unsigned}",
     "", 0x38},
    {3, "delete_mask", k_optional, "octet-string", "", 0x40},
};

constexpr AttributeEntry k_profile_attributes[] = {
    k_logical_name,
    {2, "buffer", k_dynamic, "array of <structure | null-data>"},
    {3, "capture_objects", k_static, "array of $capture_object"},
    {4, "capture_period", k_static, "double-long-unsigned"},
    {5, "sort_method", k_static, "enum(1..6)"},
    {6, "sort_object", k_static, "$capture_object"},
    {7, "entries_in_use", k_dynamic, "double-long-unsigned"},
    {8, "profile_entries", k_static, "double-long-unsigned"},
};
constexpr MethodEntry k_profile_methods[] = {
    {1, "reset", k_optional, k_integer_zero, "", 0x58},
    {2, "capture", k_optional, k_integer_zero, "", 0x60},
};

constexpr AttributeEntry k_profile_v0_attributes[] = {
    k_logical_name,
    {2, "buffer", k_dynamic, "array of <structure | null-data>"},
    {3, "capture_objects", k_static, "array of <$value_definition | $capture_object>"},
    {4, "capture_period", k_static, "double-long-unsigned"},
    {5, "sort_method", k_static, "enum(1..6)"},
    {6, "sort_object", k_static, "$value_definition | $capture_object"},
    {7, "entries_in_use", k_dynamic, "double-long-unsigned"},
    {8, "profile_entries", k_static, "double-long-unsigned"},
};
constexpr MethodEntry k_profile_v0_methods[] = {
    {1, "reset", k_optional, k_integer_zero, "", 0x58},
    {2, "capture", k_optional, k_integer_zero, "", 0x60},
    {3, "get_buffer_by_range", k_optional, "any", "any", 0x68},
    {4, "get_buffer_by_index", k_optional, "any", "any", 0x70},
};

constexpr AttributeEntry k_utility_tables_attributes[] = {
    k_logical_name,
    {2, "table_ID", k_static, "long-unsigned"},
    {3, "length", k_dynamic, "double-long-unsigned"},
    {4, "buffer", k_dynamic, "octet-string"},
};

constexpr AttributeEntry k_register_table_attributes[] = {
    k_logical_name,
    {2, "table_cell_values", k_dynamic, "array of any"},
    {3, "table_cell_definition", k_static,
     "structure{class_id: long-unsigned, logical_name: logical-name, group_E_values: array of "
     "unsigned, attribute_index: integer}"},
    {4, "scaler_unit", k_static, "$scaler_unit"},
};
constexpr MethodEntry k_register_table_methods[] = {
    {1, "reset", k_optional, k_integer_zero, "", 0x28},
    {2, "capture", k_optional, k_integer_zero, "", 0x30},
};

constexpr AttributeEntry k_status_mapping_attributes[] = {
    k_logical_name,
    {2, "status_word", k_dynamic,
     "bit-string | double-long-unsigned | octet-string | visible-string | utf8-string | unsigned | "
     "long-unsigned | long64-unsigned"},
    {3, "mapping_table", k_static,
     "structure{ref_table_id: unsigned, ref_table_mapping: long-unsigned | array of "
     "long-unsigned}"},
};

constexpr AttributeEntry k_compact_data_attributes[] = {
    k_logical_name,
    {2, "compact_buffer", k_dynamic, "octet-string"},
    {3, "capture_objects", k_static, "array of $capture_object"},
    {4, "template_id", k_static, "unsigned"},
    {5, "template_description", k_dynamic, "octet-string"},
    {6, "capture_method", k_static, "enum(0..1)"},
};
constexpr AttributeEntry k_compact_data_v1_attributes[] = {
    k_logical_name,
    {2, "compact_buffer", k_dynamic, "octet-string"},
    {3, "capture_objects", k_static, "array of $restricted_object"},
    {4, "template_id", k_static, "unsigned"},
    {5, "template_description", k_dynamic, "octet-string"},
    {6, "capture_method", k_static, "enum(0..1)"},
};
constexpr MethodEntry k_compact_data_methods[] = {
    {1, "reset", k_optional, k_integer_zero, "", k_offset_unknown},
    {2, "capture", k_optional, k_integer_zero, "", k_offset_unknown},
};

constexpr InterfaceClass k_data_storage[] = {
    {1, 0, "Data", k_data_attributes, {}, Certainty::certain, "IEC 62056-6-2:2017 4.3.1", ""},
    {3, 0, "Register", k_register_attributes, k_register_methods, Certainty::certain,
     "IEC 62056-6-2:2017 4.3.2", ""},
    {4, 0, "Extended register", k_extended_register_attributes, k_extended_register_methods,
     Certainty::certain, "IEC 62056-6-2:2017 4.3.3", ""},
    {5, 0, "Demand register", k_demand_register_attributes, k_demand_register_methods,
     Certainty::certain, "IEC 62056-6-2:2017 4.3.4", ""},
    {6, 0, "Register activation", k_register_activation_attributes, k_register_activation_methods,
     Certainty::certain, "IEC 62056-6-2:2017 4.3.5", ""},
    {7, 0, "Profile generic", k_profile_v0_attributes, k_profile_v0_methods, Certainty::probable,
     "IEC 62056-6-2:2017 clause 5 (previous versions)",
     "whether capture objects have a data_index; parameters of the get_buffer methods are open"},
    {7, 1, "Profile generic", k_profile_attributes, k_profile_methods, Certainty::certain,
     "IEC 62056-6-2:2017 4.3.6", ""},
    {26,
     0,
     "Utility tables",
     k_utility_tables_attributes,
     {},
     Certainty::certain,
     "IEC 62056-6-2:2017 4.3.7",
     ""},
    {61, 0, "Register table", k_register_table_attributes, k_register_table_methods,
     Certainty::probable, "IEC 62056-6-2:2017 4.3.8", "types of the cells are left open"},
    {62, 0, "Compact data", k_compact_data_attributes, k_compact_data_methods, Certainty::probable,
     "IEC 62056-6-2:2017 4.3.10", "short-name offsets of the methods"},
    {62, 1, "Compact data", k_compact_data_v1_attributes, k_compact_data_methods,
     Certainty::probable, "DLMS UA 1000-1 Ed. 13 4.3.10",
     "short-name offsets of the methods; Ed. 14 adds columns to capture_objects of profiles"},
    {63,
     0,
     "Status mapping",
     k_status_mapping_attributes,
     {},
     Certainty::certain,
     "IEC 62056-6-2:2017 4.3.9",
     ""},
};

}  // namespace

std::span<const InterfaceClass> data_storage_classes() { return k_data_storage; }

}  // namespace meterproof::cosem::classes
