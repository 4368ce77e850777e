// TableReader: takes the keys of one TOML table by name and type, and notes every problem with its
// line instead of stopping at the first. What was never asked for is an unknown key.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "harness/bench/toml_document.hpp"
#include "harness/bench/units.hpp"
#include "harness/errors.hpp"

namespace meterproof::bench {

// All that is wrong with one file, collected.
class Problems {
 public:
  explicit Problems(std::string file) : file_(std::move(file)) {}

  void add(int line, std::string message);
  void add(const std::vector<harness::Diagnostic>& others);  // of another file
  // Throws ConfigError with everything, this file's problems in the order of their lines first.
  void raise_if_any() const;
  const std::string& file() const { return file_; }

  // Every key that was looked for, by table ("position.client"): the format as the loader knows it,
  // held against the JSON Schema by a test.
  std::map<std::string, std::set<std::string>> keys_by_table;

 private:
  std::string file_;
  std::vector<harness::Diagnostic> own_, others_;
};

enum class Need { optional, required };
enum class Sign { positive, not_negative };

class TableReader {
 public:
  // table: "position.client", without brackets; the empty string is the root.
  TableReader(const TomlNode& node, std::string table, Problems& problems);
  // Reports the keys that nobody asked for.
  ~TableReader();
  TableReader(const TableReader&) = delete;
  TableReader& operator=(const TableReader&) = delete;

  // Printable text, not empty.
  std::optional<std::string> text(const std::string& key, Need need);
  // Letters, digits and underscore: part of a case id or a file name. 1..64 characters.
  std::optional<std::string> identifier(const std::string& key, Need need);
  std::optional<std::string> choice(const std::string& key, Need need,
                                    const std::vector<std::string>& valid);
  bool flag(const std::string& key, bool otherwise);
  std::optional<int> integer(const std::string& key, Need need, int lowest, int highest);
  std::optional<double> number(const std::string& key);  // dimensionless
  std::optional<double> quantity(const std::string& key, Need need, const Dimension& dimension,
                                 Sign sign = Sign::positive);
  std::optional<std::string> date(const std::string& key);  // ISO 8601

  struct Item {
    std::string text;
    int line;
  };
  std::optional<std::vector<Item>> texts(const std::string& key, Need need);
  const TomlNode* table(const std::string& key, Need need);
  // [[key]]; null nodes never.
  std::vector<const TomlNode*> tables(const std::string& key);
  const TomlNode* any(const std::string& key, Need need);

  bool has(const std::string& key) const { return node_.find(key) != nullptr; }
  // Line of the key, or of the table when it is not there.
  int line(const std::string& key = "") const;
  // "'key' in [table]: message" at the key's line.
  void problem(const std::string& key, const std::string& message);
  const std::string& name() const { return table_; }

 private:
  std::string place() const;

  const TomlNode& node_;
  std::string table_;
  Problems& problems_;
  std::vector<std::string> asked_;
};

// Why a text cannot be an identifier; empty when it can.
std::string identifier_problem(std::string_view text);

}  // namespace meterproof::bench
