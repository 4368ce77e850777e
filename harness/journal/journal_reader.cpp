#include "harness/journal/journal_reader.hpp"

#include <boost/json/parse.hpp>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <utility>

#include "harness/errors.hpp"

namespace meterproof::journal {
namespace {

// The event, or what is wrong with the line.
std::pair<std::optional<boost::json::object>, std::string> parse_line(std::string_view line,
                                                                      std::uint64_t expected_seq) {
  boost::json::error_code problem;
  boost::json::value value = boost::json::parse({line.data(), line.size()}, problem);
  if (problem) return {std::nullopt, "not valid JSON: " + problem.message()};
  boost::json::object* event = value.if_object();
  if (event == nullptr) return {std::nullopt, "not a JSON object"};
  const auto* type = event->if_contains("type");
  if (type == nullptr || !type->is_string()) return {std::nullopt, "an event without a type"};
  const auto* seq = event->if_contains("seq");
  const bool number = seq != nullptr && (seq->is_int64() || seq->is_uint64());
  boost::json::error_code range;
  if (!number || seq->to_number<std::uint64_t>(range) != expected_seq || range) {
    return {std::nullopt, "expected the event with seq " + std::to_string(expected_seq)};
  }
  return {std::move(*event), {}};
}

}  // namespace

JournalContents parse_journal(std::string_view text, const std::string& name) {
  JournalContents contents;
  int line_number = 0;
  while (!text.empty()) {
    ++line_number;
    const auto end = text.find('\n');
    if (end == std::string_view::npos) {
      contents.torn = true;
      break;
    }
    auto [event, problem] = parse_line(text.substr(0, end), contents.events.size() + 1);
    if (!event) {
      if (end + 1 != text.size()) {
        throw harness::ConfigError(
            harness::Diagnostic{name, line_number, "the journal is damaged: " + problem});
      }
      contents.torn = true;
      break;
    }
    contents.events.push_back(std::move(*event));
    contents.whole_bytes += end + 1;
    text.remove_prefix(end + 1);
  }
  return contents;
}

JournalContents read_journal_contents(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    throw harness::ConfigError(harness::Diagnostic{path.string(), 0, "cannot be read"});
  }
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (file.bad()) {
    throw harness::ConfigError(harness::Diagnostic{path.string(), 0, "cannot be read to its end"});
  }
  return parse_journal(text, path.string());
}

std::vector<boost::json::object> read_journal(const std::filesystem::path& path) {
  return read_journal_contents(path).events;
}

}  // namespace meterproof::journal
