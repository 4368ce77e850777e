// Secrets of the bench file: read from files or the environment when they are needed, never kept in
// the Bench and never put into a message.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "harness/bench/bench_file.hpp"

namespace meterproof::bench {

struct ResolvedSecret {
  std::optional<std::vector<std::byte>> octets;
  std::string problem;  // never quotes the secret
};
// The non-throwing form of resolve() in bench_file.hpp.
ResolvedSecret try_resolve(const SecretReference& reference, const std::string& bench_file);

// Pairs of hexadecimal digits, white space between them ignored.
std::optional<std::vector<std::byte>> parse_hex(const std::string& text);

}  // namespace meterproof::bench
