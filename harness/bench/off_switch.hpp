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

  // Opens one link for each instrument. Empty when all are open, otherwise why not.
  std::string prepare(const std::vector<OffCommand>& commands, harness::Deadline deadline);
  // Sends every command in order and repeats all commands of an instrument where one failed, until
  // the deadline. An instrument that does not answer delays the others by one short attempt only.
  // True when all got through.
  bool switch_off(harness::Deadline deadline);
  bool armed() const { return !instruments_.empty(); }

 private:
  // Neighbouring commands to one URL.
  struct Instrument {
    std::string url;
    std::vector<OffCommand> commands;
    std::unique_ptr<link::Link> link;  // null: to be opened again
    std::string said;                  // last, in this effort to switch off
  };
  void say(Instrument& instrument, const std::string& what);
  bool attempt(Instrument& instrument);
  bool connect(Instrument& instrument);
  bool send(Instrument& instrument, const OffCommand& command, bool fresh, bool watched);
  bool await_reply(Instrument& instrument, const std::string& wanted, bool fresh);

  Log log_;
  std::vector<Instrument> instruments_;
};

}  // namespace meterproof::bench
