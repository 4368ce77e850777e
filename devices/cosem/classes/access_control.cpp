// Interface classes for access control and management other than associations: IEC 62056-6-2 4.4.
#include "devices/cosem/classes/families.hpp"

namespace meterproof::cosem::classes {
namespace {

constexpr AttributeEntry k_sap_assignment_attributes[] = {
    k_logical_name,
    {2, "SAP_assignment_list", k_static,
     "array of structure{SAP: long-unsigned, logical_device_name: octet-string(0..16) | "
     "visible-string(0..16)}"},
};
constexpr MethodEntry k_sap_assignment_methods[] = {
    {1, "connect_logical_device", k_optional,
     "structure{SAP: long-unsigned, logical_device_name: octet-string(0..16) | "
     "visible-string(0..16)}",
     "", 0x20},
};

constexpr AttributeEntry k_image_transfer_attributes[] = {
    k_logical_name,
    {2, "image_block_size", k_static, "double-long-unsigned"},
    {3, "image_transferred_blocks_status", k_dynamic, "bit-string"},
    {4, "image_first_not_transferred_block_number", k_dynamic, "double-long-unsigned"},
    {5, "image_transfer_enabled", k_static, "boolean"},
    {6, "image_transfer_status", k_dynamic, "enum(0..7)"},
    {7, "image_to_activate_info", k_dynamic,
     "array of structure{image_to_activate_size: double-long-unsigned, "
     "image_to_activate_identification: octet-string, image_to_activate_signature: octet-string}"},
};
constexpr MethodEntry k_image_transfer_methods[] = {
    {1, "image_transfer_initiate", k_mandatory,
     "structure{image_identifier: octet-string, image_size: double-long-unsigned}", "", 0x40},
    {2, "image_block_transfer", k_mandatory,
     "structure{image_block_number: double-long-unsigned, image_block_value: octet-string}", "",
     0x48},
    {3, "image_verify", k_mandatory, k_integer_zero, "", 0x50},
    {4, "image_activate", k_mandatory, k_integer_zero, "", 0x58},
};

constexpr AttributeEntry k_security_setup_v0_attributes[] = {
    k_logical_name,
    {2, "security_policy", k_static, "enum(0..3)"},
    {3, "security_suite", k_static, "enum(0)"},
    {4, "client_system_title", k_dynamic, "octet-string(0,8)"},
    {5, "server_system_title", k_static, "octet-string(8)"},
};
constexpr MethodEntry k_security_setup_v0_methods[] = {
    {1, "security_activate", k_optional, "enum(0..3)", "", 0x28},
    {2, "global_key_transfer", k_optional,
     "array of structure{key_id: enum(0..2), key_wrapped: octet-string}", "", 0x30},
};

// security_policy of version 1 is a set of bits: 2, 3, 4 authenticated, encrypted, signed requests;
// 5, 6, 7 the same of responses; 0 and 1 are reserved.
constexpr AttributeEntry k_security_setup_v1_attributes[] = {
    k_logical_name,
    {2, "security_policy", k_static, "enum(0..255)"},
    {3, "security_suite", k_static, "enum(0..15)"},
    {4, "client_system_title", k_dynamic, "octet-string(0,8)"},
    {5, "server_system_title", k_static, "octet-string(8)"},
    {6, "certificates", k_dynamic,
     "array of structure{certificate_entity: enum(0..3), certificate_type: enum(0..3), "
     "serial_number: octet-string, issuer: octet-string, subject: octet-string, subject_alt_name: "
     "octet-string}"},
};
constexpr std::string_view k_key_agreement_data =
    "array of structure{key_id: enum(0..3), key_data: octet-string}";
constexpr std::string_view k_certificate_identification =
    "structure{certificate_identification_type: enum(0..1), certification_identification_options: "
    "structure{certificate_entity: enum(0..3), certificate_type: enum(0..3), system_title: "
    "octet-string} | structure{serial_number: octet-string, issuer: octet-string}}";
constexpr MethodEntry k_security_setup_v1_methods[] = {
    {1, "security_activate", k_optional, "enum(0..255)", "", 0x30},
    {2, "key_transfer", k_optional,
     "array of structure{key_id: enum(0..3), key_wrapped: octet-string}", "", 0x38},
    {3, "key_agreement", k_optional, k_key_agreement_data, k_key_agreement_data, 0x40},
    {4, "generate_key_pair", k_optional, "enum(0..2)", "", 0x48},
    {5, "generate_certificate_request", k_optional, "enum(0..2)", "octet-string", 0x50},
    {6, "import_certificate", k_optional, "octet-string", "", 0x58},
    {7, "export_certificate", k_optional, k_certificate_identification, "octet-string", 0x60},
    {8, "remove_certificate", k_optional, k_certificate_identification, "", 0x68},
};

constexpr InterfaceClass k_access_control[] = {
    {17, 0, "SAP assignment", k_sap_assignment_attributes, k_sap_assignment_methods,
     Certainty::certain, "IEC 62056-6-2:2017 4.4.5", ""},
    {18, 0, "Image transfer", k_image_transfer_attributes, k_image_transfer_methods,
     Certainty::certain, "IEC 62056-6-2:2017 4.4.6", ""},
    {64, 0, "Security setup", k_security_setup_v0_attributes, k_security_setup_v0_methods,
     Certainty::certain, "IEC 62056-6-2:2013 5.3.7 (version 0)", ""},
    {64, 1, "Security setup", k_security_setup_v1_attributes, k_security_setup_v1_methods,
     Certainty::certain, "IEC 62056-6-2:2017 4.4.7", ""},
};

}  // namespace

std::span<const InterfaceClass> access_control_classes() { return k_access_control; }

}  // namespace meterproof::cosem::classes
