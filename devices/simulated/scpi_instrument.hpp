// ScpiInstrument: the SCPI face of a simulated instrument: a table of commands. ScpiConversation is
// one client's connection to it, with an error queue of its own, so that the supervisor's
// connection is never confused by the harness's.
#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "devices/scpi/message.hpp"
#include "harness/clock.hpp"

namespace meterproof::simulated {

struct ScpiCall {
  std::vector<int> suffixes;
  const std::vector<std::string>& arguments;
};

struct ScpiOutcome {
  scpi::ScpiError error{};
  std::string text{};                              // of a query
  std::optional<harness::BenchTime> not_before{};  // the answer is held back until then
};

inline ScpiOutcome scpi_answer(std::string text) { return {{}, std::move(text), {}}; }
ScpiOutcome scpi_refusal(int code);  // -104, -108, -109, -114, -222, -224

struct ScpiCommand {
  std::string pattern;  // "SOURce:VOLTage#?"
  std::size_t arguments = 0;
  std::function<ScpiOutcome(const ScpiCall&)> run;
};

class ScpiInstrument {
 public:
  // identity: the answer to *IDN?. busy_until: the instant at which *OPC? answers.
  ScpiInstrument(std::string identity, std::function<harness::BenchTime()> busy_until,
                 std::vector<ScpiCommand> commands);

  ScpiOutcome run(const scpi::Unit& unit) const;
  harness::BenchTime busy_until() const { return busy_until_(); }
  const std::string& identity() const { return identity_; }

 private:
  std::string identity_;
  std::function<harness::BenchTime()> busy_until_;
  std::vector<ScpiCommand> commands_;
};

class ScpiConversation {
 public:
  explicit ScpiConversation(const ScpiInstrument& instrument) : instrument_(instrument) {}

  struct Reply {
    std::string text;  // answers of the line's queries, joined by ';'; empty: nothing to send
    harness::BenchTime not_before;
  };
  // One line without its end.
  Reply handle(std::string_view line);

 private:
  ScpiOutcome common(const scpi::Unit& unit, bool& known);
  void queue(scpi::ScpiError error);

  const ScpiInstrument& instrument_;
  std::deque<scpi::ScpiError> errors_;
};

}  // namespace meterproof::simulated
