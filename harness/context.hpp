// Context: all that a procedure says and asks while it runs one case. Everything said goes to the
// journal at once.
//
// expect() and measure() record and let the procedure go on; only a failed control ends the case
// (nothing can be concluded), or a DUT that does not come back and is needed for the rest. One
// Context belongs to one case on one thread, unless a member says otherwise.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <random>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "harness/case_id.hpp"
#include "harness/clock.hpp"
#include "harness/measurement.hpp"
#include "harness/procedure.hpp"
#include "harness/resources.hpp"
#include "harness/verdict.hpp"

namespace meterproof::harness {

class CaseJournal;
class Lockstep;

// Ends a case that cannot go on; the scheduler catches it. Procedures never throw or catch it
// themselves.
struct ControlFailed {};

struct ContextParts {
  CaseId id;
  const Procedure* procedure = nullptr;
  Tier tier = Tier::demo;
  std::uint64_t seed = 0;
  std::stop_token stop;             // ends every wait
  std::stop_token stop_after_step;  // lets the present step end
  const BenchClock* clock = nullptr;
  const Resources* resources = nullptr;
  Lockstep* lockstep = nullptr;
  CaseJournal* journal = nullptr;
};

class Context {
 public:
  explicit Context(ContextParts parts);

  const CaseId& id() const { return parts_.id; }
  const Procedure& procedure() const { return *parts_.procedure; }
  const std::string& variant() const { return parts_.id.variant; }
  Tier tier() const { return parts_.tier; }
  // Picks a parameter by tier.
  template <class T>
  T by_tier(T demo, T standard, T full) const {
    return tier() == Tier::demo ? demo : tier() == Tier::standard ? standard : full;
  }
  const std::stop_token& stop() const { return parts_.stop; }
  const BenchClock& clock() const { return *parts_.clock; }

  // A generator derived from the run seed, the case and a purpose: the same run seed gives the same
  // choices.
  std::mt19937_64 random(std::string_view purpose) const;

  // What is being done now, for the log and the progress display. Throws Cancelled when a stop was
  // requested.
  void step(std::string_view text);
  // An expectation about the DUT. name is [a-z0-9_]+ and stable: reports and the kill matrix use
  // it. Returns met.
  bool expect(bool met, std::string_view name, std::string_view detail = {});
  // The harmless twin before the stimulus. Not ok ends the case as inconclusive.
  void control_before(std::string_view name, bool ok, std::string_view detail = {});
  // The harmless twin after the stimulus. A DUT that passed the control before and does not recover
  // has failed the expectation "recovers", not a control. The caller waits the declared recovery
  // time first.
  void control_after(std::string_view name, bool ok, std::string_view detail = {});
  // control_after() for what the rest of the case needs: not ok ends the case, as failed.
  void must_recover(std::string_view name, bool ok, std::string_view detail = {});
  // A condition of the bench without which nothing can be concluded (stimulus reached the set
  // level, twin kept up). Not met ends the case as inconclusive.
  void require(bool met, std::string_view name, std::string_view detail = {});
  // Judges by the measurement's own limits and rule.
  MeasurementOutcome measure(const Measurement& measurement);
  // Stores a file beside the journal; its SHA-256 goes into the verdict. name: "edges.csv".
  void attach(std::string_view name, std::span<const std::byte> bytes,
              std::string_view description);
  void attach(std::string_view name, std::string_view text, std::string_view description);
  // Forms of the stimulus that really reached the DUT; a pass names them.
  void exercised(std::string_view form);
  void not_exercised(std::string_view form, std::string_view reason);
  // A figure or fact worth keeping that is not judged: stimulus level achieved, identity, seed.
  void property(std::string_view key, std::string_view value);

  // Bench time passes only by waiting for it. Both throw Cancelled on a stop.
  void wait(BenchDuration span) const;
  void wait(WallDuration span) const { harness::wait(span, stop()); }

  template <class T>
  T& resource() const {
    return parts_.resources->get<T>();
  }
  template <class T>
  T* find_resource() const {
    return parts_.resources->find<T>();
  }

  // A collective act: waits until every position of the stage that is still in it has arrived with
  // the same signature; the last one acts; all return when it is done (an exception of the act
  // reaches all). See harness/lockstep.hpp.
  void collectively(std::string_view signature, const std::function<void()>& act);

  CaseOutcome& outcome() { return outcome_; }

 private:
  ContextParts parts_;
  CaseOutcome outcome_;
};

}  // namespace meterproof::harness
