// The other process in tests of locks, children and the supervisor. Says "ready" on standard output
// when it is where the test wants it, and then waits to be ended.

#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "harness/bench/lock.hpp"
#include "harness/bench/signals.hpp"
#include "harness/bench/supervisor.hpp"
#include "harness/deadline.hpp"
#include "harness/link/link.hpp"

namespace {

using namespace meterproof;  // a program, not a room

int wait_forever(const char* word) {
  std::puts(word);
  std::fflush(stdout);
  for (;;) ::pause();
}

// Energises a source as the harness would: supervisor first.
int supervised(const std::string& program, const std::string& log, const std::string& url,
               bool leak) {
  bench::SupervisorOptions options;
  options.program = program;
  options.log_file = log;
  bench::Supervisor supervisor(options);
  supervisor.arm({{url, "OFF\n", "OK"}}, harness::Deadline::after(std::chrono::seconds(10)));
  auto source = link::open(url, {});
  if (!source) return 1;
  const std::string on = "ON\n";
  if (!(*source)->write(std::as_bytes(std::span(on.data(), on.size())),
                        harness::Deadline::after(std::chrono::seconds(5)), {}))
    return 1;
  // A sibling that was forked and keeps every descriptor of ours open; not the standard ones, else
  // whoever reads the test's output waits for the sibling too.
  if (leak && ::fork() == 0) {
    for (const int standard : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) ::close(standard);
    ::alarm(20);
    for (;;) ::pause();
  }
  return wait_forever("ready");
}

int count_signals() {
  const bench::SignalStops stops;
  std::puts("ready");
  std::fflush(stdout);
  const auto say = [](const char* word) {
    if (::write(STDOUT_FILENO, word, std::strlen(word)) < 0) std::abort();
  };
  const std::stop_callback first(stops.after_step(), [&] { say("after step\n"); });
  const std::stop_callback second(stops.abort(), [&] {
    say("abort\n");
    ::_exit(7);
  });
  for (;;) ::pause();
}

}  // namespace

int main(int count, char** arguments) {
  const std::vector<std::string> words(arguments + 1, arguments + count);
  if (words.empty()) return 2;
  if (words[0] == "exit") return std::atoi(words.at(1).c_str());
  if (words[0] == "die") ::raise(SIGKILL);
  if (words[0] == "wait") return wait_forever("ready");
  if (words[0] == "stubborn") {
    ::signal(SIGTERM, SIG_IGN);
    return wait_forever("ready");
  }
  if (words[0] == "say") {
    for (std::size_t i = 1; i < words.size(); ++i) std::puts(words[i].c_str());
    return 0;
  }
  if (words[0] == "environment") {
    std::puts(std::getenv(words.at(1).c_str()));
    return 0;
  }
  if (words[0] == "descriptors") return std::system("ls /proc/self/fd | wc -l");
  if (words[0] == "group") {
    std::printf("%s\n", ::getpgrp() == ::getpid() ? "own" : "inherited");
    return 0;
  }
  if (words[0] == "lock") {
    const bench::ResourceLock lock(words.at(2), bench::LockOwner::self("the other bench"),
                                   words.at(1));
    return wait_forever("ready");
  }
  if (words[0] == "signals") return count_signals();
  if (words[0] == "supervised" || words[0] == "supervised-leak")
    return supervised(words.at(1), words.at(2), words.at(3), words[0] == "supervised-leak");
  return 2;
}
