// The supervisor process: see harness/bench/supervisor.hpp. Arguments: the harness's pid, its start
// time (so that a reused pid is never killed), and after how many milliseconds without a heartbeat
// it counts as lost. The private socket is standard input; the log is standard error.

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>

#include "harness/bench/off_switch.hpp"
#include "harness/bench/supervisor_wire.hpp"
#include "harness/deadline.hpp"

namespace {

using meterproof::bench::Message;
using meterproof::bench::OffSwitch;
using meterproof::bench::Word;
using meterproof::harness::Deadline;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int k_socket = STDIN_FILENO;
constexpr seconds k_arm_limit{3};
constexpr milliseconds k_asked_limit{1500};
constexpr seconds k_last_effort{60};  // the harness is gone: nobody else will try
constexpr milliseconds k_kill_limit{200};

void log_line(const std::string& text) {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  tm utc{};
  ::gmtime_r(&now.tv_sec, &utc);
  std::array<char, 40> stamp{};
  std::strftime(stamp.data(), stamp.size(), "%Y-%m-%dT%H:%M:%S", &utc);
  std::array<char, 600> line{};
  const int length = std::snprintf(line.data(), line.size(), "%s.%03ldZ supervisor: %.500s\n",
                                   stamp.data(), now.tv_nsec / 1'000'000, text.c_str());
  if (::write(STDERR_FILENO, line.data(), static_cast<std::size_t>(length)) < 0) {
    // Nobody is left to tell.
  }
}

void answer(Word word, const std::string& text = "") {
  const std::string datagram = meterproof::bench::encoded(
      {word, text.empty() ? std::vector<std::string>{} : std::vector<std::string>{text}});
  if (::send(k_socket, datagram.data(), datagram.size(), MSG_NOSIGNAL) < 0)
    log_line("the harness does not take the answer");
}

// The harness, held by a descriptor that keeps meaning that very process.
class Harness {
 public:
  Harness(int pid, unsigned long long start_time)
      : descriptor_(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))) {
    if (descriptor_ >= 0 && meterproof::bench::process_start_time(pid) != start_time) {
      ::close(descriptor_);
      descriptor_ = -1;
    }
  }
  void kill_and_wait() const {
    if (descriptor_ < 0) return;
    if (::syscall(SYS_pidfd_send_signal, descriptor_, SIGKILL, nullptr, 0) == 0)
      log_line("killed the harness");
    pollfd ended{descriptor_, POLLIN, 0};
    ::poll(&ended, 1, static_cast<int>(k_kill_limit.count()));
  }

 private:
  int descriptor_;
};

enum class Ending { goodbye, unsafe_goodbye, lost };

Ending listen(OffSwitch& off, milliseconds lost_after) {
  std::string buffer(meterproof::bench::k_largest_message, '\0');
  auto last_heard = meterproof::harness::WallClock::now();
  for (;;) {
    const Deadline deadline =
        off.armed() ? Deadline::at(last_heard + lost_after) : Deadline::never();
    pollfd socket{k_socket, POLLIN, 0};
    const int ready = ::poll(&socket, 1, deadline.poll_milliseconds());
    if (ready < 0 && errno == EINTR) continue;
    if (ready == 0) {
      if (!deadline.passed()) continue;
      log_line("no heartbeat for " + std::to_string(lost_after.count()) + " ms");
      return Ending::lost;
    }
    const ssize_t got = ::recv(k_socket, buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (got <= 0) {
      log_line("the harness ended without a goodbye");
      return Ending::lost;
    }
    const auto message = meterproof::bench::decoded({buffer.data(), static_cast<std::size_t>(got)});
    if (!message) continue;
    if (message->word == Word::arm) {
      const auto commands = meterproof::bench::arm_commands(*message);
      const std::string problem =
          commands ? off.prepare(*commands, Deadline::after(k_arm_limit)) : "malformed commands";
      log_line(problem.empty() ? "ready" : "not ready: " + problem);
      answer(problem.empty() ? Word::ready : Word::failed, problem);
    } else if (message->word == Word::switch_off) {
      log_line("asked to switch off");
      if (off.switch_off(Deadline::after(k_asked_limit)))
        answer(Word::done);
      else
        answer(Word::failed, "not every off-command was confirmed");
    } else if (message->word == Word::goodbye) {
      return Ending::goodbye;
    } else if (message->word == Word::unsafe_goodbye) {
      return Ending::unsafe_goodbye;
    }
    last_heard = meterproof::harness::WallClock::now();
  }
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 4) {
    std::fputs("meterproof-supervisor is started by meterproof itself\n", stderr);
    return 2;
  }
  ::setsid();
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE}) ::signal(number, SIG_IGN);
  if (::chdir("/") != 0) return 2;

  const Harness harness(std::atoi(arguments[1]), std::strtoull(arguments[2], nullptr, 10));
  OffSwitch off(log_line);
  const Ending ending = listen(off, milliseconds(std::atoi(arguments[3])));
  if (ending == Ending::goodbye || !off.armed()) return 0;
  if (ending == Ending::lost) harness.kill_and_wait();
  const bool safe = off.switch_off(Deadline::after(k_last_effort));
  log_line(safe ? "the bench is safe" : "GIVING UP: THE SOURCE MAY STILL BE ON");
  return safe ? 0 : 1;
}
