// Supervisor: a process of its own that switches the source off when we cannot.
//
// It starts before anything is energised, holds the off-commands and its own connection to every
// instrument they go to, and listens to us on a private socket: a heartbeat each 100 ms. When the
// heartbeat stays away for 600 ms (we hang or are stopped) or the socket ends without a goodbye (we
// died), it kills us for good and sends the off-commands in order: the source is off within one
// second of our death. It lives in its own session, so no Ctrl-C and no hang-up reaches it.
//
// The heartbeat is needed beside the end of the socket because a sibling process could hold our end
// open; a parent-death signal would fire already when a thread dies.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "harness/deadline.hpp"

namespace meterproof::bench {

struct OffCommand {
  std::string url;
  std::string bytes;
  std::string expected_reply;  // a line, without its end; empty: none is awaited
};

struct SupervisorOptions {
  std::string program;   // empty: own_program("meterproof-supervisor")
  std::string log_file;  // what it did and when; empty: nowhere
  std::chrono::milliseconds heartbeat{100};
  std::chrono::milliseconds lost_after{600};
  // Called from the heartbeat thread when the supervisor itself has gone: make the bench safe.
  std::function<void()> on_lost;
};

class Supervisor {
 public:
  // Starts the process. Throws BenchError when that fails.
  explicit Supervisor(SupervisorOptions options);
  // Without a goodbye() it is told to switch off at once.
  ~Supervisor();
  Supervisor(const Supervisor&) = delete;
  Supervisor& operator=(const Supervisor&) = delete;

  // Hands over the commands, in the order of making safe, and returns when the supervisor has
  // opened its own connections and says it is ready. Nothing may be energised before. Throws
  // BenchError with its reason when it is not.
  void arm(const std::vector<OffCommand>& commands, harness::Deadline deadline);
  // Sends the off-commands now; the supervisor stays armed. Throws BenchError when it cannot
  // confirm.
  void switch_off(harness::Deadline deadline);
  // The bench is safe: the supervisor ends without touching it.
  void goodbye();

  bool alive() const;
  int pid() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace meterproof::bench
