// TypeDescription: the common type of the elements of a compact array, sent once before their
// contents (IEC 62056-6-2). Room-internal helpers of the value codec.
#pragma once

#include "devices/cosem/value.hpp"

namespace meterproof::cosem {

// Moves reader past one description. max_depth bounds the recursion.
Result<void> skip_type_description(Reader& reader, std::size_t max_depth);

// One value of a simple type without its tag, as compact arrays carry it.
Result<Data> read_untagged_data(Reader& reader, std::uint8_t tag, const DecodeLimits& limits,
                                std::size_t& budget);

}  // namespace meterproof::cosem
