#include "devices/simulated/virtual_instruments.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numbers>
#include <utility>

namespace meterproof::simulated {
namespace {

constexpr double k_degrees = 180 / std::numbers::pi;
constexpr std::size_t k_edges_per_fetch = 1000;

using Arguments = std::vector<std::string>;
using StageOnePhase = bool (SourceModel::*)(int, double);

ScpiCommand set_phase(std::string pattern, SourceModel& source, StageOnePhase stage) {
  return {std::move(pattern), 1, [&source, stage](const ScpiCall& call) -> ScpiOutcome {
            const int phase = call.suffixes.at(0);
            const auto value = scpi::parse_number(call.arguments[0]);
            if (phase < 1 || phase > 3) return scpi_refusal(-114);
            if (!value) return scpi_refusal(-104);
            if (!(source.*stage)(phase - 1, *value)) return scpi_refusal(-222);
            return {};
          }};
}

ScpiCommand get_phase(std::string pattern, SourceModel& source,
                      double (*of)(const devices::PhaseLoad&)) {
  return {std::move(pattern), 0, [&source, of](const ScpiCall& call) -> ScpiOutcome {
            const int phase = call.suffixes.at(0);
            if (phase < 1 || phase > 3) return scpi_refusal(-114);
            return scpi_answer(fmt::format(
                "{:.9g}", of(source.staged().phases.at(static_cast<std::size_t>(phase - 1)))));
          }};
}

// "u1,u2,u3,i1,i2,i3,phi1,phi2,phi3,f": volts, amperes, degrees (current lags: positive), hertz
std::string load_text(const devices::Load& load) {
  std::string text;
  for (const auto& phase : load.phases) text += fmt::format("{:.9g},", phase.u.value);
  for (const auto& phase : load.phases) text += fmt::format("{:.9g},", phase.i.value);
  for (const auto& phase : load.phases) text += fmt::format("{:.9g},", phase.phi.value * k_degrees);
  return text + fmt::format("{:.9g}", load.frequency.value);
}

std::optional<int> channel_of(const std::string& argument, const CounterModel& counter) {
  const auto channel = scpi::parse_integer(argument);
  if (!channel || *channel < 1 || *channel > counter.channels()) return std::nullopt;
  return static_cast<int>(*channel);
}

}  // namespace

ScpiInstrument make_virtual_source(SourceModel& source, Now now) {
  std::vector<ScpiCommand> commands{
      set_phase("SOURce:VOLTage#", source, &SourceModel::stage_voltage),
      set_phase("SOURce:CURRent#", source, &SourceModel::stage_current),
      set_phase("SOURce:PHASe#", source, &SourceModel::stage_phase),
      get_phase("SOURce:VOLTage#?", source, [](const devices::PhaseLoad& p) { return p.u.value; }),
      get_phase("SOURce:CURRent#?", source, [](const devices::PhaseLoad& p) { return p.i.value; }),
      get_phase("SOURce:PHASe#?", source,
                [](const devices::PhaseLoad& p) { return p.phi.value * k_degrees; }),
      {"SOURce:FREQuency", 1,
       [&source](const ScpiCall& call) -> ScpiOutcome {
         const auto value = scpi::parse_number(call.arguments[0]);
         if (!value) return scpi_refusal(-104);
         if (!source.stage_frequency(*value)) return scpi_refusal(-222);
         return {};
       }},
      {"SOURce:FREQuency?", 0,
       [&source](const ScpiCall&) {
         return scpi_answer(fmt::format("{:.9g}", source.staged().frequency.value));
       }},
      {"SOURce:STATe?", 0,
       [&source, now](const ScpiCall&) {
         now();
         return scpi_answer((source.output() ? "1," : "0,") + load_text(source.set_points()));
       }},
      {"*RST", 0, [&source, now](const ScpiCall&) -> ScpiOutcome {
         source.off(now());
         now();
         return {};
       }}};
  for (const char* pattern : {"OUTPut", "OUTPut:STATe"}) {
    commands.push_back({pattern, 1, [&source, now](const ScpiCall& call) -> ScpiOutcome {
                          const auto on = scpi::parse_boolean(call.arguments[0]);
                          if (!on) return scpi_refusal(-224);
                          if (*on) {
                            source.commit(now());
                          } else {
                            source.off(now());
                          }
                          now();  // what is due at once has happened when the next command comes
                          return {};
                        }});
    commands.push_back({std::string(pattern) + "?", 0, [&source](const ScpiCall&) {
                          return scpi_answer(source.output() ? "1" : "0");
                        }});
  }
  return {"Meterproof,Virtual Source 3x300V 125A,VS000001,1.0",
          [&source] { return source.settled_at(); }, std::move(commands)};
}

ScpiInstrument make_virtual_reference(ReferenceModel& reference, Now now) {
  std::vector<ScpiCommand> commands{
      {"READ?", 0,
       [&reference, now](const ScpiCall&) {
         const auto reading = reference.read(now());
         return scpi_answer(fmt::format("{},{},{:.12g},{}", reading.instrument_ns,
                                        reading.count.text(), reading.power,
                                        load_text(reading.load)));
       }},
      {"CONStant?", 0, [&reference](const ScpiCall&) {
         return scpi_answer(fmt::format("{:.15g}", reference.constant()));
       }}};
  return {"Meterproof,Virtual Reference 0.02,VR000001,1.0", [] { return harness::BenchTime{}; },
          std::move(commands)};
}

ScpiInstrument make_virtual_counter(CounterModel& counter, Now now) {
  std::vector<ScpiCommand> commands{
      {"COUNt:EDGEs?", 3,
       [&counter, now](const ScpiCall& call) -> ScpiOutcome {
         const auto channel = channel_of(call.arguments[0], counter);
         const auto first = scpi::parse_integer(call.arguments[1]);
         const auto limit = scpi::parse_integer(call.arguments[2]);
         if (!channel) return scpi_refusal(-222);
         if (!first || !limit) return scpi_refusal(-104);
         now();
         const auto edges =
             counter.fetch(*channel, static_cast<std::uint64_t>(*first),
                           std::min(static_cast<std::size_t>(*limit), k_edges_per_fetch));
         std::string text = std::to_string(edges.size());
         for (const auto& edge : edges)
           text += fmt::format(",{},{},{}", edge.index, edge.counter_ns, edge.latched.text());
         return scpi_answer(std::move(text));
       }},
      {"COUNt:POSition?", 1,
       [&counter, now](const ScpiCall& call) -> ScpiOutcome {
         const auto channel = channel_of(call.arguments[0], counter);
         if (!channel) return scpi_refusal(-222);
         const auto time = now();
         return scpi_answer(fmt::format("{},{}", counter.next_index(*channel), counter.time(time)));
       }},
      {"COUNt:TIME?", 0,
       [&counter, now](const ScpiCall&) {
         return scpi_answer(std::to_string(counter.time(now())));
       }},
      {"COUNt:CHANnels?", 0,
       [&counter](const ScpiCall&) { return scpi_answer(std::to_string(counter.channels())); }}};
  return {"Meterproof,Virtual Counter,VC000001,1.0", [] { return harness::BenchTime{}; },
          std::move(commands)};
}

}  // namespace meterproof::simulated
