// Associations: IEC 62056-6-2 4.4.3 (short names) and 4.4.4 (logical names). Between the versions
// of class 15 the meaning of access_mode changes: see object_list.hpp.
#include "devices/cosem/classes/families.hpp"

namespace meterproof::cosem::classes {
namespace {

constexpr std::string_view k_sn_object_list =
    "array of structure{base_name: long, class_id: long-unsigned, version: unsigned, "
    "logical_name: logical-name}";
constexpr std::string_view k_sn_access_rights =
    "array of structure{base_name: long, attribute_access: array of structure{attribute_id: "
    "integer, access_mode: enum, access_selectors: null-data | array of integer}, method_access: "
    "array of structure{method_id: integer, access_mode: enum}}";

constexpr AttributeEntry k_association_sn_v0_attributes[] = {
    k_logical_name, {2, "object_list", k_static, k_sn_object_list}};
constexpr AttributeEntry k_association_sn_v1_attributes[] = {
    k_logical_name,
    {2, "object_list", k_static, k_sn_object_list},
    {3, "access_rights_list", k_static, k_sn_access_rights},
};
constexpr AttributeEntry k_association_sn_v2_attributes[] = {
    k_logical_name,
    {2, "object_list", k_static, k_sn_object_list},
    {3, "access_rights_list", k_static, k_sn_access_rights},
    {4, "security_setup_reference", k_static, "logical-name"},
};
constexpr AttributeEntry k_association_sn_v3_attributes[] = {
    k_logical_name,
    {2, "object_list", k_static, k_sn_object_list},
    {3, "access_rights_list", k_static, k_sn_access_rights},
    {4, "security_setup_reference", k_static, "logical-name"},
    {5, "user_list", k_static, "array of $user"},
    {6, "current_user", k_dynamic, "$user"},
};
// 1, 2, 4, 6 and 7 are reserved from previous versions; offsets x+0x20 to x+0x50.
constexpr MethodEntry k_association_sn_methods[] = {
    {3, "read_by_logicalname", k_optional, "any", "any", 0x30},
    {5, "change_secret", k_optional, "octet-string", "", 0x40},
    {8, "reply_to_HLS_authentication", k_optional, "octet-string", "octet-string", 0x58},
};
constexpr MethodEntry k_association_sn_v3_methods[] = {
    {3, "read_by_logicalname", k_optional, "any", "any", 0x30},
    {5, "change_secret", k_optional, "octet-string", "", 0x40},
    {8, "reply_to_HLS_authentication", k_optional, "octet-string", "octet-string", 0x58},
    {9, "add_user", k_optional, "$user", "", 0x60},
    {10, "remove_user", k_optional, "$user", "", 0x68},
};

// Association LN -----------------------------------------------------------------------------

constexpr std::string_view k_ln_object_list_v0 =
    "array of structure{class_id: long-unsigned, version: unsigned, logical_name: logical-name, "
    "access_rights: structure{attribute_access: array of structure{attribute_id: integer, "
    "access_mode: enum(0..3), access_selectors: null-data | array of integer}, method_access: "
    "array of structure{method_id: integer, access_mode: boolean}}}";
constexpr std::string_view k_ln_object_list_v1 =
    "array of structure{class_id: long-unsigned, version: unsigned, logical_name: logical-name, "
    "access_rights: structure{attribute_access: array of structure{attribute_id: integer, "
    "access_mode: enum(0..6), access_selectors: null-data | array of integer}, method_access: "
    "array of structure{method_id: integer, access_mode: enum(0..2)}}}";
constexpr std::string_view k_ln_object_list_v3 =
    "array of structure{class_id: long-unsigned, version: unsigned, logical_name: logical-name, "
    "access_rights: structure{attribute_access: array of structure{attribute_id: integer, "
    "access_mode: enum(0..255), access_selectors: null-data | array of integer}, method_access: "
    "array of structure{method_id: integer, access_mode: enum(0..255)}}}";
constexpr std::string_view k_ln_element_v0 =
    "structure{class_id: long-unsigned, version: unsigned, logical_name: logical-name, "
    "access_rights: structure}";
constexpr std::string_view k_partners = "structure{client_SAP: integer, server_SAP: long-unsigned}";

constexpr AttributeEntry k_association_ln_v0_attributes[] = {
    k_logical_name,
    {2, "object_list", k_static, k_ln_object_list_v0},
    {3, "associated_partners_id", k_dynamic, k_partners},
    {4, "application_context_name", k_static, "$object_identifier"},
    {5, "xDLMS_context_info", k_dynamic, "$xdlms_context"},
    {6, "authentication_mechanism_name", k_static, "$object_identifier"},
    {7, "LLS_secret", k_static, "octet-string"},
    {8, "association_status", k_dynamic, "enum(0..2)"},
};
constexpr AttributeEntry k_association_ln_v1_attributes[] = {
    k_logical_name,
    {2, "object_list", k_static, k_ln_object_list_v1},
    {3, "associated_partners_id", k_dynamic, k_partners},
    {4, "application_context_name", k_static, "$object_identifier"},
    {5, "xDLMS_context_info", k_dynamic, "$xdlms_context"},
    {6, "authentication_mechanism_name", k_static, "$object_identifier"},
    {7, "secret", k_static, "octet-string"},
    {8, "association_status", k_dynamic, "enum(0..2)"},
    {9, "security_setup_reference", k_static, "logical-name"},
};
constexpr AttributeEntry k_association_ln_v2_attributes[] = {
    k_logical_name,
    {2, "object_list", k_static, k_ln_object_list_v1},
    {3, "associated_partners_id", k_dynamic, k_partners},
    {4, "application_context_name", k_static, "$object_identifier"},
    {5, "xDLMS_context_info", k_dynamic, "$xdlms_context"},
    {6, "authentication_mechanism_name", k_static, "$object_identifier"},
    {7, "secret", k_static, "octet-string"},
    {8, "association_status", k_dynamic, "enum(0..2)"},
    {9, "security_setup_reference", k_static, "logical-name"},
    {10, "user_list", k_static, "array of $user"},
    {11, "current_user", k_dynamic, "$user"},
};
constexpr AttributeEntry k_association_ln_v3_attributes[] = {
    k_logical_name,
    {2, "object_list", k_static, k_ln_object_list_v3},
    {3, "associated_partners_id", k_dynamic, k_partners},
    {4, "application_context_name", k_static, "$object_identifier"},
    {5, "xDLMS_context_info", k_dynamic, "$xdlms_context"},
    {6, "authentication_mechanism_name", k_static, "$object_identifier"},
    {7, "secret", k_static, "octet-string"},
    {8, "association_status", k_dynamic, "enum(0..2)"},
    {9, "security_setup_reference", k_static, "logical-name"},
    {10, "user_list", k_static, "array of $user"},
    {11, "current_user", k_dynamic, "$user"},
};
constexpr MethodEntry k_association_ln_methods[] = {
    {1, "reply_to_HLS_authentication", k_optional, "octet-string", "octet-string", 0x60},
    {2, "change_HLS_secret", k_optional, "octet-string", "", 0x68},
    {3, "add_object", k_optional, k_ln_element_v0, "", 0x70},
    {4, "remove_object", k_optional, k_ln_element_v0, "", 0x78},
};
constexpr MethodEntry k_association_ln_v2_methods[] = {
    {1, "reply_to_HLS_authentication", k_optional, "octet-string", "octet-string", 0x60},
    {2, "change_HLS_secret", k_optional, "octet-string", "", 0x68},
    {3, "add_object", k_optional, k_ln_element_v0, "", 0x70},
    {4, "remove_object", k_optional, k_ln_element_v0, "", 0x78},
    {5, "add_user", k_optional, "$user", "", 0x80},
    {6, "remove_user", k_optional, "$user", "", 0x88},
};

constexpr std::string_view k_previous = "IEC 62056-6-2:2017 clause 5 (previous versions)";

constexpr InterfaceClass k_associations[] = {
    {12, 0, "Association SN", k_association_sn_v0_attributes, k_association_sn_methods,
     Certainty::probable, k_previous, "which methods version 0 had; we give it those of version 1"},
    {12, 1, "Association SN", k_association_sn_v1_attributes, k_association_sn_methods,
     Certainty::probable, k_previous, "versions 1 and 2 numbered more methods than are kept here"},
    {12, 2, "Association SN", k_association_sn_v2_attributes, k_association_sn_methods,
     Certainty::probable, k_previous, "versions 1 and 2 numbered more methods than are kept here"},
    {12, 3, "Association SN", k_association_sn_v3_attributes, k_association_sn_v3_methods,
     Certainty::certain, "IEC 62056-6-2:2017 4.4.3", ""},
    {12, 4, "Association SN", k_association_sn_v3_attributes, k_association_sn_v3_methods,
     Certainty::probable, "DLMS UA 1000-1 Ed. 13 4.4.3",
     "taken to be version 3 with the access modes of association LN version 3"},
    {15, 0, "Association LN", k_association_ln_v0_attributes, k_association_ln_methods,
     Certainty::probable, k_previous, "access_mode of methods taken to be boolean"},
    {15, 1, "Association LN", k_association_ln_v1_attributes, k_association_ln_methods,
     Certainty::certain, "IEC 62056-6-2:2013 5.3.4 (version 1)", ""},
    {15, 2, "Association LN", k_association_ln_v2_attributes, k_association_ln_v2_methods,
     Certainty::certain, "IEC 62056-6-2:2017 4.4.4 (version 2)", ""},
    {15, 3, "Association LN", k_association_ln_v3_attributes, k_association_ln_v2_methods,
     Certainty::certain, "DLMS UA 1000-1 Ed. 13 4.4.4 (version 3)", ""},
};

}  // namespace

std::span<const InterfaceClass> association_classes() { return k_associations; }

}  // namespace meterproof::cosem::classes
