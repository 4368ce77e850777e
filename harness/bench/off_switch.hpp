// OffSwitch: the off-commands with their open links, and the stubbornness to get them through. Used
// by the supervisor process only.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "harness/bench/supervisor.hpp"
#include "harness/deadline.hpp"
#include "harness/link/link.hpp"

namespace meterproof::bench {

class OffSwitch {
 public:
  using Log = std::function<void(const std::string&)>;
  explicit OffSwitch(Log log) : log_(std::move(log)) {}

  // Opens a link for each command. Empty when all are open, otherwise why not.
  std::string prepare(const std::vector<OffCommand>& commands, harness::Deadline deadline);
  // Sends every command in order and repeats those that failed until the deadline. An instrument
  // that does not answer delays the others by one short attempt only. True when all got through.
  bool switch_off(harness::Deadline deadline);
  bool armed() const { return !lines_.empty(); }

 private:
  struct Line {
    OffCommand command;
    std::unique_ptr<link::Link> link;  // null: to be opened again
  };
  bool attempt(Line& line);
  bool await_reply(Line& line, harness::Deadline deadline, bool fresh);

  Log log_;
  std::vector<Line> lines_;
};

}  // namespace meterproof::bench
