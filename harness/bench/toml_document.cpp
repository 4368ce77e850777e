#include "harness/bench/toml_document.hpp"

#include <stdexcept>

// Some input ("[ # comment") contradicts what the library asserts in debug builds and lets the
// optimiser assume in release builds. Here it is an exception in both. This is the only file that
// includes the library, so there is one definition of its parser.
#include <toml++/impl/preprocessor.h>
namespace meterproof::bench {
constexpr void require_of_toml(bool holds) {
  if (!holds) throw std::logic_error("malformed key or header");
}
}  // namespace meterproof::bench
#undef TOML_ASSERT
#undef TOML_ASSERT_ASSUME
#define TOML_ASSERT(expression) ::meterproof::bench::require_of_toml(static_cast<bool>(expression))
#define TOML_ASSERT_ASSUME(expression) TOML_ASSERT(expression)
#include <toml++/toml.h>

#include <algorithm>

#include "harness/errors.hpp"

namespace meterproof::bench {
namespace {

int line_of(const toml::source_region& region) { return static_cast<int>(region.begin.line); }

// Recursion is bounded: the parser refuses values nested deeper than TOML_MAX_NESTED_VALUES.
TomlNode converted(const toml::node& source) {
  TomlNode node{line_of(source.source()), TomlOther{}};
  if (const auto* table = source.as_table()) {
    TomlNode::Table entries;
    for (const auto& [key, value] : *table)
      entries.push_back({std::string(key.str()), line_of(key.source()), converted(value)});
    // The library sorts by name; problems read best in the order of the file.
    std::stable_sort(entries.begin(), entries.end(),
                     [](const TomlEntry& a, const TomlEntry& b) { return a.line < b.line; });
    if (node.line == 0 && !entries.empty()) node.line = entries.front().line;
    node.value = std::move(entries);
  } else if (const auto* array = source.as_array()) {
    TomlNode::Array items;
    for (const auto& item : *array) items.push_back(converted(item));
    node.value = std::move(items);
  } else if (const auto* text = source.as_string()) {
    node.value = text->get();
  } else if (const auto* integer = source.as_integer()) {
    node.value = integer->get();
  } else if (const auto* number = source.as_floating_point()) {
    node.value = number->get();
  } else if (const auto* flag = source.as_boolean()) {
    node.value = flag->get();
  } else if (const auto* date = source.as_date()) {
    node.value = TomlDate{(*date)->year, (*date)->month, (*date)->day};
  }
  return node;
}

}  // namespace

const TomlNode* TomlNode::find(std::string_view key) const {
  const Table* entries = table();
  if (!entries) return nullptr;
  for (const TomlEntry& entry : *entries)
    if (entry.key == key) return &entry.node;
  return nullptr;
}

std::string_view TomlNode::kind() const {
  switch (value.index()) {
    case 1:
      return "true or false";
    case 2:
      return "a whole number";
    case 3:
      return "a number";
    case 4:
      return "a string";
    case 5:
      return "a date";
    case 6:
      return "a list";
    case 7:
      return "a table";
    default:
      return "a time";
  }
}

TomlNode parse_toml(std::string_view text, const std::string& file) {
  try {
    TomlNode root = converted(toml::parse(text, file));
    root.line = 0;
    return root;
  } catch (const toml::parse_error& error) {
    throw harness::ConfigError(
        {file, line_of(error.source()), "not TOML: " + std::string(error.description())});
  } catch (const std::logic_error& error) {
    throw harness::ConfigError({file, 0, std::string("not TOML: ") + error.what()});
  }
}

}  // namespace meterproof::bench
