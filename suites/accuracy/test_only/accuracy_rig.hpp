// A bench of one position inside a test, whose every defect can be switched on by name. It knows
// only the interfaces of devices/ and keeps its own physics: energy is power times time, a pulse
// comes with each 1/k kWh.
#pragma once

#include <cmath>
#include <filesystem>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "devices/meter.hpp"
#include "devices/pulse_input.hpp"
#include "devices/reference.hpp"
#include "devices/source.hpp"
#include "harness/bench/bench_file.hpp"
#include "harness/catalogue.hpp"
#include "harness/clock.hpp"
#include "harness/context.hpp"
#include "harness/errors.hpp"
#include "harness/journal/case_journal.hpp"
#include "harness/journal/journal.hpp"
#include "harness/lockstep.hpp"
#include "suites/context.hpp"

namespace meterproof::suites {

// What is wrong with this bench or this meter; nothing by default.
struct RigDefects {
  double gain = 0;                // relative error of the meter
  double meter_phase_error = 0;   // rad, of its current channel
  double creep_w = 0;             // registered with voltage alone
  double starts_at_a = 0;         // below: registers nothing
  double register_scale = 1;      // register per pulses
  bool dead_output = false;       // no pulses at all
  std::uint64_t drop_every = 0;   // each n-th pulse is missing
  std::uint64_t drop_once = 0;    // this one pulse is missing
  std::uint64_t lose_every = 0;   // the counter loses each n-th edge and says so by the index
  bool source_lies = false;       // settled, says the source; nothing has changed
  bool reference_frozen = false;  // repeats its first reading under load
  bool latch_missing = false;     // edges carry no reference count
  bool register_silent = false;
  double reference_uncertainty = 1e-4;  // relative, all terms
  double jitter_s = 0;                  // +-, alternating with a long period
  std::string calibrated_until = "2999-12-31";
};

class AccuracyRig : public devices::Supply,
                    public devices::ReferenceStandard,
                    public devices::PulseInput,
                    public devices::Meter {
 public:
  explicit AccuracyRig(RigDefects defects = {}, double scale = 4000)
      : defects_(std::move(defects)), clock_(scale) {}

  // Supply
  devices::Energised energise(const devices::Load& load, std::stop_token) override {
    const std::lock_guard lock(mutex_);
    advance();
    const auto place = loads_.insert(loads_.end(), load);
    apply();
    return devices::Energised(std::shared_ptr<void>(nullptr, [this, place](void*) {
      const std::lock_guard relock(mutex_);
      advance();
      loads_.erase(place);
      apply();
    }));
  }

  // ReferenceStandard
  devices::ReferenceReading read(harness::Deadline, std::stop_token) override {
    const std::lock_guard lock(mutex_);
    advance();
    if (defects_.reference_frozen && frozen_) return *frozen_;
    devices::ReferenceReading reading;
    reading.instrument_ns = now_.nanoseconds;
    reading.energy_count = reference_count_;
    reading.power = {true_power()};
    for (std::size_t i = 0; i < 3; ++i) {
      reading.u[i] = applied_.phases[i].u;
      reading.i[i] = applied_.phases[i].i;
      reading.phi[i] = applied_.phases[i].phi;
    }
    reading.frequency = applied_.frequency;
    if (true_power() > 0 && !frozen_) frozen_ = reading;
    return reading;
  }
  double constant() const override { return k_reference_constant; }
  devices::ReferenceUncertainty uncertainty() const override {
    return {defects_.reference_uncertainty, defects_.reference_uncertainty,
            defects_.reference_uncertainty, 1e-4};
  }
  std::string calibrated_until() const override { return defects_.calibrated_until; }

  // PulseInput
  std::vector<devices::Edge> edges(int channel, std::uint64_t first, std::size_t count,
                                   harness::Deadline deadline, std::stop_token stop) override {
    if (channel != k_channel) throw harness::BenchError("no such channel");
    for (;;) {
      std::vector<devices::Edge> found;
      const bool over = deadline.passed();
      {
        const std::lock_guard lock(mutex_);
        advance();
        for (const devices::Edge& edge : edges_) {
          if (edge.index >= first) found.push_back(edge);
        }
      }
      if (found.size() >= count || over) return found;
      harness::wait(
          std::min<harness::WallDuration>(deadline.remaining(), std::chrono::microseconds(200)),
          stop);
    }
  }
  devices::PulseInput::Position position(int, harness::Deadline, std::stop_token) override {
    const std::lock_guard lock(mutex_);
    advance();
    return {next_index_, now_.nanoseconds};
  }

  // Meter
  harness::Result<devices::MeterIdentity> identity(harness::Deadline, std::stop_token) override {
    return devices::MeterIdentity{"Rig", "R1", "1", "1.0"};
  }
  std::string identity() override { return "Rig,Reference,1,1.0"; }
  harness::Result<devices::RegisterReading> read_energy(harness::Deadline,
                                                        std::stop_token) override {
    const std::lock_guard lock(mutex_);
    advance();
    if (defects_.register_silent) return make_error_code(boost::system::errc::timed_out);
    const double wh = std::floor(meter_energy_j_ / 3600 * defects_.register_scale);
    return devices::RegisterReading{{wh * 3600}, {3600}};
  }
  harness::Result<void> probe(harness::Deadline, std::stop_token) override { return {}; }
  harness::Result<std::optional<bool>> relay_closed(harness::Deadline, std::stop_token) override {
    return std::optional<bool>{};
  }

  const harness::BenchClock& clock() const { return clock_; }
  double applied_power() {
    const std::lock_guard lock(mutex_);
    return true_power();
  }

  static constexpr double k_reference_constant = 1e9;
  static constexpr int k_channel = 1;

 private:
  void apply() {
    if (defects_.source_lies && !loads_.empty() && loads_.back().phases[0].i.value > 0) return;
    applied_ = loads_.empty() ? devices::Load{} : loads_.back();
  }
  double true_power() const {
    double watts = 0;
    for (const auto& phase : applied_.phases) {
      watts += phase.u.value * phase.i.value * std::cos(phase.phi.value);
    }
    return watts;
  }
  double metered_power() const {
    double watts = applied_.phases[0].u.value > 0 ? defects_.creep_w : 0;
    for (const auto& phase : applied_.phases) {
      if (phase.i.value < defects_.starts_at_a) continue;
      watts += phase.u.value * phase.i.value *
               std::cos(phase.phi.value + defects_.meter_phase_error) * (1 + defects_.gain);
    }
    return watts;
  }
  void advance() {
    const harness::BenchTime until = clock_.now();
    const double metered = metered_power(), reference = true_power() * constant() / 3.6e6;
    const double pulse_j = 3.6e6 / k_meter_constant;
    const double span = (until - now_).seconds();
    // Pulses are numbered by the energy that makes them.
    while (metered > 0 && !defects_.dead_output) {
      const double at = (static_cast<double>(pulses_ + 1) * pulse_j - meter_energy_j_) / metered;
      if (at > span) break;
      ++pulses_;
      emit(at, reference);
    }
    meter_energy_j_ += metered * span;
    reference_count_ += reference * span;
    now_ = until;
  }
  void emit(double at, double counts_per_second) {
    if (defects_.drop_every && pulses_ % defects_.drop_every == 0) return;
    if (defects_.drop_once && pulses_ == defects_.drop_once) return;
    const std::uint64_t index = next_index_++;
    if (defects_.lose_every && index % defects_.lose_every == 0) return;
    at += defects_.jitter_s * std::sin(static_cast<double>(pulses_) * 2.4);
    devices::Edge edge;
    edge.index = index;
    edge.counter_ns = now_.nanoseconds + static_cast<std::int64_t>(at * 1e9);
    if (!defects_.latch_missing) edge.reference_count = reference_count_ + counts_per_second * at;
    edge.received = harness::WallClock::now();
    edges_.push_back(edge);
  }

  static constexpr double k_meter_constant = 1000;
  RigDefects defects_;
  harness::BenchClock clock_;
  std::mutex mutex_;
  std::list<devices::Load> loads_;
  devices::Load applied_;
  harness::BenchTime now_;
  double meter_energy_j_ = 1234.5;  // somewhere between two pulses
  double reference_count_ = 4.2e8;
  std::uint64_t pulses_ = 0, next_index_ = 17;
  std::vector<devices::Edge> edges_;
  std::optional<devices::ReferenceReading> frozen_;
};

inline std::shared_ptr<bench::MeterType> rig_meter_type() {
  auto type = std::make_shared<bench::MeterType>();
  type->phases = 3;
  type->nominal_voltage = {230};
  type->base_current = {5};
  type->maximum_current = {100};
  type->constant = 1000;
  type->accuracy_class = "1";
  type->standard = "IEC 62053-21:2003";
  type->connection = "direct";
  type->register_resolution_wh = 1;
  return type;
}

// Runs a procedure of the catalogue on a rig and tells its outcome, as the scheduler would.
class RigRun {
 public:
  RigRun(const std::string& id, const std::string& variant, std::shared_ptr<AccuracyRig> rig,
         std::shared_ptr<const bench::MeterType> type = rig_meter_type()) {
    char name[] = "/tmp/meterproof_accuracy_XXXXXX";
    folder_ = ::mkdtemp(name);
    journal_ = journal::Journal::create(folder_ / "journal.jsonl");
    const harness::Procedure* procedure = harness::Catalogue::instance().find(id);
    if (!procedure) throw harness::InternalError("not in the catalogue: " + id);
    run(*procedure, {id, variant, "p1"}, std::move(rig), std::move(type));
  }
  explicit RigRun(const std::string& id, RigDefects defects = {},
                  const std::string& variant = "base")
      : RigRun(id, variant, std::make_shared<AccuracyRig>(std::move(defects))) {}
  ~RigRun() {
    journal_.reset();
    std::filesystem::remove_all(folder_);
  }
  RigRun(const RigRun&) = delete;
  RigRun& operator=(const RigRun&) = delete;

