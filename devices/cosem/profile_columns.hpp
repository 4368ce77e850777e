// ProfileColumns: a whole profile buffer as one typed vector for each column, for who computes with
// it. Decoded with a ProfileCursor: null-data is filled in, and nothing is allocated for a row.
#pragma once

#include <variant>
#include <vector>

#include "devices/cosem/profile_cursor.hpp"

namespace meterproof::cosem {

// Signed and unsigned numbers (also boolean, bcd and enum), floating ones, instants, and octets:
// views of the buffer, of strings of all three types.
using ProfileColumn =
    std::variant<std::vector<std::int64_t>, std::vector<std::uint64_t>, std::vector<double>,
                 std::vector<DateTime>, std::vector<BytesView>>;

// Octet-strings of the layout's clock column and values of type date-time become DateTime. Errors:
// those of the cursor; bad_length when rows differ in their number of columns; bad_value when a
// column changes its kind, begins with null-data or holds what has no kind here.
Result<std::vector<ProfileColumn>> profile_columns(BytesView buffer,
                                                   const ProfileLayout& layout = {});

}  // namespace meterproof::cosem
