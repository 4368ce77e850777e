// Reads a whole small regular file. Never blocks on a pipe or a device and never reads more than a
// limit, because the name stands in a file that somebody wrote by hand.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace meterproof::bench {

struct SmallFile {
  std::optional<std::string> content;
  std::string problem;  // why there is none: "no such file", "larger than 65536 octets"
};
SmallFile read_small_file(const std::string& path, std::size_t most_octets);

// name as seen from the file that mentions it: absolute, or relative to that file's directory.
std::string beside(const std::string& mentioning_file, const std::string& name);

}  // namespace meterproof::bench
