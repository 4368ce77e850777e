// ServerProcess: the serving half of a benchmark in a process of its own, so that its processor
// time and memory are its own too. For the benchmark programs only.
#pragma once

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <exception>
#include <iostream>
#include <stdexcept>
#include <string>

namespace meterproof::benchmarks {

[[noreturn]] inline void give_up(const std::string& what) { throw std::runtime_error(what); }
inline void must(bool good, const char* what) {
  if (!good) give_up(what);
}

class ServerProcess {
 public:
  // serve is called in the child; what it tells through the descriptor, until it closes it, is
  // where(). It serves until this process ends or the destructor runs.
  template <class Serve>
  explicit ServerProcess(Serve serve) {
    std::array<int, 2> ends{};
    must(::pipe(ends.data()) == 0, "pipe");
    const pid_t parent = ::getpid();
    child_ = ::fork();
    must(child_ >= 0, "fork");
    if (child_ == 0) {
      ::close(ends[0]);
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      if (::getppid() != parent) ::_exit(1);
      try {
        serve(ends[1]);
      } catch (const std::exception& error) {
        std::cerr << "server: " << error.what() << '\n';
      }
      ::_exit(1);
    }
    ::close(ends[1]);
    std::array<char, 4096> text{};
    ssize_t count = 0;
    while ((count = ::read(ends[0], text.data(), text.size())) > 0)
      where_.append(text.data(), static_cast<std::size_t>(count));
    ::close(ends[0]);
    must(!where_.empty(), "the server did not start");
  }
  ~ServerProcess() {
    ::kill(child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
  }
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  const std::string& where() const { return where_; }
  pid_t id() const { return child_; }

 private:
  pid_t child_ = -1;
  std::string where_;
};

inline void tell(int descriptor, const std::string& where) {
  for (std::size_t at = 0; at < where.size();) {
    const ssize_t count = ::write(descriptor, where.data() + at, where.size() - at);
    must(count > 0, "write");
    at += static_cast<std::size_t>(count);
  }
  ::close(descriptor);
}

}  // namespace meterproof::benchmarks
