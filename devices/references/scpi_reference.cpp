#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <mutex>
#include <numbers>
#include <optional>

#include "devices/registry.hpp"
#include "devices/scpi/message.hpp"
#include "devices/scpi/profile.hpp"
#include "devices/scpi/session.hpp"

namespace meterproof::devices {
namespace {

using harness::Deadline;
using Fields = std::map<std::string, std::string>;

constexpr double k_joules_per_kilowatt_hour = 3.6e6;

// A reference standard that speaks SCPI as its profile says. Thread safe: all positions share it.
class ScpiReference final : public ReferenceStandard {
 public:
  ScpiReference(const bench::Instrument& instrument, const DriverOptions& options)
      : instrument_(instrument),
        profile_(scpi::load_profile(find_profile(instrument, options), "reference")),
        session_(instrument.name, instrument.link, profile_.terminator, profile_.errors,
                 options.transcript) {}

  ReferenceReading read(Deadline deadline, std::stop_token stop) override {
    const std::lock_guard lock(mutex_);
    if (!constant_checked_) check_constant(deadline, stop);
    const std::string answer = session_.query(profile_.reading->query, deadline, stop);
    const auto fields = scpi::name_fields(profile_.reading->fields, scpi::split_answer(answer));
    if (!fields) session_.fault("a reading with the wrong number of fields: '" + answer + "'");
    const ReferenceReading reading = interpret(*fields);
    if (latest_) check_alive(*latest_, reading);
    latest_ = reading;
    return reading;
  }

  double constant() const override { return instrument_.constant; }

  ReferenceUncertainty uncertainty() const override {
    return {instrument_.certificate_expanded_percent / 100, instrument_.drift_percent / 100,
            instrument_.specification_percent / 100,
            instrument_.phase_minutes * std::numbers::pi / 10'800};
  }

  std::string identity() override {
    return session_.query("*IDN?", Deadline::after(std::chrono::seconds(5)), {});
  }
  std::string calibrated_until() const override { return instrument_.calibrated_until; }

 private:
  double number(const Fields& fields, const std::string& name) {
    const auto found = fields.find(name);
    if (found == fields.end()) return 0;
    const auto value = scpi::parse_number(found->second);
    if (!value) session_.fault("'" + found->second + "' is no value of '" + name + "'");
    return *value;
  }

  ReferenceReading interpret(const Fields& fields) {
    ReferenceReading reading;
    if (const auto ns = fields.find("time_ns"); ns != fields.end()) {
      const auto value = scpi::parse_integer(ns->second);
      if (!value) session_.fault("'" + ns->second + "' is no time in ns");
      reading.instrument_ns = *value;
    } else {
      reading.instrument_ns = static_cast<std::int64_t>(number(fields, "time_s") * 1e9);
    }
    reading.energy_count = number(fields, "count");
    reading.power = {number(fields, "p")};
    reading.frequency = {number(fields, "f")};
    for (std::size_t n = 0; n < 3; ++n) {
      const std::string phase = std::to_string(n + 1);
      reading.u[n] = {number(fields, "u" + phase)};
      reading.i[n] = {number(fields, "i" + phase)};
      reading.phi[n] = {number(fields, "phi" + phase) * std::numbers::pi / 180};
    }
    return reading;
  }

  void check_constant(Deadline deadline, const std::stop_token& stop) {
    if (profile_.constant) {
      const std::string answer = session_.query(profile_.constant->query, deadline, stop);
      const auto fields = scpi::name_fields(profile_.constant->fields, scpi::split_answer(answer));
      const double told = fields ? number(*fields, "constant") : 0;
      if (std::abs(told - instrument_.constant) > 1e-9 * instrument_.constant)
        session_.fault(fmt::format("its constant is {} imp/kWh, the bench file says {}", answer,
                                   instrument_.constant));
    }
    constant_checked_ = true;
  }

  // A reference that stands still would make every meter look infinitely fast.
  void check_alive(const ReferenceReading& before, const ReferenceReading& now) {
    if (now.instrument_ns <= before.instrument_ns)
      session_.fault(fmt::format("frozen: its clock went from {} to {} ns between two readings",
                                 before.instrument_ns, now.instrument_ns));
    const double counted = now.energy_count - before.energy_count;
    if (counted < 0) session_.fault("its energy count went backwards: range or overflow");
    const double seconds = static_cast<double>(now.instrument_ns - before.instrument_ns) * 1e-9;
    // The load may have changed in between, so only the smaller power is sure to have flowed if any
    // has.
    const double power = std::min(std::abs(now.power.value), std::abs(before.power.value));
    const double expected = power * seconds * instrument_.constant / k_joules_per_kilowatt_hour;
    if (counted == 0 && expected > 10 && now.power == before.power)
      session_.fault("frozen: its energy does not rise under load");
  }

  bench::Instrument instrument_;
  scpi::Profile profile_;
  scpi::Session session_;
  std::mutex mutex_;
  bool constant_checked_ = false;
  std::optional<ReferenceReading> latest_;
};

[[maybe_unused]] const bool k_scpi_reference_registered =
    ReferenceDrivers::instance().add("scpi", [](const auto& instrument, const auto& options) {
      return std::make_unique<ScpiReference>(instrument, options);
    });

}  // namespace
}  // namespace meterproof::devices
