// Context: what a procedure of the suites sees. It says everything that harness::Context says
// (steps, expectations, measurements, attachments) and knows the bench besides: this position's
// meter and pulse channel, the one supply and the one reference that all positions share.
//
//   void starting(suites::Context& ctx) {
//     const auto held = ctx.energise(devices::balanced_load(...));   // all positions together
//     ctx.expect(!ctx.pulses().edges(first, 1, deadline).empty(), "starts");
//   }
//   const harness::Registration k_registration{suites::procedure({.id = "ACC_START_001", ...},
//   starting)};
//
// The resources come from the program (suites/app): bench::Position, devices::Meter, StageSupply,
// devices::ReferenceStandard, devices::PulseInput. A missing one is an InternalError: the procedure
// did not declare its need.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <random>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "devices/meter.hpp"
#include "devices/pulse_input.hpp"
#include "devices/reference.hpp"
#include "devices/source.hpp"
#include "harness/bench/bench_file.hpp"
#include "harness/context.hpp"

namespace meterproof::suites {

// The one supply of a bench, held by all positions of a stage together: the last position to arrive
// energises, and the load stays until the last position has dropped its share. One per bench, put
// into the Resources of every position.
class StageSupply {
 public:
  explicit StageSupply(std::shared_ptr<devices::Supply> supply) : supply_(std::move(supply)) {}

  // Collective: every position of the stage calls it with the same load.
  devices::Energised energise(harness::Context& context, const devices::Load& load);
  // Collective: gives the share back and returns when every position has done so.
  void release(harness::Context& context, devices::Energised share);

 private:
  struct Seat {
    std::shared_ptr<devices::Energised> hold;
  };

  std::shared_ptr<devices::Supply> supply_;
  std::mutex mutex_;
  std::vector<std::weak_ptr<Seat>> seats_;  // of the positions that have arrived
};

// The pulse channel of one position.
class PulseChannel {
 public:
  PulseChannel(devices::PulseInput& input, int channel, std::stop_token stop)
      : input_(&input), channel_(channel), stop_(std::move(stop)) {}

  // Index that the next edge will get, and the counter's time now.
  devices::PulseInput::Position position(harness::Deadline deadline) const {
    return input_->position(channel_, deadline, stop_);
  }
  // Edges from index `first` on: waits for `count` of them or the deadline; there may be more or
  // fewer.
  std::vector<devices::Edge> edges(std::uint64_t first, std::size_t count,
                                   harness::Deadline deadline) const {
    return input_->edges(channel_, first, count, deadline, stop_);
  }
  int number() const { return channel_; }

 private:
  devices::PulseInput* input_;
  int channel_;
  std::stop_token stop_;
};

class Context {
 public:
  explicit Context(harness::Context& base) : base_(base) {}

  // The bench, as this position sees it.
  const bench::Position& position() const { return base_.resource<bench::Position>(); }
  const bench::MeterType& type() const { return *position().type; }
  devices::Meter& meter() const { return base_.resource<devices::Meter>(); }
  devices::ReferenceStandard& reference() const {
    return base_.resource<devices::ReferenceStandard>();
  }
  PulseChannel pulses() const {
    return {base_.resource<devices::PulseInput>(), position().pulse.channel, base_.stop()};
  }
  // Collective over the positions of the stage. The load holds while any position keeps its share.
  devices::Energised energise(const devices::Load& load) {
    return base_.resource<StageSupply>().energise(base_, load);
  }
  // Collective: returns when no position holds this load any more (the one held before applies, or
  // the source is off).
  void release(devices::Energised share) {
    base_.resource<StageSupply>().release(base_, std::move(share));
  }

  // What harness::Context says; see harness/context.hpp.
  const harness::CaseId& id() const { return base_.id(); }
  const std::string& variant() const { return base_.variant(); }
  harness::Tier tier() const { return base_.tier(); }
  template <class T>
  T by_tier(T demo, T standard, T full) const {
    return base_.by_tier(demo, standard, full);
  }
  const std::stop_token& stop() const { return base_.stop(); }
  const harness::BenchClock& clock() const { return base_.clock(); }
  std::mt19937_64 random(std::string_view purpose) const { return base_.random(purpose); }
  void step(std::string_view text) { base_.step(text); }
  bool expect(bool met, std::string_view name, std::string_view detail = {}) {
    return base_.expect(met, name, detail);
  }
  void control_before(std::string_view name, bool ok, std::string_view detail = {}) {
    base_.control_before(name, ok, detail);
  }
  void control_after(std::string_view name, bool ok, std::string_view detail = {}) {
    base_.control_after(name, ok, detail);
  }
  void must_recover(std::string_view name, bool ok, std::string_view detail = {}) {
    base_.must_recover(name, ok, detail);
  }
  void require(bool met, std::string_view name, std::string_view detail = {}) {
    base_.require(met, name, detail);
  }
  harness::MeasurementOutcome measure(const harness::Measurement& measurement) {
    return base_.measure(measurement);
  }
  void attach(std::string_view name, std::span<const std::byte> bytes,
              std::string_view description) {
    base_.attach(name, bytes, description);
  }
  void attach(std::string_view name, std::string_view text, std::string_view description) {
    base_.attach(name, text, description);
  }
  void exercised(std::string_view form) { base_.exercised(form); }
  void not_exercised(std::string_view form, std::string_view reason) {
    base_.not_exercised(form, reason);
  }
  void property(std::string_view key, std::string_view value) { base_.property(key, value); }
  void wait(harness::BenchDuration span) const { base_.wait(span); }
  void wait(harness::WallDuration span) const { base_.wait(span); }
  template <class T>
  T& resource() const {
    return base_.resource<T>();
  }
  template <class T>
  T* find_resource() const {
    return base_.find_resource<T>();
  }
  // Not applicable to this meter, for a reason that could only be seen now. Return after it.
  void skip(std::string reason) { base_.outcome().skipped("MissingCapability", std::move(reason)); }

  // The harness's own view.
  harness::Context& base() const { return base_; }

 private:
  harness::Context& base_;
};

// Gives a declared procedure its body.
harness::Procedure procedure(harness::Procedure declared, void (*body)(Context&));

}  // namespace meterproof::suites
