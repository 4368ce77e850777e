#include "devices/scpi/profile.hpp"

#include <algorithm>

#include "harness/bench/small_file.hpp"
#include "harness/bench/table_reader.hpp"
#include "harness/errors.hpp"
#include "harness/names.hpp"

namespace meterproof::scpi {
namespace {

using bench::Need;
using bench::TableReader;

constexpr std::size_t k_largest_profile = 64 * 1024;

const std::vector<std::string> k_load_names{"u1", "u2",   "u3",   "i1",   "i2",
                                            "i3", "phi1", "phi2", "phi3", "f"};

std::vector<std::string> load_names_and(std::vector<std::string> more) {
  more.insert(more.end(), k_load_names.begin(), k_load_names.end());
  return more;
}

// Name of the placeholder that opens at text[begin] == '{', with its sign; nothing when unclosed.
std::optional<std::string> placeholder_at(std::string_view text, std::size_t begin) {
  const auto end = text.find('}', begin);
  if (end == std::string_view::npos) return std::nullopt;
  return std::string(text.substr(begin + 1, end - begin - 1));
}

void check_placeholders(TableReader& table, const std::string& key, std::string_view text,
                        const std::vector<std::string>& known) {
  for (auto at = text.find('{'); at != std::string_view::npos; at = text.find('{', at + 1)) {
    auto name = placeholder_at(text, at);
    if (!name) return table.problem(key, "has a '{' without '}'");
    if (name->starts_with('-')) name->erase(0, 1);
    if (std::find(known.begin(), known.end(), *name) == known.end())
      table.problem(key,
                    "unknown placeholder {" + *name + "}" + harness::did_you_mean(*name, known));
  }
}

std::vector<std::string> commands_of(TableReader& table, const std::vector<std::string>& known) {
  std::vector<std::string> commands;
  for (const auto& item :
       table.texts("commands", Need::required).value_or(std::vector<TableReader::Item>{})) {
    check_placeholders(table, "commands", item.text, known);
    commands.push_back(item.text);
  }
  return commands;
}

FieldQuery field_query(TableReader& table, const std::vector<std::string>& placeholders,
                       const std::vector<std::string>& known_fields) {
  FieldQuery query;
  query.query = table.text("query", Need::required).value_or("");
  check_placeholders(table, "query", query.query, placeholders);
  for (const auto& item :
       table.texts("fields", Need::required).value_or(std::vector<TableReader::Item>{})) {
    if (item.text != "-" &&
        std::find(known_fields.begin(), known_fields.end(), item.text) == known_fields.end())
      table.problem("fields", "unknown field '" + item.text + "'" +
                                  harness::did_you_mean(item.text, known_fields));
    query.fields.push_back(item.text);
  }
  return query;
}

void read_source(TableReader& root, Profile& profile, bench::Problems& problems) {
  if (const auto* node = root.table("load", Need::required)) {
    TableReader table(*node, "load", problems);
    profile.load_commands = commands_of(table, k_load_names);
    profile.complete = table.text("complete", Need::required).value_or("");
  }
  if (const auto* node = root.table("state", Need::optional)) {
    TableReader table(*node, "state", problems);
    profile.state = field_query(table, {}, load_names_and({"output"}));
  }
  if (const auto* node = root.table("off", Need::required)) {
    TableReader table(*node, "off", problems);
    profile.off_commands = commands_of(table, {});
    profile.off_query = table.text("query", Need::required).value_or("");
    profile.off_answer = table.text("answer", Need::required).value_or("");
  }
}

void read_reference(TableReader& root, Profile& profile, bench::Problems& problems) {
  if (const auto* node = root.table("reading", Need::required)) {
    TableReader table(*node, "reading", problems);
    profile.reading = field_query(table, {}, load_names_and({"time_ns", "time_s", "count", "p"}));
    const auto& fields = profile.reading->fields;
    const auto has = [&](const char* name) {
      return std::find(fields.begin(), fields.end(), name) != fields.end();
    };
    if (!has("count") || !has("p") || has("time_ns") == has("time_s"))
      table.problem("fields", "must hold count, p and one of time_ns, time_s");
  }
  if (const auto* node = root.table("constant", Need::optional)) {
    TableReader table(*node, "constant", problems);
    profile.constant = field_query(table, {}, {"constant"});
  }
}

void read_counter(TableReader& root, Profile& profile, bench::Problems& problems) {
  if (const auto* node = root.table("edges", Need::required)) {
    TableReader table(*node, "edges", problems);
    profile.edges =
        field_query(table, {"channel", "first", "limit"}, {"index", "time_ns", "count"});
    profile.edges_limit = table.integer("limit", Need::required, 1, 100'000).value_or(100);
  }
  if (const auto* node = root.table("position", Need::required)) {
    TableReader table(*node, "position", problems);
    profile.position = field_query(table, {"channel"}, {"index", "time_ns"});
  }
}

}  // namespace

Profile load_profile(const std::string& path, const std::string& kind) {
  const auto file = bench::read_small_file(path, k_largest_profile);
  if (!file.content) throw harness::ConfigError({path, 0, file.problem});
  const bench::TomlNode document = bench::parse_toml(*file.content, path);
  bench::Problems problems(path);
  Profile profile;
  profile.file = path;
  {
    TableReader root(document, "", problems);
    profile.kind = root.choice("kind", Need::required, {kind}).value_or("");
    if (root.has("terminator")) {
      const auto* end = root.any("terminator", Need::optional);
      if (end && end->text() && (*end->text() == "\n" || *end->text() == "\r\n"))
        profile.terminator = *end->text();
      else
        root.problem("terminator", "must be \"\\n\" or \"\\r\\n\"");
    }
    profile.errors = root.text("errors", Need::optional).value_or("");
    if (kind == "source") read_source(root, profile, problems);
    if (kind == "reference") read_reference(root, profile, problems);
    if (kind == "counter") read_counter(root, profile, problems);
  }
  problems.raise_if_any();
  return profile;
}

std::string fill(std::string_view pattern, const std::map<std::string, std::string>& values) {
  std::string text;
  std::size_t from = 0;
  for (auto at = pattern.find('{'); at != std::string_view::npos; at = pattern.find('{', from)) {
    auto name = placeholder_at(pattern, at);
    if (!name) break;
    text += pattern.substr(from, at - from);
    from = at + name->size() + 2;
    const bool negative = name->starts_with('-');
    if (negative) name->erase(0, 1);
    const auto value = values.find(*name);
    if (value == values.end()) throw harness::InternalError("no value for {" + *name + "}");
    if (!negative)
      text += value->second;
    else
      text += value->second.starts_with('-') ? value->second.substr(1) : "-" + value->second;
  }
  return text + std::string(pattern.substr(from));
}

std::optional<std::map<std::string, std::string>> name_fields(
    const std::vector<std::string>& fields, const std::vector<std::string>& values) {
  if (fields.size() != values.size()) return std::nullopt;
  std::map<std::string, std::string> named;
  for (std::size_t n = 0; n < fields.size(); ++n) {
    if (fields[n] != "-") named[fields[n]] = values[n];
  }
  return named;
}

std::vector<std::string> split_answer(std::string_view answer) {
  std::vector<std::string> values;
  while (true) {
    const auto comma = answer.find(',');
    std::string_view value = answer.substr(0, comma);
    while (!value.empty() && (value.front() == ' ' || value.front() == '\t'))
      value.remove_prefix(1);
    while (!value.empty() && (value.back() == ' ' || value.back() == '\t')) value.remove_suffix(1);
    values.emplace_back(value);
    if (comma == std::string_view::npos) return values;
    answer.remove_prefix(comma + 1);
  }
}

}  // namespace meterproof::scpi
