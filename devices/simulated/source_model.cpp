#include "devices/simulated/source_model.hpp"

#include <cmath>
#include <numbers>

namespace meterproof::simulated {

using harness::BenchDuration;
using harness::BenchTime;

SourceModel::SourceModel(Physics& physics, std::uint64_t seed, bool lies)
    : physics_(physics), lies_(lies) {
  Random random(seed, "source");
  for (auto& error : errors_) {
    error.voltage = random.symmetric(5e-4);
    error.current = random.symmetric(5e-4);
    error.angle = random.symmetric(3e-4);
  }
}

bool SourceModel::stage_voltage(int phase, double volts) {
  if (!(volts >= 0 && volts <= k_max_voltage)) return false;
  staged_.phases.at(static_cast<std::size_t>(phase)).u = {volts};
  return true;
}

bool SourceModel::stage_current(int phase, double amperes) {
  if (!(amperes >= 0 && amperes <= k_max_current)) return false;
  staged_.phases.at(static_cast<std::size_t>(phase)).i = {amperes};
  return true;
}

bool SourceModel::stage_phase(int phase, double degrees) {
  if (!(degrees >= -180 && degrees <= 180)) return false;
  staged_.phases.at(static_cast<std::size_t>(phase)).phi = {degrees * std::numbers::pi / 180};
  return true;
}

bool SourceModel::stage_frequency(double hertz) {
  if (!(hertz >= 45 && hertz <= 65)) return false;
  staged_.frequency = {hertz};
  return true;
}

devices::Load SourceModel::delivered(const devices::Load& asked) const {
  devices::Load load = asked;
  for (std::size_t n = 0; n < 3; ++n) {
    auto& phase = load.phases[n];
    phase.u = phase.u * (1 + errors_[n].voltage);
    phase.i = lies_ ? harness::Current{} : phase.i * (1 + errors_[n].current);
    phase.phi = phase.phi + harness::Angle{errors_[n].angle};
  }
  return load;
}

void SourceModel::commit(BenchTime when) {
  const devices::Load from = physics_.load();
  const devices::Load to = delivered(staged_);
  std::deque<Physics::Change> changes;
  for (const double share : {0.6, 0.9}) {
    devices::Load between = to;
    for (std::size_t n = 0; n < 3; ++n) {
      between.phases[n].u = from.phases[n].u * (1 - share) + to.phases[n].u * share;
      between.phases[n].i = from.phases[n].i * (1 - share) + to.phases[n].i * share;
    }
    const auto delay =
        static_cast<std::int64_t>(static_cast<double>(k_settling_time.nanoseconds) * (share - 0.6));
    changes.push_back({when + BenchDuration{delay}, between, false});
  }
  settled_at_ = when + k_settling_time;
  changes.push_back({settled_at_, to, true});
  physics_.schedule(std::move(changes));
  committed_ = staged_;
  output_ = true;
}

void SourceModel::off(BenchTime when) {
  committed_ = {};
  committed_.frequency = staged_.frequency;
  output_ = false;
  settled_at_ = when;
  physics_.schedule({{when, committed_, true}});
}

}  // namespace meterproof::simulated
