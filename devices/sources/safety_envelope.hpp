// SafetyEnvelope: the only Source that anybody can obtain. It refuses loads outside the bench's
// limits, keeps a stack of guards (the youngest living guard's load is applied; without any the
// source is off), switches off when a hold lasts too long, and switches off when it is destroyed.
//
// When a hold has outlasted the permitted duration, or the source has failed, everything is off and
// stays off: energise() throws until every guard of before is gone. Where nobody watches over us
// (no supervisor), forbid() keeps it off whatever happens to guards.
//
// Thread safe. Guards may be destroyed on any thread, also after the envelope.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "devices/reference.hpp"
#include "devices/source.hpp"
#include "harness/bench/bench_file.hpp"

namespace meterproof::devices {

// Told before the source is (loads) or after it was (off) asked, in order. Must not call the
// envelope.
struct EnvelopeObserver {
  std::function<void(const Load& load)> energising;
  std::function<void()> de_energised;
  std::function<void(const std::string& message)> fault;  // off was not confirmed, held too long
};

class SafetyEnvelope final : public Supply {
 public:
  // settle: how long the source may take to reach a load.
  SafetyEnvelope(std::unique_ptr<Source> source, const bench::Envelope& limits,
                 EnvelopeObserver observer = {},
                 harness::WallDuration settle = std::chrono::seconds(30));
  ~SafetyEnvelope() override;
  SafetyEnvelope(const SafetyEnvelope&) = delete;
  SafetyEnvelope& operator=(const SafetyEnvelope&) = delete;

  // Throws BenchError when the load is outside the limits or the source is at fault, Cancelled on a
  // stop. When it throws, the load held before applies again, or the source is off.
  Energised energise(const Load& load, std::stop_token stop) override;

  // Off at once, whatever is held; all guards are void. A load that is just being settled on
  // another thread is given up (Cancelled there). Throws BenchError when the source does not
  // confirm.
  void make_safe();

  // From now on energise() throws with this reason, until permit(). What is held stays: make_safe()
  // ends it.
  void forbid(std::string reason);
  void permit();

  std::vector<OffCommand> off_commands() const;
  std::string identity();

 private:
  struct Core;
  std::shared_ptr<Core> core_;
};

// Whether what the reference measures is the load that was asked for: each phase's voltage and
// current within `tolerance` (relative), the phase angle within `tolerance` rad where current
// flows, and the frequency. A source that only says it has settled is caught here.
struct LoadCheck {
  bool confirmed = true;
  std::string detail;  // what differs: "L1 current 0 A instead of 5 A"
};
LoadCheck load_confirmed(const ReferenceReading& reading, const Load& load,
                         double tolerance = 0.01);

}  // namespace meterproof::devices
