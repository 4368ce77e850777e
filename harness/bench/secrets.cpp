#include "harness/bench/secrets.hpp"

#include <cstdlib>

#include "harness/bench/small_file.hpp"

namespace meterproof::bench {
namespace {

constexpr std::size_t k_longest_secret = 64 * 1024;

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::optional<std::vector<std::byte>> parse_hex(const std::string& text) {
  std::vector<std::byte> octets;
  int high = -1;
  for (const char c : text) {
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n') continue;
    const int digit = hex_digit(c);
    if (digit < 0) return std::nullopt;
    if (high >= 0) octets.push_back(static_cast<std::byte>(high * 16 + digit));
    high = high >= 0 ? -1 : digit;
  }
  if (high >= 0) return std::nullopt;
  return octets;
}

ResolvedSecret try_resolve(const SecretReference& reference, const std::string& bench_file) {
  std::string raw;
  std::string where;
  if (reference.from == SecretReference::From::environment) {
    where = "environment variable " + reference.name;
    const char* value = std::getenv(reference.name.c_str());
    if (!value) return {std::nullopt, where + " is not set"};
    raw = value;
  } else if (reference.from == SecretReference::From::file) {
    const std::string path = beside(bench_file, reference.name);
    where = "secret file " + path;
    SmallFile file = read_small_file(path, k_longest_secret);
    if (!file.content) return {std::nullopt, where + " cannot be read: " + file.problem};
    raw = std::move(*file.content);
  } else {
    return {std::nullopt, "no secret is given"};
  }

  std::optional<std::vector<std::byte>> octets;
  if (reference.encoding == "hex") {
    octets = parse_hex(raw);
    if (!octets) return {std::nullopt, where + " does not hold pairs of hexadecimal digits"};
  } else {
    if (!raw.empty() && raw.back() == '\n') raw.pop_back();
    if (!raw.empty() && raw.back() == '\r') raw.pop_back();
    const auto* first = reinterpret_cast<const std::byte*>(raw.data());
    octets.emplace(first, first + raw.size());
  }
  if (octets->empty()) return {std::nullopt, where + " is empty"};
  return {std::move(octets), ""};
}

std::vector<std::byte> resolve(const SecretReference& reference, const std::string& bench_file) {
  ResolvedSecret secret = try_resolve(reference, bench_file);
  if (!secret.octets) throw harness::ConfigError({bench_file, 0, secret.problem});
  return std::move(*secret.octets);
}

}  // namespace meterproof::bench
