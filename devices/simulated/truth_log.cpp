#include "devices/simulated/truth_log.hpp"

#include <boost/json.hpp>

#include "harness/errors.hpp"

namespace meterproof::simulated {
namespace {

namespace json = boost::json;

json::array phases_of(const devices::Load& load) {
  json::array phases;
  for (const auto& phase : load.phases)
    phases.push_back({{"u", phase.u.value}, {"i", phase.i.value}, {"phi", phase.phi.value}});
  return phases;
}

}  // namespace

TruthLog::TruthLog(const std::string& path) : file_(path, std::ios::app) {
  if (!file_) throw harness::BenchError("cannot write " + path);
}

void TruthLog::write(const std::string& line) { file_ << line << std::endl; }

void TruthLog::world(std::uint64_t seed, double scale, bool noise, const ReferenceModel& reference,
                     const SourceModel& source, const std::vector<const SimulatedMeter*>& meters) {
  json::array units, phases;
  for (const auto* meter : meters) {
    const auto& model = meter->model();
    const auto& unit = meter->unit();
    units.push_back({{"position", unit.name},
                     {"serial", unit.serial},
                     {"weaknesses", json::array(unit.weaknesses.begin(), unit.weaknesses.end())},
                     {"gain", model.gain},
                     {"phase_error", model.phase_error},
                     {"low_current", model.low_current},
                     {"logarithmic", model.logarithmic},
                     {"offset_power", model.offset_power},
                     {"starting_threshold", model.starting_threshold},
                     {"creep_power", model.creep_power},
                     {"register_scale", model.register_scale},
                     {"starved_gain", model.starved_gain},
                     {"energy_wh", to_watt_hours(meter->energy_at({}))}});
  }
  for (const auto& error : source.errors())
    phases.push_back(
        {{"voltage", error.voltage}, {"current", error.current}, {"angle", error.angle}});
  write(json::serialize(json::object{
      {"type", "world"},
      {"seed", seed},
      {"scale", scale},
      {"noise", noise},
      {"reference", {{"gain", reference.gain_error()}, {"phase_error", reference.phase_error()}}},
      {"source", phases},
      {"meters", units}}));
}

void TruthLog::load(harness::BenchTime when, const devices::Load& load,
                    const ReferenceModel& reference,
                    const std::vector<const SimulatedMeter*>& meters) {
  json::object errors, energies;
  for (const auto* meter : meters) {
    errors[meter->unit().name] = meter->error_at(load);
    energies[meter->unit().name] = to_watt_hours(meter->energy_at(when));
  }
  write(json::serialize(json::object{{"type", "load"},
                                     {"bench_ns", when.nanoseconds},
                                     {"phases", phases_of(load)},
                                     {"frequency", load.frequency.value},
                                     {"power", true_power(load)},
                                     {"reference_count", reference.count_at(when).text()},
                                     {"meter_error", errors},
                                     {"energy_wh", energies}}));
}

void TruthLog::pulse(const std::string& position, harness::BenchTime when) {
  write(json::serialize(
      json::object{{"type", "pulse"}, {"position", position}, {"bench_ns", when.nanoseconds}}));
}

void TruthLog::power(const std::string& position, harness::BenchTime when, bool on) {
  write(json::serialize(json::object{
      {"type", "power"}, {"position", position}, {"bench_ns", when.nanoseconds}, {"on", on}}));
}

void TruthLog::end(harness::BenchTime when) {
  write(json::serialize(json::object{{"type", "end"}, {"bench_ns", when.nanoseconds}}));
}

}  // namespace meterproof::simulated
