// Tags of the CHOICE Data (IEC 62056-6-2).
#pragma once

#include <cstdint>

namespace meterproof::cosem::data_tag {

inline constexpr std::uint8_t k_null = 0, k_array = 1, k_structure = 2, k_boolean = 3,
                              k_bit_string = 4, k_double_long = 5, k_double_long_unsigned = 6,
                              k_octet_string = 9, k_visible_string = 10, k_utf8_string = 12,
                              k_bcd = 13, k_integer = 15, k_long = 16, k_unsigned = 17,
                              k_long_unsigned = 18, k_compact_array = 19, k_long64 = 20,
                              k_long64_unsigned = 21, k_enum = 22, k_float32 = 23, k_float64 = 24,
                              k_date_time = 25, k_date = 26, k_time = 27, k_dont_care = 255;

}  // namespace meterproof::cosem::data_tag
