#include <fmt/format.h>

#include <cmath>
#include <numbers>

#include "devices/registry.hpp"
#include "devices/scpi/message.hpp"
#include "devices/scpi/profile.hpp"
#include "devices/scpi/session.hpp"

namespace meterproof::devices {
namespace {

using harness::Deadline;

constexpr std::chrono::seconds k_off_patience{5};
// Between a set point and the state read back: what decimal text may cost, not what the output may
// be off by.
constexpr double k_readback_relative = 1e-5;
constexpr double k_readback_absolute = 1e-5;

std::map<std::string, std::string> load_values(const Load& load) {
  std::map<std::string, std::string> values;
  for (std::size_t n = 0; n < 3; ++n) {
    const std::string phase = std::to_string(n + 1);
    values["u" + phase] = fmt::format("{:.9g}", load.phases[n].u.value);
    values["i" + phase] = fmt::format("{:.9g}", load.phases[n].i.value);
    values["phi" + phase] =
        fmt::format("{:.9g}", load.phases[n].phi.value * 180 / std::numbers::pi);
  }
  values["f"] = fmt::format("{:.9g}", load.frequency.value);
  return values;
}

// A source that speaks SCPI as its profile says. Thread safe.
class ScpiSource final : public Source {
 public:
  ScpiSource(const bench::Instrument& instrument, const DriverOptions& options)
      : profile_(scpi::load_profile(find_profile(instrument, options), "source")),
        session_(instrument.name, instrument.link, profile_.terminator, profile_.errors,
                 options.transcript) {}

  void apply(const Load& load, Deadline deadline, std::stop_token stop) override {
    const auto values = load_values(load);
    std::vector<std::string> lines;
    for (const auto& command : profile_.load_commands) lines.push_back(scpi::fill(command, values));
    session_.command(lines, deadline, stop);
    const std::string done = session_.query(profile_.complete, deadline, stop);
    if (scpi::parse_number(done) != 1.0)
      session_.fault("'" + profile_.complete + "' was answered with '" + done + "'");
    if (profile_.state) verify(values, deadline, stop);
  }

  void off() override {
    try {
      confirm_off();
    } catch (const harness::BenchError&) {
      confirm_off();  // over a new connection
    }
  }

  std::vector<OffCommand> off_commands() const override {
    std::vector<OffCommand> commands;
    for (const auto& command : profile_.off_commands)
      commands.push_back({session_.url(), command + profile_.terminator});
    commands.push_back(
        {session_.url(), profile_.off_query + profile_.terminator, profile_.off_answer});
    return commands;
  }

  std::string identity() override {
    return session_.query("*IDN?", Deadline::after(k_off_patience), {});
  }

 private:
  void verify(const std::map<std::string, std::string>& wanted, Deadline deadline,
              const std::stop_token& stop) {
    const std::string answer = session_.query(profile_.state->query, deadline, stop);
    const auto state = scpi::name_fields(profile_.state->fields, scpi::split_answer(answer));
    if (!state) session_.fault("its state has the wrong number of fields: '" + answer + "'");
    for (const auto& [field, text] : *state) {
      const auto value = scpi::parse_number(text);
      if (!value) session_.fault("'" + text + "' is no value of '" + field + "'");
      const auto set_point = wanted.find(field);
      const double expected = field == "output" ? 1 : *scpi::parse_number(set_point->second);
      if (std::abs(*value - expected) >
          k_readback_absolute + k_readback_relative * std::abs(expected))
        session_.fault(
            fmt::format("reports {} = {} after it was set to {}", field, text, expected));
    }
  }

  void confirm_off() {
    const Deadline deadline = Deadline::after(k_off_patience);
    session_.command(profile_.off_commands, deadline, {});
    const std::string answer = session_.query(profile_.off_query, deadline, {});
    if (answer != profile_.off_answer)
      session_.fault("is not off: '" + profile_.off_query + "' was answered with '" + answer + "'");
  }

  scpi::Profile profile_;
  scpi::Session session_;
};

[[maybe_unused]] const bool k_scpi_source_registered =
    SourceDrivers::instance().add("scpi", [](const auto& instrument, const auto& options) {
      return std::make_unique<ScpiSource>(instrument, options);
    });

}  // namespace
}  // namespace meterproof::devices
