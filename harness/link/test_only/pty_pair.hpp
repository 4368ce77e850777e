// The other end of a line, for tests: a pseudo-terminal's master.
#pragma once

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <array>
#include <string>
#include <string_view>

#include "harness/errors.hpp"
#include "harness/link/io_wait.hpp"

namespace meterproof::link {

struct PtyPair {
  PtyPair() : master(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)) {
    std::array<char, 64> name{};
    if (!master || ::grantpt(master.get()) != 0 || ::unlockpt(master.get()) != 0 ||
        ::ptsname_r(master.get(), name.data(), name.size()) != 0) {
      throw harness::BenchError("no pseudo-terminal");
    }
    path = name.data();
  }

  void hang_up() { master = Descriptor(); }
  void write(std::string_view text) const {
    if (::write(master.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
      throw harness::BenchError("the line takes no more");
    }
  }
  // Exactly so many octets.
  std::string read(std::size_t count) const {
    std::string text;
    while (text.size() < count) {
      std::array<char, 512> buffer;
      const ssize_t got = ::read(master.get(), buffer.data(), buffer.size());
      if (got <= 0) break;
      text.append(buffer.data(), static_cast<std::size_t>(got));
    }
    return text;
  }

  Descriptor master;
  std::string path;
};

}  // namespace meterproof::link
