// ChildProcess: another program of ours (the world, a peer, the supervisor), started, listened to
// and never left behind.
//
// A child gets its own process group (a Ctrl-C meant for us does not reach it), no descriptor of
// ours but its three standard ones, and default signal handling. Destruction kills and reaps it.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "harness/deadline.hpp"

namespace meterproof::bench {

struct ExitStatus {
  bool by_signal = false;
  int code = 0;  // exit code, or the signal's number
  bool operator==(const ExitStatus&) const = default;
};
std::string to_string(const ExitStatus& status);  // "exit code 3", "killed by signal 9"

struct ChildOptions {
  bool own_group = true;
  std::map<std::string, std::string> environment;  // added to ours
  std::string start_directory;                     // empty: ours
  // Where what it writes to standard error goes (appended); empty: to ours. Standard output also
  // goes there, beside being read line by line.
  std::string log_file;
  int standard_input = -1;  // a descriptor of ours to give it; -1: /dev/null
};

class ChildProcess {
 public:
  // arguments[0] is the program: a path, or a name looked for in PATH. Throws BenchError when it
  // cannot be started.
  explicit ChildProcess(const std::vector<std::string>& arguments,
                        const ChildOptions& options = {});
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;
  ChildProcess(ChildProcess&&) noexcept;
  ChildProcess& operator=(ChildProcess&&) noexcept;

  int pid() const;
  // The next line of standard output (without its end) that the predicate accepts; lines before it
  // are consumed. Throws BenchError when the deadline passes or the child closes its output first,
  // naming its last lines; Cancelled on a stop.
  std::string wait_line(const std::function<bool(std::string_view)>& accept,
                        harness::Deadline deadline, std::stop_token stop = {});
  // Nothing while it runs.
  std::optional<ExitStatus> exit_status();
  std::optional<ExitStatus> wait_exit(harness::Deadline deadline);
  void send_signal(int number);
  // SIGTERM, then after the grace SIGKILL; returns how it ended.
  ExitStatus terminate(std::chrono::milliseconds grace = std::chrono::milliseconds(2000));
  // From now on it may outlive us.
  void release();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// The absolute path of a program of ours that is installed beside the running one.
// METERPROOF_SUPERVISOR in the environment overrides "meterproof-supervisor", and so on. Throws
// BenchError when there is none.
std::string own_program(const std::string& name);

}  // namespace meterproof::bench
