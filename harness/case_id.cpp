#include "harness/case_id.hpp"

#include <algorithm>

namespace meterproof::harness {

bool is_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

std::optional<CaseId> parse_case_id(std::string_view text) {
  const auto first = text.find('/');
  const auto second = first == std::string_view::npos ? first : text.find('/', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  CaseId id{std::string(text.substr(0, first)),
            std::string(text.substr(first + 1, second - first - 1)),
            std::string(text.substr(second + 1))};
  if (!is_name(id.procedure) || !is_name(id.variant) || !is_name(id.position)) return std::nullopt;
  return id;
}

}  // namespace meterproof::harness
