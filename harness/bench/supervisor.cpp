#include "harness/bench/supervisor.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <optional>
#include <thread>

#include "harness/bench/child_process.hpp"
#include "harness/bench/supervisor_wire.hpp"
#include "harness/errors.hpp"

namespace meterproof::bench {

struct Supervisor::State {
  int socket = -1;
  std::optional<ChildProcess> process;
  SupervisorOptions options;
  bool armed = false;
  std::atomic<bool> lost{false};
  std::mutex sending, asking;
  std::jthread heart;

  ~State() {
    heart = {};
    if (socket >= 0) ::close(socket);
  }

  bool send(const Message& message) {
    const std::string text = encoded(message);
    const std::lock_guard lock(sending);
    ssize_t sent;
    do sent = ::send(socket, text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    while (sent < 0 && errno == EINTR);
    // A full socket is a supervisor that does not read: no better than a dead one.
    return sent == static_cast<ssize_t>(text.size());
  }

  void beat(const std::stop_token& stop) {
    std::mutex mutex;
    std::condition_variable_any ended;
    std::unique_lock lock(mutex);
    while (!stop.stop_requested()) {
      if (!send({Word::heartbeat, {}})) {
        lost = true;
        try {
          if (options.on_lost) options.on_lost();
        } catch (const std::exception&) {
          // The bench could not be made safe from here. An exception would end this process, and
          // with it whoever can still try.
        }
        return;
      }
      ended.wait_for(lock, stop, options.heartbeat, [] { return false; });
    }
  }

  Message ask(const Message& question, harness::Deadline deadline) {
    const std::lock_guard one_at_a_time(asking);
    std::array<char, 4096> stale{};
    while (::recv(socket, stale.data(), stale.size(), MSG_DONTWAIT) > 0) {
      // The answer to a question that was given up.
    }
    if (!send(question)) throw harness::BenchError("the supervisor process has gone");
    std::array<char, 4096> buffer{};
    for (;;) {
      pollfd answer{socket, POLLIN, 0};
      const int ready = ::poll(&answer, 1, deadline.poll_milliseconds());
      if (ready < 0 && errno == EINTR) continue;
      if (ready <= 0) throw harness::BenchError("the supervisor does not answer in time");
      const ssize_t got = ::recv(socket, buffer.data(), buffer.size(), MSG_DONTWAIT);
      if (got < 0 && (errno == EINTR || errno == EAGAIN)) continue;
      if (got <= 0) throw harness::BenchError("the supervisor process has gone");
      const auto message = decoded({buffer.data(), static_cast<std::size_t>(got)});
      if (!message) throw harness::InternalError("the supervisor sent what is not a message");
      if (message->word == Word::failed)
        throw harness::BenchError("supervisor: " +
                                  (message->fields.empty() ? "failed" : message->fields.front()));
      return *message;
    }
  }
};

Supervisor::Supervisor(SupervisorOptions options) : state_(std::make_unique<State>()) {
  state_->options = std::move(options);
  const SupervisorOptions& own = state_->options;
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
    throw harness::BenchError(std::string("cannot make a socket pair: ") + std::strerror(errno));
  state_->socket = ends[0];
  struct Closer {
    int end;
    ~Closer() { ::close(end); }
  } theirs{ends[1]};
  const int self = ::getpid();
  ChildOptions child;
  child.own_group = false;  // it makes a session of its own, which a group leader may not
  child.standard_input = theirs.end;
  child.log_file = own.log_file;
  state_->process.emplace(
      std::vector<std::string>{
          own.program.empty() ? own_program("meterproof-supervisor") : own.program,
          std::to_string(self), std::to_string(process_start_time(self)),
          std::to_string(own.lost_after.count())},
      child);
}

Supervisor::~Supervisor() {
  if (state_->armed && !state_->lost) {
    try {
      switch_off(harness::Deadline::after(std::chrono::seconds(2)));
    } catch (const std::exception&) {
      // We live and are about to leave the bench unsafe: it goes on trying without us.
      state_->heart = {};
      state_->send({Word::unsafe_goodbye, {}});
      state_->process->release();
      return;
    }
  }
  goodbye();
}

void Supervisor::arm(const std::vector<OffCommand>& commands, harness::Deadline deadline) {
  if (commands.empty()) throw harness::InternalError("a supervisor without off-commands");
  const Message message = arm_message(commands);
  if (encoded(message).size() > k_largest_message)
    throw harness::InternalError("the off-commands are too long for one message");
  state_->ask(message, deadline);
  state_->armed = true;
  if (!state_->heart.joinable())
    state_->heart =
        std::jthread([state = state_.get()](std::stop_token stop) { state->beat(stop); });
}

void Supervisor::switch_off(harness::Deadline deadline) {
  state_->ask({Word::switch_off, {}}, deadline);
}

void Supervisor::goodbye() {
  state_->heart = {};
  state_->send({Word::goodbye, {}});
  state_->process->wait_exit(harness::Deadline::after(std::chrono::seconds(2)));
  state_->armed = false;
}

bool Supervisor::alive() const { return !state_->lost && !state_->process->exit_status(); }
int Supervisor::pid() const { return state_->process->pid(); }

}  // namespace meterproof::bench
