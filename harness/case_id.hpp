// A case is procedure x variant x position: one string everywhere (GoogleTest, pytest, journal,
// resume, JUnit), for example ACC_LOAD_001/i0p1_pf0p5l/p03. Each part is [A-Za-z0-9_]+ : a hyphen
// would break --gtest_filter silently.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace meterproof::harness {

struct CaseId {
  std::string procedure;
  std::string variant;  // "base" for a procedure with one form only
  std::string position;

  auto operator<=>(const CaseId&) const = default;
  std::string to_string() const { return procedure + "/" + variant + "/" + position; }
};

// True for a non-empty string of letters, digits and underscores.
bool is_name(std::string_view text);

// "A/b/p1" -> CaseId; nothing when the string is not three names.
std::optional<CaseId> parse_case_id(std::string_view text);

}  // namespace meterproof::harness
