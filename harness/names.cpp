#include "harness/names.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace meterproof::harness {
namespace {

constexpr std::size_t k_longest_compared = 200;
constexpr std::size_t k_most_listed = 12;

char lower_case(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
  if (a.size() > k_longest_compared || b.size() > k_longest_compared)
    return std::numeric_limits<std::size_t>::max();
  using Row = std::array<std::size_t, k_longest_compared + 1>;
  Row before_last{}, last{}, row{};
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = lower_case(a[i - 1]) == lower_case(b[j - 1]);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1)});
      const bool swapped = i > 1 && j > 1 && lower_case(a[i - 1]) == lower_case(b[j - 2]) &&
                           lower_case(a[i - 2]) == lower_case(b[j - 1]);
      if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
    before_last = last;
    last = row;
  }
  return last[b.size()];
}

std::optional<std::string> nearest_name(std::string_view wrong,
                                        std::span<const std::string> valid) {
  const std::string* nearest = nullptr;
  std::size_t nearest_distance = std::max<std::size_t>(1, wrong.size() / 3) + 1;
  for (const std::string& name : valid) {
    const std::size_t distance = edit_distance(wrong, name);
    if (distance < nearest_distance && distance < name.size()) {
      nearest = &name;
      nearest_distance = distance;
    }
  }
  if (!nearest) return std::nullopt;
  return *nearest;
}

std::string did_you_mean(std::string_view wrong, std::span<const std::string> valid) {
  if (const auto nearest = nearest_name(wrong, valid)) return " (did you mean '" + *nearest + "'?)";
  if (valid.empty()) return "";
  std::string known;
  for (const std::string& name : valid.first(std::min(valid.size(), k_most_listed)))
    known += (known.empty() ? "" : ", ") + name;
  if (valid.size() > k_most_listed) known += ", ...";
  return " (known: " + known + ")";
}

}  // namespace meterproof::harness
