#include "harness/link/link_url.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>
#include <vector>

#include "harness/errors.hpp"

namespace meterproof::link {
namespace {

constexpr int k_largest_baud = 4'000'000;
constexpr int k_largest_turnaround_ms = 10'000;

[[noreturn]] void bad_url(const std::string& url, const std::string& what) {
  throw harness::ConfigError(harness::Diagnostic{{}, 0, fmt::format("link '{}': {}", url, what)});
}

int number_in_url(const std::string& url, std::string_view key, std::string_view text, int low,
                  int high) {
  int value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc{} || end != text.data() + text.size() || value < low || value > high) {
    bad_url(url, fmt::format("{} is '{}', expected {}..{}", key, text, low, high));
  }
  return value;
}

bool switch_in_url(const std::string& url, std::string_view key, std::string_view text) {
  if (text == "on") return true;
  if (text == "off") return false;
  bad_url(url, fmt::format("{} is '{}', expected on or off", key, text));
}

void frame_in_url(const std::string& url, std::string_view text, SerialSettings& settings) {
  const bool shaped = text.size() == 3 && (text[0] == '7' || text[0] == '8') &&
                      (text[1] == 'N' || text[1] == 'E' || text[1] == 'O') &&
                      (text[2] == '1' || text[2] == '2');
  if (!shaped) bad_url(url, fmt::format("frame is '{}', expected for example 8N1 or 7E1", text));
  settings.data_bits = text[0] - '0';
  settings.parity = text[1] == 'N' ? Parity::none : text[1] == 'E' ? Parity::even : Parity::odd;
  settings.stop_bits = text[2] - '0';
}

Scheme scheme_of(const std::string& url, std::string_view name) {
  if (name == "serial") return Scheme::serial;
  if (name == "pty") return Scheme::pty;
  if (name == "tcp") return Scheme::tcp;
  if (name == "udp") return Scheme::udp;
  bad_url(url, fmt::format("unknown scheme '{}', expected serial, pty, tcp or udp", name));
}

void apply_query(const std::string& url, LinkUrl& result) {
  const bool line = result.scheme == Scheme::serial || result.scheme == Scheme::pty;
  for (const auto& [key, value] : result.query) {
    if (line && key == "baud") {
      result.settings.baud = number_in_url(url, key, value, 50, k_largest_baud);
    } else if (line && key == "frame") {
      frame_in_url(url, value, result.settings);
    } else if (line && key == "echo") {
      result.echo = switch_in_url(url, key, value);
    } else if (line && key == "rs485") {
      result.rs485 = switch_in_url(url, key, value);
    } else if (line && key == "turnaround_ms") {
      result.turnaround =
          std::chrono::milliseconds(number_in_url(url, key, value, 0, k_largest_turnaround_ms));
    } else if (!line && key == "bind") {
      if (value.empty()) bad_url(url, "bind is empty, expected an own address");
      result.bind = value;
    } else {
      bad_url(url, fmt::format("unknown key '{}', expected {}", key,
                               line ? "baud, frame, echo, rs485 or turnaround_ms" : "bind"));
    }
  }
}

void split_query(const std::string& url, std::string_view text, LinkUrl& result) {
  while (!text.empty()) {
    const std::string_view pair = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(text.size(), pair.size() + 1));
    const auto equals = pair.find('=');
    if (equals == std::string_view::npos) {
      bad_url(url, fmt::format("'{}' is not key=value", pair));
    }
    const std::string key(pair.substr(0, equals));
    if (!result.query.emplace(key, pair.substr(equals + 1)).second) {
      bad_url(url, fmt::format("key '{}' is given twice", key));
    }
  }
}

void split_authority(const std::string& url, std::string_view text, LinkUrl& result) {
  std::string_view host;
  if (text.starts_with('[')) {
    const auto close = text.find(']');
    if (close == std::string_view::npos) bad_url(url, "the bracket of the address is not closed");
    host = text.substr(1, close - 1);
    text.remove_prefix(close + 1);
  } else {
    host = text.substr(0, text.find(':'));
    text.remove_prefix(host.size());
  }
  if (host.empty()) bad_url(url, "no host");
  if (!text.starts_with(':')) bad_url(url, "no port, expected host:port");
  result.host = host;
  result.port = static_cast<std::uint16_t>(number_in_url(url, "port", text.substr(1), 1, 65535));
}

}  // namespace

LinkUrl parse_link_url(const std::string& url) {
  const auto colon = url.find("://");
  if (colon == std::string::npos) bad_url(url, "no scheme, expected for example tcp://host:port");
  LinkUrl result;
  result.scheme = scheme_of(url, std::string_view(url).substr(0, colon));
  std::string_view rest = std::string_view(url).substr(colon + 3);
  const auto question = rest.find('?');
  if (question != std::string_view::npos) {
    split_query(url, rest.substr(question + 1), result);
    rest = rest.substr(0, question);
  }
  if (result.scheme == Scheme::serial || result.scheme == Scheme::pty) {
    if (!rest.starts_with('/'))
      bad_url(url, "no device path, expected for example pty:///dev/pts/3");
    result.path = rest;
  } else {
    split_authority(url, rest, result);
  }
  apply_query(url, result);
  return result;
}

std::string to_string(const SerialSettings& settings) {
  const char parity = settings.parity == Parity::none   ? 'N'
                      : settings.parity == Parity::even ? 'E'
                                                        : 'O';
  return fmt::format("{} {}{}{}", settings.baud, settings.data_bits, parity, settings.stop_bits);
}

}  // namespace meterproof::link
