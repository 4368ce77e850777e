#include "harness/bench/child_process.hpp"

#include <fcntl.h>
#include <linux/close_range.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/process/v2/environment.hpp>
#include <boost/process/v2/process.hpp>
#include <boost/process/v2/src.hpp>
#include <boost/process/v2/start_dir.hpp>
#include <boost/process/v2/stdio.hpp>
#include <cerrno>
#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <deque>
#include <filesystem>
#include <mutex>
#include <thread>

#include "harness/errors.hpp"

namespace meterproof::bench {
namespace {

namespace process = boost::process::v2;

constexpr std::size_t k_most_lines_kept = 10'000;
constexpr std::size_t k_longest_line = 64 * 1024;

// Runs between fork and exec: async-signal-safe calls only.
struct CleanChild {
  bool own_group;
  std::vector<const char*> environment;

  boost::system::error_code on_setup(process::posix::default_launcher& launcher,
                                     const process::filesystem::path&, const char* const*) {
    launcher.env = environment.data();
    return {};
  }
  boost::system::error_code on_exec_setup(process::posix::default_launcher&,
                                          const process::filesystem::path&, const char* const*) {
    if (own_group) ::setpgid(0, 0);
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::signal(SIGPIPE, SIG_DFL);
    // Whatever was opened without CLOEXEC, by us or by a library, stays here.
    ::syscall(SYS_close_range, 3u, ~0u, CLOSE_RANGE_CLOEXEC);
    return {};
  }
};

ExitStatus from_native(int native) {
  return WIFSIGNALED(native) ? ExitStatus{true, WTERMSIG(native)}
                             : ExitStatus{false, WEXITSTATUS(native)};
}

std::vector<std::string> merged_environment(const std::map<std::string, std::string>& added) {
  std::vector<std::string> all;
  for (char** entry = ::environ; *entry; ++entry) {
    const std::string_view text(*entry);
    if (!added.contains(std::string(text.substr(0, text.find('='))))) all.emplace_back(text);
  }
  for (const auto& [name, value] : added) all.push_back(name + "=" + value);
  return all;
}

}  // namespace

// Not in the anonymous namespace: State would then differ between unity and single builds.
class ChildDescriptor {
 public:
  explicit ChildDescriptor(int number = -1) : number_(number) {}
  ~ChildDescriptor() { reset(); }
  ChildDescriptor(const ChildDescriptor&) = delete;
  ChildDescriptor& operator=(const ChildDescriptor&) = delete;
  void reset(int number = -1) {
    if (number_ >= 0) ::close(number_);
    number_ = number;
  }
  int get() const { return number_; }

 private:
  int number_;
};

struct ChildProcess::State {
  std::string program;
  boost::asio::io_context context;
  pid_t pid = -1;
  std::optional<ExitStatus> status;
  bool own_group = false;
  bool released = false;

  ChildDescriptor output, log, wake{::eventfd(0, EFD_CLOEXEC)};
  std::mutex mutex;
  std::condition_variable_any changed;
  std::deque<std::string> lines;
  std::deque<std::string> last_lines;  // for messages
  bool output_ended = false;
  std::jthread reader;

  ~State() {
    if (pid > 0 && !released && !poll_exit()) {
      kill_all();
      wait_native();
    }
    const std::uint64_t one = 1;
    if (::write(wake.get(), &one, sizeof one) < 0) reader.detach();
  }

  // Also what it started in its group; only before it is reaped, when its number is still its own.
  void kill_all() const { ::kill(own_group ? -pid : pid, SIGKILL); }
  bool poll_exit() {
    if (status) return true;
    int native = 0;
    if (::waitpid(pid, &native, WNOHANG) == pid) status = from_native(native);
    return status.has_value();
  }
  void wait_native() {
    int native = 0;
    pid_t result;
    do result = ::waitpid(pid, &native, 0);
    while (result < 0 && errno == EINTR);
    if (result == pid) status = from_native(native);
  }

  void read_output() {
    std::string pending;
    char buffer[4096];
    for (;;) {
      pollfd both[2] = {{output.get(), POLLIN, 0}, {wake.get(), POLLIN, 0}};
      if (::poll(both, 2, -1) < 0 && errno != EINTR) break;
      if (both[1].revents) break;
      if (!both[0].revents) continue;
      const ssize_t got = ::read(output.get(), buffer, sizeof buffer);
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) break;
      const std::string_view chunk(buffer, static_cast<std::size_t>(got));
      if (log.get() >= 0 && ::write(log.get(), chunk.data(), chunk.size()) < 0) log.reset();
      for (const char c : chunk) {
        if (c != '\n' && pending.size() < k_longest_line) {
          pending += c;
          continue;
        }
        add_line(std::exchange(pending, c == '\n' ? "" : std::string(1, c)));
      }
    }
    if (!pending.empty()) add_line(pending);
    const std::lock_guard lock(mutex);
    output_ended = true;
    changed.notify_all();
  }
  void add_line(std::string line) {
    const std::lock_guard lock(mutex);
    last_lines.push_back(line);
    if (last_lines.size() > 5) last_lines.pop_front();
    lines.push_back(std::move(line));
    if (lines.size() > k_most_lines_kept) lines.pop_front();
    changed.notify_all();
  }
  std::string last_words() const {
    std::string text;
    for (const std::string& line : last_lines) text += "\n  " + line;
    return text.empty() ? "; it wrote nothing" : "; it wrote last:" + text;
  }
};

std::string to_string(const ExitStatus& status) {
  return (status.by_signal ? "killed by signal " : "exit code ") + std::to_string(status.code);
}

