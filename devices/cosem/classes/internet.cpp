// Interface classes of the internet: IEC 62056-6-2 4.9.
#include "devices/cosem/classes/families.hpp"

namespace meterproof::cosem::classes {
namespace {

constexpr AttributeEntry k_tcp_udp_attributes[] = {
    k_logical_name,
    {2, "TCP-UDP_port", k_static, "long-unsigned"},
    {3, "IP_reference", k_static, "logical-name"},
    {4, "MSS", k_static, "long-unsigned(40..65535)"},
    {5, "nb_of_sim_conn", k_static, "unsigned(1..255)"},
    {6, "inactivity_time_out", k_static, "long-unsigned"},
};

constexpr AttributeEntry k_ipv4_attributes[] = {
    k_logical_name,
    {2, "DL_reference", k_static, "logical-name"},
    {3, "IP_address", k_dynamic, "double-long-unsigned"},
    {4, "multicast_IP_address", k_static, "array of double-long-unsigned"},
    {5, "IP_options", k_static,
     "array of structure{IP_Option_Type: unsigned, IP_Option_Length: unsigned, IP_Option_Data: "
     "octet-string}"},
    {6, "subnet_mask", k_static, "double-long-unsigned"},
    {7, "gateway_IP_address", k_static, "double-long-unsigned"},
    {8, "use_DHCP_flag", k_static, "boolean"},
    {9, "primary_DNS_address", k_static, "double-long-unsigned"},
    {10, "secondary_DNS_address", k_static, "double-long-unsigned"},
};
constexpr MethodEntry k_ipv4_methods[] = {
    {1, "add_mc_IP_address", k_optional, "double-long-unsigned", "", 0x60},
    {2, "delete_mc_IP_address", k_optional, "double-long-unsigned", "", 0x68},
    {3, "get_nbof_mc_IP_addresses", k_optional, k_integer_zero, "long-unsigned", 0x70},
};

constexpr AttributeEntry k_mac_attributes[] = {k_logical_name,
                                               {2, "MAC_address", k_static, "octet-string"}};

constexpr AttributeEntry k_ppp_attributes[] = {
    k_logical_name,
    {2, "PHY_reference", k_static, "logical-name"},
    {3, "LCP_options", k_static,
     "array of structure{LCP_Option_Type: unsigned, LCP_Option_Length: unsigned, LCP_Option_Data: "
     "any}"},
    {4, "IPCP_options", k_static,
     "array of structure{IPCP_Option_Type: unsigned, IPCP_Option_Length: unsigned, "
     "IPCP_Option_Data: any}"},
    {5, "PPP_authentication", k_static, "any"},
};

constexpr AttributeEntry k_smtp_attributes[] = {
    k_logical_name,
    {2, "server_port", k_static, "long-unsigned"},
    {3, "user_name", k_static, "octet-string"},
    {4, "login_password", k_static, "octet-string"},
    {5, "server_address", k_static, "octet-string"},
    {6, "sender_address", k_static, "octet-string"},
};

constexpr AttributeEntry k_ipv6_attributes[] = {
    k_logical_name,
    {2, "DL_reference", k_static, "logical-name"},
    {3, "address_config_mode", k_static, "enum(0..4)"},
    {4, "unicast_IPv6_addresses", k_dynamic, "array of octet-string(16)"},
    {5, "multicast_IPv6_addresses", k_static, "array of octet-string(16)"},
    {6, "gateway_IPv6_addresses", k_static, "array of octet-string(16)"},
    {7, "primary_DNS_address", k_static, "octet-string(0,16)"},
    {8, "secondary_DNS_address", k_static, "octet-string(0,16)"},
    {9, "traffic_class", k_static, "unsigned(0..63)"},
    {10, "neighbor_discovery_setup", k_static,
     "array of structure{RS_max_retry: unsigned, RS_retry_wait_time: long-unsigned, "
     "RA_send_period: double-long-unsigned}"},
};
constexpr std::string_view k_ipv6_address =
    "structure{IPv6_address_type: enum(0..2), IPv6_address: octet-string(16)}";
constexpr MethodEntry k_ipv6_methods[] = {
    {1, "add_IPv6_address", k_optional, k_ipv6_address, "", 0x60},
    {2, "remove_IPv6_address", k_optional, k_ipv6_address, "", 0x68},
};

constexpr InterfaceClass k_internet[] = {
    {41,
     0,
     "TCP-UDP setup",
     k_tcp_udp_attributes,
     {},
     Certainty::certain,
     "IEC 62056-6-2:2017 4.9.1",
     ""},
    {42, 0, "IPv4 setup", k_ipv4_attributes, k_ipv4_methods, Certainty::certain,
     "IEC 62056-6-2:2017 4.9.2", ""},
    {43,
     0,
     "MAC address setup",
     k_mac_attributes,
     {},
     Certainty::certain,
     "IEC 62056-6-2:2017 4.9.4",
     ""},
    {44,
     0,
     "PPP setup",
     k_ppp_attributes,
     {},
     Certainty::partial,
     "IEC 62056-6-2:2017 4.9.5",
     "data of the options and PPP_authentication are left open"},
    {46,
     0,
     "SMTP setup",
     k_smtp_attributes,
     {},
     Certainty::certain,
     "IEC 62056-6-2:2017 4.9.6",
     ""},
    {48, 0, "IPv6 setup", k_ipv6_attributes, k_ipv6_methods, Certainty::probable,
     "IEC 62056-6-2:2017 4.9.3", "short-name offsets of methods; types of the retry times"},
};

}  // namespace

std::span<const InterfaceClass> internet_classes() { return k_internet; }

}  // namespace meterproof::cosem::classes
