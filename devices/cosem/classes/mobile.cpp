// Interface classes of mobile networks: IEC 62056-6-2 4.7.7 and 4.7.8.
#include "devices/cosem/classes/families.hpp"

namespace meterproof::cosem::classes {
namespace {

constexpr AttributeEntry k_gprs_attributes[] = {
    k_logical_name,
    {2, "APN", k_static, "octet-string"},
    {3, "PIN_code", k_static, "long-unsigned"},
    {4, "quality_of_service", k_static,
     "structure{default: structure{precedence: unsigned, delay: unsigned, reliability: unsigned, "
     "peak_throughput: unsigned, mean_throughput: unsigned}, requested: structure{precedence: "
     "unsigned, delay: unsigned, reliability: unsigned, peak_throughput: unsigned, "
     "mean_throughput: unsigned}}"},
};

constexpr AttributeEntry k_gsm_v0_attributes[] = {
    k_logical_name,
    {2, "operator", k_dynamic, "visible-string"},
    {3, "status", k_dynamic, "enum(0..255)"},
    {4, "cs_attachment", k_dynamic, "enum(0..255)"},
    {5, "ps_status", k_dynamic, "enum(0..255)"},
    {6, "cell_info", k_dynamic,
     "structure{cell_ID: long-unsigned, location_ID: long-unsigned, signal_quality: unsigned, ber: "
     "unsigned}"},
    {7, "adjacent_cells", k_dynamic,
     "array of structure{cell_ID: long-unsigned, signal_quality: unsigned}"},
    {8, "capture_time", k_dynamic, "octet-date-time | date-time"},
};
constexpr AttributeEntry k_gsm_v1_attributes[] = {
    k_logical_name,
    {2, "operator", k_dynamic, "visible-string"},
    {3, "status", k_dynamic, "enum(0..255)"},
    {4, "cs_attachment", k_dynamic, "enum(0..255)"},
    {5, "ps_status", k_dynamic, "enum(0..255)"},
    {6, "cell_info", k_dynamic,
     "structure{cell_ID: double-long-unsigned, location_ID: long-unsigned, signal_quality: "
     "unsigned, ber: unsigned, mcc: long-unsigned, mnc: long-unsigned, channel_number: "
     "double-long-unsigned}"},
    {7, "adjacent_cells", k_dynamic,
     "array of structure{cell_ID: double-long-unsigned, signal_quality: unsigned}"},
    {8, "capture_time", k_dynamic, "octet-date-time | date-time"},
};

constexpr InterfaceClass k_mobile[] = {
    {45,
     0,
     "GPRS modem setup",
     k_gprs_attributes,
     {},
     Certainty::certain,
     "IEC 62056-6-2:2017 4.7.7",
     ""},
    {47,
     0,
     "GSM diagnostic",
     k_gsm_v0_attributes,
     {},
     Certainty::probable,
     "IEC 62056-6-2:2017 4.7.8 (version 0)",
     "whether capture_time is octet-string or date-time"},
    {47,
     1,
     "GSM diagnostic",
     k_gsm_v1_attributes,
     {},
     Certainty::probable,
     "DLMS UA 1000-1 Ed. 12.1 4.7.8 (version 1)",
     "whether capture_time is octet-string or date-time"},
    {47,
     2,
     "GSM diagnostic",
     k_gsm_v1_attributes,
     {},
     Certainty::partial,
     "DLMS UA 1000-1 Ed. 14 4.7.8 (version 2)",
     "taken to be version 1 with more values of the enumerations"},
};

}  // namespace

std::span<const InterfaceClass> mobile_classes() { return k_mobile; }

}  // namespace meterproof::cosem::classes
