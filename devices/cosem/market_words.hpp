// What the words of a market profile (harness/bench/market_profile.hpp) mean on the wire: unit
// codes and the names of the alternatives of Data (IEC 62056-6-2).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "devices/cosem/value.hpp"

namespace meterproof::cosem {

// "Wh" -> 30; nothing when the word is unknown.
std::optional<std::uint8_t> unit_code(std::string_view name);
// "long_unsigned" for a Data that holds a std::uint16_t.
std::string_view type_name(const Data& data);
// A value of that type that says nothing: zero, empty, not specified. Nothing when unknown.
std::optional<Data> empty_value(std::string_view type_name);

}  // namespace meterproof::cosem
