#include "devices/scpi/message.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

namespace meterproof::scpi {
namespace {

constexpr std::size_t k_max_line = 4096, k_max_units = 64, k_max_mnemonics = 16,
                      k_max_arguments = 64;

bool is_letter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r'; }
char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

std::string upper_case(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), upper);
  return result;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

// Splits outside quotes. Nothing when a quote is left open.
std::optional<std::vector<std::string_view>> split_unquoted(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  std::size_t begin = 0;
  char quote = 0;
  for (std::size_t n = 0; n < text.size(); ++n) {
    const char c = text[n];
    if (quote) {
      if (c == quote) quote = 0;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == separator) {
      parts.push_back(text.substr(begin, n - begin));
      begin = n + 1;
    }
  }
  if (quote) return std::nullopt;
  parts.push_back(text.substr(begin));
  return parts;
}

std::string unquoted(std::string_view argument) {
  if (argument.size() >= 2 && (argument.front() == '"' || argument.front() == '\'') &&
      argument.back() == argument.front()) {
    const char quote = argument.front();
    std::string text;
    for (std::size_t n = 1; n + 1 < argument.size(); ++n) {
      text.push_back(argument[n]);
      if (argument[n] == quote) ++n;  // a doubled quote stands for one
    }
    return text;
  }
  return std::string(argument);
}

bool valid_mnemonic(std::string_view text) {
  return !text.empty() && text.size() <= 24 && is_letter(text.front()) &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return is_letter(c) || is_digit(c) || c == '_'; });
}

// Returns the error code, 0 for none.
int parse_unit(std::string_view text, std::vector<std::string>& branch, Unit& unit) {
  const auto header_end = std::find_if(text.begin(), text.end(), is_space);
  std::string_view header = text.substr(0, static_cast<std::size_t>(header_end - text.begin()));
  const std::string_view rest = trimmed(text.substr(header.size()));
  if (header.ends_with('?')) {
    unit.query = true;
    header.remove_suffix(1);
  }
  if (header.starts_with('*')) {
    header.remove_prefix(1);
    if (!valid_mnemonic(header)) return -110;
    unit.common = true;
    unit.path = {upper_case(header)};
  } else {
    if (header.starts_with(':')) {
      header.remove_prefix(1);
      branch.clear();
    }
    unit.path = branch;
    std::size_t begin = 0;
    while (begin <= header.size()) {
      const std::size_t end = std::min(header.find(':', begin), header.size());
      const auto mnemonic = header.substr(begin, end - begin);
      if (!valid_mnemonic(mnemonic)) return -110;
      unit.path.push_back(upper_case(mnemonic));
      if (unit.path.size() > k_max_mnemonics) return -110;
      begin = end + 1;
    }
    branch.assign(unit.path.begin(), unit.path.end() - 1);
  }
  if (rest.empty()) return 0;
  const auto arguments = split_unquoted(rest, ',');
  if (!arguments) return -151;
  if (arguments->size() > k_max_arguments) return -108;
  for (const auto argument : *arguments) {
    if (trimmed(argument).empty()) return -109;
    unit.arguments.push_back(unquoted(trimmed(argument)));
  }
  return 0;
}

std::string_view standard_text(int code) {
  switch (code) {
    case -108:
      return "Parameter not allowed";
    case -109:
      return "Missing parameter";
    case -110:
      return "Command header error";
    case -151:
      return "Invalid string data";
    case -223:
      return "Too much data";
    default:
      return "Command error";
  }
}

// The short form of a pattern's mnemonic is its upper-case letters.
bool same_mnemonic(std::string_view given, std::string_view pattern) {
  std::string shorted;
  std::copy_if(pattern.begin(), pattern.end(), std::back_inserter(shorted),
               [](char c) { return !(c >= 'a' && c <= 'z'); });
  return given == shorted || given == upper_case(pattern);
}

}  // namespace

std::string to_string(const ScpiError& error) {
  return std::to_string(error.code) + ",\"" + (error.code == 0 ? "No error" : error.text) + "\"";
}

ParsedMessage parse_message(std::string_view line) {
  ParsedMessage message;
  const auto fail = [&](int code) {
    message.error = {code, std::string(standard_text(code))};
    return message;
  };
  if (line.size() > k_max_line) return fail(-223);
  if (trimmed(line).empty()) return message;
  const auto parts = split_unquoted(line, ';');
  if (!parts) return fail(-151);
  if (parts->size() > k_max_units) return fail(-223);
  std::vector<std::string> branch;
  for (const auto part : *parts) {
    const auto text = trimmed(part);
    if (text.empty()) continue;
    Unit unit;
    if (const int code = parse_unit(text, branch, unit)) return fail(code);
    message.units.push_back(std::move(unit));
  }
  return message;
}

std::optional<std::vector<int>> match_header(const Unit& unit, std::string_view pattern) {
  std::vector<int> suffixes;
  if (pattern.starts_with('*') != unit.common) return std::nullopt;
  if (unit.common) pattern.remove_prefix(1);
  if (pattern.ends_with('?') != unit.query) return std::nullopt;
  if (unit.query) pattern.remove_suffix(1);
  for (const std::string& given : unit.path) {
    if (pattern.empty()) return std::nullopt;
    const auto end = std::min(pattern.find(':'), pattern.size());
    auto wanted = pattern.substr(0, end);
    pattern.remove_prefix(std::min(end + 1, pattern.size()));
    std::string_view name = given;
    if (wanted.ends_with('#')) {
      wanted.remove_suffix(1);
      std::size_t digits = 0;
      while (digits < name.size() && is_digit(name[name.size() - 1 - digits])) ++digits;
      if (digits > 6) return std::nullopt;
      suffixes.push_back(
          digits == 0 ? 1 : static_cast<int>(*parse_integer(name.substr(name.size() - digits))));
      name.remove_suffix(digits);
    }
    if (!same_mnemonic(name, wanted)) return std::nullopt;
  }
  if (!pattern.empty()) return std::nullopt;
  return suffixes;
}

std::optional<double> parse_number(std::string_view text) {
  text = trimmed(text);
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  const auto [end, bad] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (bad != std::errc{} || end != text.data() + text.size() || !std::isfinite(value))
    return std::nullopt;
  return value;
}

std::optional<long long> parse_integer(std::string_view text) {
  text = trimmed(text);
  long long value = 0;
  const auto [end, bad] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (bad != std::errc{} || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

std::optional<bool> parse_boolean(std::string_view text) {
  const std::string word = upper_case(trimmed(text));
  if (word == "ON" || word == "1") return true;
  if (word == "OFF" || word == "0") return false;
  return std::nullopt;
}

}  // namespace meterproof::scpi
