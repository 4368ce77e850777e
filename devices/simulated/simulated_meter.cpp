#include "devices/simulated/simulated_meter.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "devices/simulated/random.hpp"
#include "harness/errors.hpp"

namespace meterproof::simulated {
namespace {

using harness::BenchTime;

std::string metrology_file(const MeterUnit& unit) { return unit.state_file + ".energy"; }

}  // namespace

SimulatedMeter::SimulatedMeter(MeterUnit unit, std::function<BenchTime()> now,
                               std::chrono::system_clock::time_point calendar)
    : unit_(std::move(unit)),
      model_(draw_error_model(unit_)),
      now_(std::move(now)),
      calendar_(calendar),
      // A unit never starts at zero, nor on the edge of a pulse.
      energy_(from_watt_hours(Random(unit_.seed, "register").uniform() * 5e6)),
      per_pulse_(energy_per_pulse(unit_.type->constant)) {
  restore();
}

void SimulatedMeter::restore() {
  if (!unit_.state_file.empty()) {
    std::ifstream file(metrology_file(unit_));
    if (file) {
      const std::string text{std::istreambuf_iterator<char>(file), {}};
      boost::system::error_code bad;
      const auto state = boost::json::parse(text, bad);
      const auto* object = bad ? nullptr : state.if_object();
      const auto* energy = object ? object->if_contains("energy_attojoules") : nullptr;
      const auto* relay = object ? object->if_contains("relay_closed") : nullptr;
      if (energy && energy->is_string()) {
        if (const auto value = from_decimal(energy->get_string()))
          energy_ = EnergyAccumulator(*value);
      }
      if (relay && relay->is_bool()) relay_closed_ = relay->get_bool();
    }
  }
  pulses_ = energy_.at({}) / per_pulse_;
}

void SimulatedMeter::persist(BenchTime when) const {
  if (unit_.state_file.empty()) return;
  const boost::json::object state{{"energy_attojoules", to_decimal(energy_.at(when))},
                                  {"relay_closed", relay_closed_}};
  const std::string path = metrology_file(unit_);
  {
    std::ofstream file(path + ".new", std::ios::trunc);
    file << boost::json::serialize(state) << '\n';
    if (!file.flush()) throw harness::BenchError("cannot write " + path);
  }
  std::filesystem::rename(path + ".new", path);
}

devices::Load SimulatedMeter::seen() const {
  devices::Load load = load_;
  if (!relay_closed_) {
    for (auto& phase : load.phases) phase.i = {0};
  }
  return load;
}

void SimulatedMeter::update(BenchTime when) {
  const double power = powered_ ? measured_power(model_, *unit_.type, seen(), starved_) : 0;
  energy_.set_power(when, std::max(0.0, power));  // the import register never runs backwards
}

void SimulatedMeter::set_load(BenchTime when, const devices::Load& load) {
  load_ = load;
  const auto phases = static_cast<std::size_t>(std::clamp(unit_.type->phases, 1, 3));
  const bool supplied = std::any_of(
      load.phases.begin(), load.phases.begin() + static_cast<std::ptrdiff_t>(phases),
      [&](const auto& phase) { return phase.u.value >= brown_out_voltage(*unit_.type); });
  const bool changed = supplied != powered_;
  powered_ = supplied;
  if (changed && !supplied) starved_ = false;
  update(when);
  if (!changed) return;
  if (!supplied) persist(when);
  if (on_power) on_power(supplied);
}

std::uint64_t SimulatedMeter::pulses_until(BenchTime end, std::uint64_t keep,
                                           const std::function<void(BenchTime)>& emit) {
  const Attojoules due = energy_.at(end) / per_pulse_;
  std::uint64_t skipped = 0;
  if (due - pulses_ > static_cast<Attojoules>(keep)) {
    skipped = static_cast<std::uint64_t>(due - pulses_) - keep;
    pulses_ += static_cast<Attojoules>(skipped);
  }
  while (pulses_ < due) {
    const auto when = energy_.reaches((pulses_ + 1) * per_pulse_);
    if (!when || *when > end) break;
    ++pulses_;
    emit(*when);
  }
  return skipped;
}

double SimulatedMeter::error_at(const devices::Load& load) const {
  const double truth = true_power(load);
  return truth == 0 ? 0 : measured_power(model_, *unit_.type, load, false) / truth - 1;
}

double SimulatedMeter::import_energy_wh() const {
  return to_watt_hours(energy_.at(now_())) * model_.register_scale;
}

double SimulatedMeter::voltage(int phase) const {
  now_();
  return load_.phases.at(static_cast<std::size_t>(phase)).u.value;
}

double SimulatedMeter::current(int phase) const {
  now_();
  return seen().phases.at(static_cast<std::size_t>(phase)).i.value;
}

double SimulatedMeter::active_power() const {
  now_();
  return powered_ ? measured_power(model_, *unit_.type, seen(), starved_) : 0;
}

std::chrono::system_clock::time_point SimulatedMeter::clock() const {
  return calendar_ + std::chrono::duration_cast<std::chrono::system_clock::duration>(
                         std::chrono::nanoseconds(now_().nanoseconds));
}

void SimulatedMeter::set_relay(bool closed) {
  const BenchTime when = now_();
  if (closed == relay_closed_) return;
  relay_closed_ = closed;
  update(when);
  persist(when);
}

void SimulatedMeter::set_communication_load(double events_per_second) {
  const BenchTime when = now_();
  const bool starved = powered_ && events_per_second > k_starving_events_per_second;
  if (starved == starved_) return;
  starved_ = starved;
  update(when);
}

}  // namespace meterproof::simulated
