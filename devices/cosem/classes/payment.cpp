// Payment metering: IEC 62056-6-2 4.6.
#include "devices/cosem/classes/families.hpp"

namespace meterproof::cosem::classes {
namespace {

constexpr AttributeEntry k_account_attributes[] = {
    k_logical_name,
    {2, "account_mode_and_status", k_dynamic,
     "structure{payment_mode: enum(1..2), account_status: enum(1..3)}"},
    {3, "current_credit_in_use", k_dynamic, "unsigned"},
    {4, "current_credit_status", k_dynamic, "bit-string"},
    {5, "available_credit", k_dynamic, "double-long"},
    {6, "amount_to_clear", k_dynamic, "double-long"},
    {7, "clearance_threshold", k_static, "double-long"},
    {8, "aggregated_debt", k_dynamic, "double-long"},
    {9, "credit_reference_list", k_static, "array of logical-name"},
    {10, "charge_reference_list", k_static, "array of logical-name"},
    {11, "credit_charge_configuration", k_static,
     "array of structure{credit_reference: logical-name, charge_reference: logical-name, "
     "collection_configuration: bit-string}"},
    {12, "token_gateway_configuration", k_static,
     "array of structure{credit_reference: logical-name, token_proportion: unsigned(0..100)}"},
    {13, "account_activation_time", k_static, "octet-date-time"},
    {14, "account_closure_time", k_static, "octet-date-time"},
    {15, "currency", k_static,
     "structure{currency_name: utf8-string, currency_scale: integer, currency_unit: enum(0..2)}"},
    {16, "low_credit_threshold", k_static, "double-long"},
    {17, "next_credit_available_threshold", k_static, "double-long"},
    {18, "max_provision", k_static, "long-unsigned"},
    {19, "max_provision_period", k_static, "double-long"},
};
constexpr MethodEntry k_account_methods[] = {
    {1, "activate_account", k_optional, k_integer_zero, "", k_offset_unknown},
    {2, "close_account", k_optional, k_integer_zero, "", k_offset_unknown},
    {3, "reset_account", k_optional, k_integer_zero, "", k_offset_unknown},
};

constexpr AttributeEntry k_credit_attributes[] = {
    k_logical_name,
    {2, "current_credit_amount", k_dynamic, "double-long"},
    {3, "credit_type", k_static, "enum(0..4)"},
    {4, "priority", k_static, "unsigned"},
    {5, "warning_threshold", k_static, "double-long"},
    {6, "limit", k_static, "double-long"},
    {7, "credit_configuration", k_static, "bit-string"},
    {8, "credit_status", k_dynamic, "enum(0..4)"},
    {9, "preset_credit_amount", k_static, "double-long"},
    {10, "credit_available_threshold", k_static, "double-long"},
    {11, "period", k_static, "octet-date-time"},
};
constexpr MethodEntry k_credit_methods[] = {
    {1, "update_amount", k_optional, "double-long", "", k_offset_unknown},
    {2, "set_amount_to_value", k_optional, "double-long", "", k_offset_unknown},
    {3, "invoke_credit", k_optional, k_integer_zero, "", k_offset_unknown},
};

constexpr AttributeEntry k_charge_attributes[] = {
    k_logical_name,
    {2, "total_amount_paid", k_dynamic, "double-long"},
    {3, "charge_type", k_static, "enum(0..2)"},
    {4, "priority", k_static, "unsigned"},
    {5, "unit_charge_active", k_static, "$unit_charge"},
    {6, "unit_charge_passive", k_static, "$unit_charge"},
    {7, "unit_charge_activation_time", k_static, "octet-date-time"},
    {8, "period", k_static, "double-long-unsigned"},
    {9, "charge_configuration", k_static, "bit-string"},
    {10, "last_collection_time", k_dynamic, "octet-date-time"},
    {11, "last_collection_amount", k_dynamic, "double-long"},
    {12, "total_amount_remaining", k_dynamic, "double-long"},
    {13, "proportion", k_static, "long-unsigned(0..10000)"},
};
constexpr MethodEntry k_charge_methods[] = {
    {1, "update_unit_charge", k_optional,
     "array of structure{index: octet-string, charge_per_unit: long}", "", k_offset_unknown},
    {2, "activate_passive_unit_charge", k_optional, k_integer_zero, "", k_offset_unknown},
    {3, "collect", k_optional, k_integer_zero, "", k_offset_unknown},
    {4, "update_total_amount_remaining", k_optional, "double-long", "", k_offset_unknown},
    {5, "set_total_amount_remaining", k_optional, "double-long", "", k_offset_unknown},
};

constexpr std::string_view k_token_status = "structure{status_code: enum, data_value: bit-string}";
constexpr AttributeEntry k_token_gateway_attributes[] = {
    k_logical_name,
    {2, "token", k_dynamic, "octet-string"},
    {3, "token_time", k_dynamic, "octet-date-time"},
    {4, "token_description", k_dynamic, "array of octet-string"},
    {5, "token_delivery_method", k_dynamic, "enum"},
    {6, "token_status", k_dynamic, k_token_status},
};
constexpr MethodEntry k_token_gateway_methods[] = {
    {1, "enter", k_optional, "octet-string", k_token_status, k_offset_unknown}};

constexpr AttributeEntry k_sts_attributes[] = {
    k_logical_name,
    {2, "meter_PAN", k_static, "structure"},
    {3, "commodity", k_static, "any"},
    {4, "token_carrier_types", k_static, "array of any"},
    {5, "encryption_algorithm", k_static, "unsigned"},
    {6, "supply_group_code", k_static, "double-long-unsigned"},
    {7, "tariff_index", k_static, "unsigned"},
    {8, "key_revision_number", k_static, "unsigned"},
    {9, "key_type", k_static, "unsigned"},
    {10, "key_expiry_number", k_static, "unsigned"},
    {11, "no_of_kct_supported", k_static, "unsigned"},
    {12, "sts_certificate_no", k_static, "any"},
};

constexpr InterfaceClass k_payment[] = {
    {111, 0, "Account", k_account_attributes, k_account_methods, Certainty::probable,
     "IEC 62056-6-2:2017 4.6.2", "short-name offsets of methods"},
    {112, 0, "Credit", k_credit_attributes, k_credit_methods, Certainty::probable,
     "IEC 62056-6-2:2017 4.6.3", "short-name offsets of methods"},
    {113, 0, "Charge", k_charge_attributes, k_charge_methods, Certainty::probable,
     "IEC 62056-6-2:2017 4.6.4", "short-name offsets of methods"},
    {115, 0, "Token gateway", k_token_gateway_attributes, k_token_gateway_methods,
     Certainty::probable, "IEC 62056-6-2:2017 4.6.5",
     "values of the enumerations; short-name offset of enter"},
    {116,
     0,
     "IEC 62055-41 attributes",
     k_sts_attributes,
     {},
     Certainty::partial,
     "DLMS UA 1000-1 Ed. 13 (class 116)",
     "types marked any, and the fields of meter_PAN"},
};

}  // namespace

std::span<const InterfaceClass> payment_classes() { return k_payment; }

}  // namespace meterproof::cosem::classes