  harness::Verdict verdict() const { return outcome_.verdict(); }
  std::string expectation() const { return outcome_.expectation(); }
  std::string message() const { return outcome_.type() + ": " + outcome_.message(); }
  const std::filesystem::path& folder() const { return folder_; }

 private:
  void run(const harness::Procedure& procedure, const harness::CaseId& id,
           std::shared_ptr<AccuracyRig> rig, std::shared_ptr<const bench::MeterType> type) {
    auto position = std::make_shared<bench::Position>();
    position->name = "p1";
    position->type = std::move(type);
    position->pulse.channel = AccuracyRig::k_channel;
    harness::Resources resources;
    resources.put<bench::Position>(position);
    resources.put<devices::Meter>(rig);
    resources.put<devices::ReferenceStandard>(rig);
    resources.put<devices::PulseInput>(rig);
    resources.put<StageSupply>(std::make_shared<StageSupply>(rig));
    harness::Lockstep lockstep(1);
    harness::CaseJournal case_journal(*journal_, folder_, id);
    case_journal.started("p1");
    harness::ContextParts parts;
    parts.id = id;
    parts.procedure = &procedure;
    parts.clock = &rig->clock();
    parts.resources = &resources;
    parts.lockstep = &lockstep;
    parts.journal = &case_journal;
    harness::Context context(parts);
    try {
      procedure.body(context);
    } catch (const harness::ControlFailed&) {
    } catch (const harness::BenchError& error) {
      context.outcome().bench_fault("BenchError", error.what());
    }
    outcome_ = context.outcome();
    case_journal.verdict(outcome_, "demo", 0);
    journal_->flush();
  }

  std::filesystem::path folder_;
  std::unique_ptr<journal::Journal> journal_;
  harness::CaseOutcome outcome_;
};

}  // namespace meterproof::suites