ChildProcess::ChildProcess(const std::vector<std::string>& arguments, const ChildOptions& options)
    : state_(std::make_unique<State>()) {
  if (arguments.empty()) throw harness::InternalError("a child process without a program");
  state_->program = arguments.front();
  state_->own_group = options.own_group;
  const auto executable = state_->program.find('/') != std::string::npos
                              ? process::filesystem::path(state_->program)
                              : process::environment::find_executable(state_->program);
  if (executable.empty())
    throw harness::BenchError("cannot start '" + state_->program + "': not found in PATH");

  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0)
    throw harness::BenchError(std::string("cannot make a pipe: ") + std::strerror(errno));
  state_->output.reset(ends[0]);
  ChildDescriptor child_end(ends[1]);
  ChildDescriptor null(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  if (!options.log_file.empty()) {
    state_->log.reset(::open(options.log_file.c_str(),
                             O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, 0644));
    if (state_->log.get() < 0)
      throw harness::BenchError("cannot write " + options.log_file + ": " + std::strerror(errno));
  }

  const std::vector<std::string> environment = merged_environment(options.environment);
  CleanChild clean{options.own_group, {}};
  for (const std::string& entry : environment) clean.environment.push_back(entry.c_str());
  clean.environment.push_back(nullptr);
  process::process_stdio streams;
  streams.in.fd = options.standard_input >= 0 ? options.standard_input : null.get();
  streams.out.fd = child_end.get();
  if (state_->log.get() >= 0) streams.err.fd = state_->log.get();
  process::process_start_dir directory(  // a const one would be passed over without a word
      options.start_directory.empty() ? process::filesystem::current_path()
                                      : process::filesystem::path(options.start_directory));

  const std::vector<std::string> rest(arguments.begin() + 1, arguments.end());
  std::fflush(
      nullptr);  // a failed exec ends the copy of us through exit(), which would flush again
  process::posix::default_launcher launcher;
  try {
    process::process child = launcher(state_->context, executable, rest, streams, directory, clean);
    state_->pid = child.id();
    // Waiting and killing is ours: the library mixes up an exit code and a signal's number.
    child.detach();
  } catch (const boost::system::system_error& error) {
    throw harness::BenchError("cannot start '" + state_->program + "': " + error.code().message());
  }
  state_->reader = std::jthread([state = state_.get()] { state->read_output(); });
}

ChildProcess::~ChildProcess() = default;
ChildProcess::ChildProcess(ChildProcess&&) noexcept = default;
ChildProcess& ChildProcess::operator=(ChildProcess&&) noexcept = default;

int ChildProcess::pid() const { return static_cast<int>(state_->pid); }

std::string ChildProcess::wait_line(const std::function<bool(std::string_view)>& accept,
                                    harness::Deadline deadline, std::stop_token stop) {
  std::unique_lock lock(state_->mutex);
  for (;;) {
    while (!state_->lines.empty()) {
      std::string line = std::move(state_->lines.front());
      state_->lines.pop_front();
      if (accept(line)) return line;
    }
    if (state_->output_ended)
      throw harness::BenchError("'" + state_->program + "' ended its output too soon" +
                                state_->last_words());
    if (stop.stop_requested())
      throw harness::Cancelled("stopped while waiting for '" + state_->program + "'");
    if (deadline.passed())
      throw harness::BenchError("'" + state_->program + "' did not say what was awaited in time" +
                                state_->last_words());
    const auto ready = [this] { return !state_->lines.empty() || state_->output_ended; };
    if (deadline.when() == harness::WallTime::max())
      state_->changed.wait(lock, stop, ready);
    else
      state_->changed.wait_until(lock, stop, deadline.when(), ready);
  }
}

std::optional<ExitStatus> ChildProcess::exit_status() {
  state_->poll_exit();
  return state_->status;
}

std::optional<ExitStatus> ChildProcess::wait_exit(harness::Deadline deadline) {
  if (state_->poll_exit()) return state_->status;
  const ChildDescriptor handle(static_cast<int>(::syscall(SYS_pidfd_open, pid(), 0)));
  pollfd ended{handle.get(), POLLIN, 0};
  while (!deadline.passed() && ::poll(&ended, 1, deadline.poll_milliseconds()) < 0 &&
         errno == EINTR) {
  }
  state_->poll_exit();
  return state_->status;
}

void ChildProcess::send_signal(int number) {
  if (!state_->poll_exit()) ::kill(pid(), number);
}

ExitStatus ChildProcess::terminate(std::chrono::milliseconds grace) {
  send_signal(SIGTERM);
  if (const auto status = wait_exit(harness::Deadline::after(grace))) return *status;
  if (!state_->poll_exit()) {
    state_->kill_all();
    state_->wait_native();
  }
  return state_->status.value_or(ExitStatus{true, SIGKILL});
}

void ChildProcess::release() { state_->released = true; }

std::string own_program(const std::string& name) {
  std::string variable = "METERPROOF_";
  for (const char c : name.substr(name.rfind("meterproof-", 0) == 0 ? 11 : 0))
    variable += c == '-' ? '_' : static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  if (const char* path = std::getenv(variable.c_str())) return path;
  std::error_code error;
  const auto here = std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
  const auto beside_us = here / name;
  if (::access(beside_us.c_str(), X_OK) == 0) return beside_us.string();
  throw harness::BenchError("program '" + name + "' is not beside " + here.string() + " (set " +
                            variable + " to its path)");
}

}  // namespace meterproof::bench
