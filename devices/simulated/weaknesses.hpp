// Weaknesses: the deliberate defects of the virtual bench, one named switch each, off by default,
// chosen when a world starts. Each is the mutant that proves its procedure can fail (design,
// section 7).
#pragma once

#include <span>
#include <string_view>

namespace meterproof::simulated {

struct Weakness {
  std::string_view name;
  std::string_view what;
};

// All of them, in alphabetical order.
std::span<const Weakness> weaknesses();
bool is_weakness(std::string_view name);

}  // namespace meterproof::simulated
