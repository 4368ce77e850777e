// The text of a market profile to its values; problems are collected for the caller.
#pragma once

#include <string_view>

#include "harness/bench/market_profile.hpp"
#include "harness/bench/table_reader.hpp"

namespace meterproof::bench {

// Throws ConfigError only when the text is not TOML.
MarketProfile read_market_profile(std::string_view text, Problems& problems);

// Section by section, for market_profile.cpp. The clients and sources of the profile come first:
// the others name them.
Provenance read_provenance(TableReader& table, const MarketProfile& profile, Need need);
void read_market_objects(TableReader& root, MarketProfile& profile, Problems& problems);
void read_market_pushes(TableReader& root, MarketProfile& profile, Problems& problems);

}  // namespace meterproof::bench
