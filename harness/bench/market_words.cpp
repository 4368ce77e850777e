// The words that a market profile may use. What they mean on the wire is said in devices/.
#include <charconv>
#include <string_view>

#include "harness/bench/market_profile.hpp"

namespace meterproof::bench {

const std::vector<std::string>& data_type_names() {
  static const std::vector<std::string> k_names{"null_data",
                                                "array",
                                                "structure",
                                                "boolean",
                                                "bit_string",
                                                "double_long",
                                                "octet_string",
                                                "double_long_unsigned",
                                                "visible_string",
                                                "utf8_string",
                                                "bcd",
                                                "integer",
                                                "long",
                                                "unsigned",
                                                "long_unsigned",
                                                "compact_array",
                                                "long64",
                                                "enum",
                                                "long64_unsigned",
                                                "float32",
                                                "float64",
                                                "date_time",
                                                "date",
                                                "time"};
  return k_names;
}

const std::vector<std::string>& unit_names() {
  static const std::vector<std::string> k_names{"d",  "h",   "min",  "s", "m3", "W",  "VA",  "var",
                                                "Wh", "VAh", "varh", "A", "V",  "Hz", "none"};
  return k_names;
}

const std::vector<std::string>& mechanism_names() {
  static const std::vector<std::string> k_names{"none",       "lls",      "hls_manufacturer",
                                                "hls_md5",    "hls_sha1", "hls_gmac",
                                                "hls_sha256", "hls_ecdsa"};
  return k_names;
}

const std::vector<std::string>& conformance_names() {
  static const std::vector<std::string> k_names{"general_protection",
                                                "general_block_transfer",
                                                "read",
                                                "write",
                                                "unconfirmed_write",
                                                "attribute_0_with_set",
                                                "priority_management",
                                                "attribute_0_with_get",
                                                "block_transfer_with_get",
                                                "block_transfer_with_set",
                                                "block_transfer_with_action",
                                                "multiple_references",
                                                "information_report",
                                                "data_notification",
                                                "access",
                                                "parameterized_access",
                                                "get",
                                                "set",
                                                "selective_access",
                                                "event_notification",
                                                "action"};
  return k_names;
}

bool is_logical_name(std::string_view text) {
  constexpr std::string_view k_separators = "-:...";
  for (std::size_t group = 0; group < 6; ++group) {
    int value = -1;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || value < 0 || value > 255) return false;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (group == 5) return text.empty();
    if (text.empty() || text.front() != k_separators[group]) return false;
    text.remove_prefix(1);
  }
  return false;
}

}  // namespace meterproof::bench
