// Source: what feeds the meters under test. One source feeds all positions: voltage circuits in
// parallel, current circuits in series.
//
// A driver implements Source; nobody but SafetyEnvelope (devices/sources/safety_envelope.hpp) ever
// calls it. Procedures get loads through Supply, which returns a guard: the load of the youngest
// living guard is applied, and without any guard the source is off.
#pragma once

#include <array>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "harness/deadline.hpp"
#include "harness/quantity.hpp"

namespace meterproof::devices {

// One phase of a sinusoidal load. phi: the current lags its voltage by phi (inductive > 0,
// capacitive < 0), in rad.
struct PhaseLoad {
  harness::Voltage u;
  harness::Current i;
  harness::Angle phi;
  bool operator==(const PhaseLoad&) const = default;
};

// Phases L1, L2, L3; the voltages are 120 degrees apart in the sequence L1, L2, L3. An unused phase
// is zero.
struct Load {
  std::array<PhaseLoad, 3> phases;
  harness::Frequency frequency{50.0};
  bool operator==(const Load&) const = default;
};

// The same u, i, phi in each of the first `phases` phases (1 or 3).
Load balanced_load(int phases, harness::Voltage u, harness::Current i, harness::Angle phi,
                   harness::Frequency frequency = {50.0});
// "3x230 V, 5 A, PF 0.5 ind, 50 Hz"; also the signature of the collective act.
std::string to_string(const Load& load);

// What the supervisor process sends to switch off when the harness has died: a link URL and the
// bytes, in order; where a reply is given, that line must come back.
struct OffCommand {
  std::string url;
  std::string bytes;
  std::string expected_reply{};  // without its end; empty: none is awaited
};

class Source {
 public:
  virtual ~Source() = default;
  // Sets the load and returns when the instrument reports it settled. Throws BenchError when it
  // refuses or is silent, Cancelled on a stop (the load is then undefined: switch off).
  virtual void apply(const Load& load, harness::Deadline deadline, std::stop_token stop) = 0;
  // Output off, also when nothing was on. Never cancelled; throws BenchError when it cannot be
  // confirmed.
  virtual void off() = 0;
  virtual std::vector<OffCommand> off_commands() const = 0;
  // "maker, model, serial number, firmware"
  virtual std::string identity() = 0;
};

// De-energises when destroyed (in the bench's declared order), or falls back to the load held
// before.
class [[nodiscard]] Energised {
 public:
  Energised() = default;
  explicit Energised(std::shared_ptr<void> hold) : hold_(std::move(hold)) {}

 private:
  std::shared_ptr<void> hold_;
};

class Supply {
 public:
  virtual ~Supply() = default;
  // Throws BenchError when the load is outside the safety envelope or the source is at fault.
  virtual Energised energise(const Load& load, std::stop_token stop) = 0;
};

}  // namespace meterproof::devices
