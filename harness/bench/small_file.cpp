#include "harness/bench/small_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

namespace meterproof::bench {

SmallFile read_small_file(const std::string& path, std::size_t most_octets) {
  if (path.find('\0') != std::string::npos) return {std::nullopt, "not a file name"};
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (file < 0) return {std::nullopt, std::strerror(errno)};
  struct Closer {
    int descriptor;
    ~Closer() { ::close(descriptor); }
  } closer{file};
  struct stat status {};
  if (::fstat(file, &status) != 0) return {std::nullopt, std::strerror(errno)};
  if (!S_ISREG(status.st_mode)) return {std::nullopt, "not a regular file"};
  std::string content;
  char buffer[4096];
  for (;;) {
    const ssize_t got = ::read(file, buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return {std::nullopt, std::strerror(errno)};
    if (got == 0) break;
    content.append(buffer, static_cast<std::size_t>(got));
    if (content.size() > most_octets)
      return {std::nullopt, "larger than " + std::to_string(most_octets) + " octets"};
  }
  return {std::move(content), ""};
}

std::string beside(const std::string& mentioning_file, const std::string& name) {
  const std::filesystem::path path(name);
  if (path.is_absolute()) return name;
  return (std::filesystem::path(mentioning_file).parent_path() / path).string();
}

}  // namespace meterproof::bench
