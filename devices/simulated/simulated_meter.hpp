// SimulatedMeter: the measuring half of a simulated meter: supply, relay, one energy accumulator
// that feeds both the pulse output and the register, and the file that keeps it over power cuts.
// Its communications see it as a MeterPlant.
#pragma once

#include <functional>

#include "devices/simulated/exact_energy.hpp"
#include "devices/simulated/meter_plant.hpp"
#include "devices/simulated/metrology.hpp"

namespace meterproof::simulated {

class SimulatedMeter final : public MeterPlant {
 public:
  // now brings the whole bench up to the present and returns it. calendar is the civil time at
  // bench time 0. Reads unit.state_file + ".energy" when it exists.
  SimulatedMeter(MeterUnit unit, std::function<harness::BenchTime()> now,
                 std::chrono::system_clock::time_point calendar);

  // For the bench's physics. Instants never go back.
  void set_load(harness::BenchTime when, const devices::Load& load);
  // Calls emit for each pulse up to and including `end`, in order; pulses before the last `keep`
  // are only counted: returns how many.
  std::uint64_t pulses_until(harness::BenchTime end, std::uint64_t keep,
                             const std::function<void(harness::BenchTime)>& emit);
  double error_at(const devices::Load& load) const;  // relative to the true power; 0 when that is 0
  const MeterUnit& unit() const { return unit_; }
  const ErrorModel& model() const { return model_; }
  bool powered() const { return powered_; }
  Attojoules energy_at(harness::BenchTime when) const { return energy_.at(when); }
  void persist(harness::BenchTime when) const;
  // Called when supply comes or goes.
  std::function<void(bool on)> on_power;

  // MeterPlant
  double import_energy_wh() const override;
  double voltage(int phase) const override;
  double current(int phase) const override;
  double active_power() const override;
  std::chrono::system_clock::time_point clock() const override;
  bool relay_closed() const override { return relay_closed_; }
  void set_relay(bool closed) override;
  void set_communication_load(double events_per_second) override;

  // Above this the weakness MUT_RES_001 starves the sampling.
  static constexpr double k_starving_events_per_second = 50;

 private:
  void update(harness::BenchTime when);
  void restore();
  devices::Load seen() const;  // after the relay

  MeterUnit unit_;
  ErrorModel model_;
  std::function<harness::BenchTime()> now_;
  std::chrono::system_clock::time_point calendar_;
  devices::Load load_;
  bool powered_ = false;
  bool relay_closed_ = true;
  bool starved_ = false;
  EnergyAccumulator energy_;
  Attojoules per_pulse_;
  Attojoules pulses_ = 0;  // emitted so far
};

}  // namespace meterproof::simulated
