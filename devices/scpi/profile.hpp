// Profile: an instrument as data. A TOML file under devices/profiles/ says which commands set a
// load, how completion and errors are asked for, and which field of an answer means what; the
// drivers know no instrument by name. Adding an instrument that speaks SCPI is adding one file.
//
//   kind = "source" | "reference" | "counter"
//   errors = "SYST:ERR?"            asked after every exchange; optional. 0 means none
//   terminator = "\n"               of lines both ways; optional
//   [load] commands, complete       source; the answer to `complete` comes when the output has
//   settled [state] query, fields           source: read back after each load; optional [off]
//   commands, query, answer   source: safe state and the answer that confirms it [reading] query,
//   fields         reference: time_ns or time_s, count, p, u1.., i1.., phi1.. (degrees), f
//   [constant] query, fields        reference: checked against the bench file; optional
//   [edges] query, fields, limit    counter: index, time_ns, count of each edge after their number
//   [position] query, fields        counter: index of the next edge, time_ns
//
// A field called "-" is ignored. {name} in a command is a placeholder, {-name} its negative.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace meterproof::scpi {

struct FieldQuery {
  std::string query;
  std::vector<std::string> fields;
};

struct Profile {
  std::string file;
  std::string kind;
  std::string terminator = "\n";
  std::string errors;
  std::vector<std::string> load_commands;
  std::string complete;
  std::optional<FieldQuery> state;
  std::vector<std::string> off_commands;
  std::string off_query, off_answer;
  std::optional<FieldQuery> reading, constant, edges, position;
  int edges_limit = 100;
};

// Throws ConfigError with every problem: unknown keys, fields and placeholders, missing tables, a
// kind that is not the wanted one.
Profile load_profile(const std::string& path, const std::string& kind);

// Replaces the placeholders. Throws InternalError for a name without a value; load_profile has
// checked them.
std::string fill(std::string_view pattern, const std::map<std::string, std::string>& values);

// The names in an answer: field -> text. Nothing when the number of values is not that of the
// fields.
std::optional<std::map<std::string, std::string>> name_fields(
    const std::vector<std::string>& fields, const std::vector<std::string>& values);
// The comma-separated values of an answer, blanks trimmed.
std::vector<std::string> split_answer(std::string_view answer);

}  // namespace meterproof::scpi
