// The text of a meter type file to its values; problems are collected for the caller.
#pragma once

#include <string_view>

#include "harness/bench/meter_type.hpp"
#include "harness/bench/table_reader.hpp"

namespace meterproof::bench {

// Throws ConfigError only when the text is not TOML; everything else is noted in problems, and the
// value is then incomplete.
MeterType read_meter_type(std::string_view text, Problems& problems);

}  // namespace meterproof::bench
