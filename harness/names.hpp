// Nearest valid name: what to suggest when somebody wrote a name that does not exist, in a bench
// file, a plan or a command line. Distance is the number of single insertions, deletions,
// replacements and swaps of neighbours, ignoring case; a name too far away is not suggested.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace meterproof::harness {

// Optimal string alignment distance, ASCII letters compared without case. Inputs longer than 200
// octets count as infinitely far (the maximum of size_t), so that hostile input costs nothing.
std::size_t edit_distance(std::string_view a, std::string_view b);

// The valid name nearest to `wrong` (the first of equals), or nothing when more than about a third
// of it would have to change.
std::optional<std::string> nearest_name(std::string_view wrong, std::span<const std::string> valid);

// " (did you mean 'class'?)", or without a near name " (known: a, b, c)"; empty when there is
// nothing to offer.
std::string did_you_mean(std::string_view wrong, std::span<const std::string> valid);

}  // namespace meterproof::harness
