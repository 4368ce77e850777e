#include "harness/bench/toml_document.hpp"

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
  }
}

}  // namespace meterproof::bench
