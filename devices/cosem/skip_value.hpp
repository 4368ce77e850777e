// Moving past values without making them: no allocation, recursion bounded. Room-internal.
#pragma once

#include <optional>

#include "devices/cosem/value.hpp"

namespace meterproof::cosem {

// Octets of the contents of a type that always has as many; nothing for the others.
std::optional<std::size_t> fixed_octets(std::uint8_t tag);

// Moves reader past the contents of a value whose tag has been read. Errors: truncated, bad_tag,
// too_deep.
std::optional<CosemError> skip_contents(Reader& reader, std::uint8_t tag,
                                        std::size_t max_depth = DecodeLimits{}.max_depth);

}  // namespace meterproof::cosem
