// A parsed TOML file as plain values that remember their lines, so that every later problem can
// name file:line. The TOML library stays inside toml_document.cpp.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace meterproof::bench {

struct TomlEntry;

struct TomlDate {
  int year = 0, month = 0, day = 0;
};
// A kind of value that no key of ours takes (a time of day).
struct TomlOther {};

struct TomlNode {
  using Array = std::vector<TomlNode>;
  using Table = std::vector<TomlEntry>;

  int line = 0;  // from 1
  std::variant<TomlOther, bool, std::int64_t, double, std::string, TomlDate, Array, Table> value;

  const Array* array() const { return std::get_if<Array>(&value); }
  const Table* table() const { return std::get_if<Table>(&value); }
  const std::string* text() const { return std::get_if<std::string>(&value); }
  // The member of a table, or null.
  const TomlNode* find(std::string_view key) const;
  // "a string", "a list", ...: for messages.
  std::string_view kind() const;
};

struct TomlEntry {
  std::string key;
  int line = 0;  // of the key
  TomlNode node;
};

// The root table. Throws ConfigError with file:line when the text is not TOML.
TomlNode parse_toml(std::string_view text, const std::string& file);

}  // namespace meterproof::bench
