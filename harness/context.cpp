#include "harness/context.hpp"

#include "harness/errors.hpp"
#include "harness/journal/case_journal.hpp"
#include "harness/lockstep.hpp"

namespace meterproof::harness {
namespace {

std::uint64_t mixed(std::uint64_t seed, std::string_view text) {
  for (const char c : text) {
    seed ^= static_cast<unsigned char>(c);
    seed *= 0x100000001b3ULL;
  }
  seed ^= seed >> 31;
  return seed;
}

}  // namespace

Context::Context(ContextParts parts) : parts_(std::move(parts)) {}

std::mt19937_64 Context::random(std::string_view purpose) const {
  return std::mt19937_64(mixed(mixed(parts_.seed, id().to_string()), purpose));
}

void Context::step(std::string_view text) {
  if (parts_.stop_after_step.stop_requested() || stop().stop_requested()) {
    throw Cancelled("a stop was asked for before: " + std::string(text));
  }
  parts_.journal->step(text);
}

bool Context::expect(bool met, std::string_view name, std::string_view detail) {
  parts_.journal->expectation(name, met, detail);
  if (!met) outcome_.failed_expectation(std::string(name), std::string(detail));
  return met;
}

void Context::control_before(std::string_view name, bool ok, std::string_view detail) {
  parts_.journal->control(name, ControlTime::before, ok, detail);
  if (ok) return;
  outcome_.failed_control(std::string(name), std::string(detail));
  throw ControlFailed{};
}

void Context::control_after(std::string_view name, bool ok, std::string_view detail) {
  parts_.journal->control(name, ControlTime::after, ok, detail);
  if (!ok) {
    outcome_.failed_expectation("recovers", std::string(name) + ": " + std::string(detail));
  }
}

void Context::must_recover(std::string_view name, bool ok, std::string_view detail) {
  control_after(name, ok, detail);
  if (!ok) throw ControlFailed{};
}

void Context::require(bool met, std::string_view name, std::string_view detail) {
  parts_.journal->requirement(name, met, detail);
  if (met) return;
  outcome_.requirement_not_met(std::string(name), std::string(detail));
  throw ControlFailed{};
}

MeasurementOutcome Context::measure(const Measurement& measurement) {
  parts_.journal->measurement(measurement);
  const MeasurementOutcome outcome = measurement.outcome();
  if (outcome == MeasurementOutcome::outside) {
    outcome_.failed_expectation(measurement.name, measurement.summary());
  } else if (outcome == MeasurementOutcome::undecided) {
    outcome_.undecided_measurement(measurement.name,
                                   measurement.summary() + "; rule: " + measurement.rule.name);
  }
  return outcome;
}

void Context::attach(std::string_view name, std::span<const std::byte> bytes,
                     std::string_view description) {
  parts_.journal->attachment(name, bytes, description);
}

void Context::attach(std::string_view name, std::string_view text, std::string_view description) {
  attach(name, std::as_bytes(std::span(text)), description);
}

void Context::exercised(std::string_view form) { parts_.journal->exercised(form); }

void Context::not_exercised(std::string_view form, std::string_view reason) {
  parts_.journal->not_exercised(form, reason);
}

void Context::property(std::string_view key, std::string_view value) {
  parts_.journal->property(key, value);
}

void Context::wait(BenchDuration span) const { wait(clock().wall(span)); }

void Context::collectively(std::string_view signature, const std::function<void()>& act) {
  parts_.lockstep->collectively(signature, act, stop());
}

}  // namespace meterproof::harness
