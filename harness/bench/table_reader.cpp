#include "harness/bench/table_reader.hpp"

#include <algorithm>
#include <cmath>

#include "harness/names.hpp"

namespace meterproof::bench {
namespace {

bool printable(std::string_view text) {
  return std::none_of(text.begin(), text.end(),
                      [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

std::string in_quotes(std::string_view text) {
  constexpr std::size_t k_longest_shown = 80;
  std::string shown;
  for (const char c : text.substr(0, k_longest_shown)) shown += printable({&c, 1}) ? c : '?';
  return "'" + shown + (text.size() > k_longest_shown ? "...'" : "'");
}

}  // namespace

void Problems::add(int line, std::string message) {
  own_.push_back({file_, line, std::move(message)});
}

void Problems::add(const std::vector<harness::Diagnostic>& others) {
  others_.insert(others_.end(), others.begin(), others.end());
}

void Problems::raise_if_any() const {
  if (own_.empty() && others_.empty()) return;
  std::vector<harness::Diagnostic> all = own_;
  std::stable_sort(all.begin(), all.end(),
                   [](const auto& a, const auto& b) { return a.line < b.line; });
  all.insert(all.end(), others_.begin(), others_.end());
  throw harness::ConfigError(std::move(all));
}

std::string identifier_problem(std::string_view text) {
  constexpr std::size_t k_longest = 64;
  if (text.empty()) return "is empty";
  if (text.size() > k_longest) return "is longer than 64 characters";
  const bool good = std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
  return good ? "" : in_quotes(text) + " may hold letters, digits and '_' only";
}

TableReader::TableReader(const TomlNode& node, std::string table, Problems& problems)
    : node_(node), table_(std::move(table)), problems_(problems) {
  problems_.keys_by_table[table_];
}

TableReader::~TableReader() {
  for (const std::string& key : asked_) problems_.keys_by_table[table_].insert(key);
  const TomlNode::Table* entries = node_.table();
  if (!entries) return;
  for (const TomlEntry& entry : *entries)
    if (std::find(asked_.begin(), asked_.end(), entry.key) == asked_.end())
      problems_.add(entry.line, "unknown key " + in_quotes(entry.key) + place() +
                                    harness::did_you_mean(entry.key, asked_));
}

std::string TableReader::place() const { return table_.empty() ? "" : " in [" + table_ + "]"; }

int TableReader::line(const std::string& key) const {
  if (!key.empty() && node_.table())
    for (const TomlEntry& entry : *node_.table())
      if (entry.key == key) return entry.line > 0 ? entry.line : entry.node.line;
  return node_.line;
}

void TableReader::problem(const std::string& key, const std::string& message) {
  problems_.add(line(key), "'" + key + "'" + place() + ": " + message);
}

const TomlNode* TableReader::any(const std::string& key, Need need) {
  asked_.push_back(key);
  const TomlNode* found = node_.find(key);
  if (!found && need == Need::required)
    problems_.add(node_.line, "missing key '" + key + "'" + place());
  return found;
}

std::optional<std::string> TableReader::text(const std::string& key, Need need) {
  const TomlNode* found = any(key, need);
  if (!found) return std::nullopt;
  if (!found->text()) {
    problem(key, "a string is expected, not " + std::string(found->kind()));
    return std::nullopt;
  }
  if (found->text()->empty() || !printable(*found->text())) {
    problem(key, found->text()->empty() ? "is empty" : "holds control characters");
    return std::nullopt;
  }
  return *found->text();
}

std::optional<std::string> TableReader::identifier(const std::string& key, Need need) {
  auto found = text(key, need);
  if (!found) return found;
  if (const std::string wrong = identifier_problem(*found); !wrong.empty()) {
    problem(key, wrong);
    return std::nullopt;
  }
  return found;
}

std::optional<std::string> TableReader::choice(const std::string& key, Need need,
                                               const std::vector<std::string>& valid) {
  auto found = text(key, need);
  if (!found || std::find(valid.begin(), valid.end(), *found) != valid.end()) return found;
  problem(key, "unknown " + in_quotes(*found) + harness::did_you_mean(*found, valid));
  return std::nullopt;
}

bool TableReader::flag(const std::string& key, bool otherwise) {
  const TomlNode* found = any(key, Need::optional);
  if (!found) return otherwise;
  if (const bool* value = std::get_if<bool>(&found->value)) return *value;
  problem(key, "true or false is expected, not " + std::string(found->kind()));
  return otherwise;
}

std::optional<int> TableReader::integer(const std::string& key, Need need, int lowest,
                                        int highest) {
  const TomlNode* found = any(key, need);
  if (!found) return std::nullopt;
  const auto* value = std::get_if<std::int64_t>(&found->value);
  if (!value) {
    problem(key, "a whole number is expected, not " + std::string(found->kind()));
    return std::nullopt;
  }
  if (*value < lowest || *value > highest) {
    problem(key, std::to_string(*value) + " is not within " + std::to_string(lowest) + ".." +
                     std::to_string(highest));
    return std::nullopt;
  }
  return static_cast<int>(*value);
}

std::optional<double> TableReader::number(const std::string& key) {
  const TomlNode* found = any(key, Need::optional);
  if (!found) return std::nullopt;
  if (const auto* whole = std::get_if<std::int64_t>(&found->value))
    return static_cast<double>(*whole);
  if (const auto* real = std::get_if<double>(&found->value); real && std::isfinite(*real))
    return *real;
  problem(key, "a number is expected, not " +
                   std::string(found->value.index() == 3 ? "infinity or nan" : found->kind()));
  return std::nullopt;
}

std::optional<double> TableReader::quantity(const std::string& key, Need need,
                                            const Dimension& dimension, Sign sign) {
  const TomlNode* found = any(key, need);
  if (!found) return std::nullopt;
  if (!found->text()) {
    const bool bare = found->value.index() == 2 || found->value.index() == 3;
    problem(key, (bare ? "a number without a unit" : std::string(found->kind())) + ": " +
                     std::string(dimension.what) + " like \"" + std::string(dimension.example) +
                     "\" is expected here");
    return std::nullopt;
  }
  const ParsedQuantity parsed = parse_quantity(*found->text(), dimension);
  if (!parsed.value) {
    problem(key, parsed.problem);
  } else if (*parsed.value < 0 || (sign == Sign::positive && *parsed.value == 0)) {
    problem(key, in_quotes(*found->text()) +
                     (sign == Sign::positive ? " is not greater than zero" : " is negative"));
    return std::nullopt;
  }
  return parsed.value;
}

std::optional<std::string> TableReader::date(const std::string& key) {
  const TomlNode* found = any(key, Need::optional);
  if (!found) return std::nullopt;
  const auto* day = std::get_if<TomlDate>(&found->value);
  if (!day) {
    problem(key, "a date like 2027-11-30 (without quotes) is expected, not " +
                     std::string(found->kind()));
    return std::nullopt;
  }
  char text[32];
  std::snprintf(text, sizeof text, "%04d-%02d-%02d", day->year, day->month, day->day);
  return text;
}

std::optional<std::vector<TableReader::Item>> TableReader::texts(const std::string& key,
                                                                 Need need) {
  const TomlNode* found = any(key, need);
  if (!found) return std::nullopt;
  if (!found->array()) {
    problem(key, "a list of strings is expected, not " + std::string(found->kind()));
    return std::nullopt;
  }
  std::vector<Item> items;
  for (const TomlNode& item : *found->array()) {
    if (item.text() && !item.text()->empty() && printable(*item.text()))
      items.push_back({*item.text(), item.line});
    else
      problems_.add(item.line, "'" + key + "'" + place() + ": a list of strings is expected, not " +
                                   (item.text() ? "an empty or unprintable string"
                                                : std::string(item.kind()) + " in it"));
  }
  return items;
}

const TomlNode* TableReader::table(const std::string& key, Need need) {
  asked_.push_back(key);
  const TomlNode* found = node_.find(key);
  const std::string whole = table_.empty() ? key : table_ + "." + key;
  if (!found && need == Need::required) problems_.add(node_.line, "missing table [" + whole + "]");
  if (!found || found->table()) return found;
  problems_.add(line(key), "[" + whole + "] must be a table, not " + std::string(found->kind()));
  return nullptr;
}

std::vector<const TomlNode*> TableReader::tables(const std::string& key) {
  std::vector<const TomlNode*> result;
  const TomlNode* found = any(key, Need::optional);
  if (!found) return result;
  const std::string whole = table_.empty() ? key : table_ + "." + key;
  if (!found->array()) {
    problems_.add(line(key), found->table() ? "write [[" + whole + "]], not [" + whole + "]"
                                            : "[[" + whole + "]] must be a list of tables, not " +
                                                  std::string(found->kind()));
    return result;
  }
  for (const TomlNode& item : *found->array()) {
    if (item.table())
      result.push_back(&item);
    else
      problems_.add(item.line, "[[" + whole + "]] must be a list of tables, not of " +
                                   std::string(item.kind()));
  }
  return result;
}

}  // namespace meterproof::bench
