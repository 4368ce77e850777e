#include "devices/simulated/reference_model.hpp"

#include <fmt/format.h>

#include <cmath>

#include "devices/simulated/random.hpp"

namespace meterproof::simulated {

using harness::BenchTime;

std::int64_t InstrumentClock::at(BenchTime when) const {
  const Attojoules exact = Attojoules{when.nanoseconds} * (1'000'000'000 + parts_per_billion);
  return static_cast<std::int64_t>(exact / 1'000'000'000);
}

std::string ReferenceCount::text() const { return fmt::format("{}.{:06}", whole, millionths); }

ReferenceModel::ReferenceModel(const ReferenceSpecification& specification, std::uint64_t seed,
                               bool frozen)
    : specification_(specification),
      per_pulse_(energy_per_pulse(specification.constant)),
      freezes_(frozen) {
  Random random(seed, "reference");
  const auto& stated = specification.uncertainty;
  gain_error_ = random.normal(stated.certificate_expanded / 2) +
                random.symmetric(stated.drift_rectangular) +
                random.symmetric(stated.specification_rectangular);
  phase_error_ = random.symmetric(stated.phase_rectangular_rad);
  clock_.parts_per_billion = static_cast<std::int64_t>(random.symmetric(2000));
}

void ReferenceModel::set_load(BenchTime when, const devices::Load& load) {
  load_ = load;
  power_ = 0;
  for (const auto& phase : load.phases)
    power_ += phase.u.value * phase.i.value * std::cos(phase.phi.value + phase_error_);
  power_ *= 1 + gain_error_;
  energy_.set_power(when, std::abs(power_));
}

ReferenceCount ReferenceModel::to_count(Attojoules energy) const {
  const Attojoules rest = energy % per_pulse_;
  return {static_cast<std::int64_t>(energy / per_pulse_),
          static_cast<std::int32_t>(rest * 1'000'000 / per_pulse_)};
}

ReferenceCount ReferenceModel::count_at(BenchTime when) const {
  return hung_ ? latest_.count : to_count(energy_.at(when));
}

ReferenceModel::Reading ReferenceModel::read(BenchTime when) {
  if (hung_) return latest_;
  latest_ = {clock_.at(when), count_at(when), power_, load_};
  hung_ = freezes_ && power_ != 0;
  return latest_;
}

}  // namespace meterproof::simulated
