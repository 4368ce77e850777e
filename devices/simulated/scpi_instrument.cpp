#include "devices/simulated/scpi_instrument.hpp"

#include <algorithm>
#include <utility>

namespace meterproof::simulated {
namespace {

constexpr std::size_t k_error_queue = 32;

std::string_view error_text(int code) {
  switch (code) {
    case -104:
      return "Data type error";
    case -108:
      return "Parameter not allowed";
    case -109:
      return "Missing parameter";
    case -113:
      return "Undefined header";
    case -114:
      return "Header suffix out of range";
    case -222:
      return "Data out of range";
    case -224:
      return "Illegal parameter value";
    case -350:
      return "Queue overflow";
    default:
      return "Command error";
  }
}

}  // namespace

ScpiOutcome scpi_refusal(int code) { return {{code, std::string(error_text(code))}, {}, {}}; }

ScpiInstrument::ScpiInstrument(std::string identity, std::function<harness::BenchTime()> busy_until,
                               std::vector<ScpiCommand> commands)
    : identity_(std::move(identity)),
      busy_until_(std::move(busy_until)),
      commands_(std::move(commands)) {}

ScpiOutcome ScpiInstrument::run(const scpi::Unit& unit) const {
  for (const ScpiCommand& command : commands_) {
    const auto suffixes = scpi::match_header(unit, command.pattern);
    if (!suffixes) continue;
    if (unit.arguments.size() < command.arguments) return scpi_refusal(-109);
    if (unit.arguments.size() > command.arguments) return scpi_refusal(-108);
    return command.run({*suffixes, unit.arguments});
  }
  return scpi_refusal(-113);
}

void ScpiConversation::queue(scpi::ScpiError error) {
  if (errors_.size() < k_error_queue) {
    errors_.push_back(std::move(error));
  } else {
    errors_.back() = {-350, std::string(error_text(-350))};
  }
}

ScpiOutcome ScpiConversation::common(const scpi::Unit& unit, bool& known) {
  known = true;
  const auto is = [&](std::string_view pattern) { return bool(scpi::match_header(unit, pattern)); };
  if (is("*IDN?")) return scpi_answer(instrument_.identity());
  if (is("*OPC?")) return {{}, "1", instrument_.busy_until()};
  if (is("SYSTem:ERRor?") || is("SYSTem:ERRor:NEXT?")) {
    const scpi::ScpiError error = errors_.empty() ? scpi::ScpiError{} : errors_.front();
    if (!errors_.empty()) errors_.pop_front();
    return scpi_answer(scpi::to_string(error));
  }
  if (is("*CLS")) {
    errors_.clear();
    return {};
  }
  known = false;
  return {};
}

ScpiConversation::Reply ScpiConversation::handle(std::string_view line) {
  Reply reply;
  bool answered = false;
  const auto message = scpi::parse_message(line);
  for (const auto& unit : message.units) {
    bool known = false;
    ScpiOutcome outcome = common(unit, known);
    if (!known) outcome = instrument_.run(unit);
    if (outcome.error.code != 0) {
      queue(outcome.error);
      continue;
    }
    if (outcome.not_before) reply.not_before = std::max(reply.not_before, *outcome.not_before);
    if (!unit.query) continue;
    if (answered) reply.text += ';';
    reply.text += outcome.text;
    answered = true;
  }
  if (message.error.code != 0) queue(message.error);
  return reply;
}

}  // namespace meterproof::simulated
