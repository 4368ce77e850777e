// MeterClock: the Clock object (class 8 version 0, IEC 62056-6-2). It can be set, shifted and
// adjusted, and computes local time and daylight saving from its attributes.
//
// What is set is an offset from the works' time of the plant, which all else of this meter goes by:
// load profile, event log and certificates keep their stamps whatever the clock shows. Offset and
// settings survive a power cut.
//
// Deviations count minutes from local time to UTC, as in date_time.hpp. Daylight saving begins at a
// local normal time and ends at a local daylight-saving time.
#pragma once

#include <chrono>
#include <functional>

#include "devices/cosem/date_time.hpp"
#include "devices/simulated/meter/nonvolatile.hpp"
#include "devices/simulated/meter/object_model.hpp"

namespace meterproof::simulated {

class MeterClock {
 public:
  using WorksTime = std::function<std::chrono::system_clock::time_point()>;
  // memory outlives it. saves_daylight false: the rule is kept and never acted upon
  // (CONF_OBJ_SAVING).
  MeterClock(Nonvolatile& memory, WorksTime works_time, bool saves_daylight);
  MeterClock(const MeterClock&) = delete;
  MeterClock& operator=(const MeterClock&) = delete;

  Object object();
  // Local, with deviation and status.
  cosem::DateTime time() const;

 private:
  using Milliseconds = std::chrono::milliseconds;
  cosem::UtcTime now() const;
  void set_to(cosem::UtcTime instant);
  bool saving_at(cosem::UtcTime instant) const;
  // Nothing for what is no instant of this century.
  std::optional<cosem::UtcTime> instant_of(const cosem::DateTime& local) const;
  cosem::DataAccessResult set_time(const cosem::Data& wanted);
  cosem::ActionOutcome adjust_to(std::chrono::seconds period,
                                 const std::optional<cosem::Data>& parameters);
  cosem::ActionOutcome preset(const std::optional<cosem::Data>& parameters);
  cosem::ActionOutcome adjust_to_preset(const std::optional<cosem::Data>& parameters);
  cosem::ActionOutcome shift(const std::optional<cosem::Data>& parameters);

  std::int64_t number(const char* name) const;
  void set_number(const char* name, std::int64_t value);
  Attribute number_attribute(std::int8_t id, std::function<cosem::Data()> get,
                             std::function<bool(const cosem::Data&)> take);
  Attribute date_attribute(std::int8_t id, const char* name);
  cosem::DateTime stored_date(const char* name) const;

  Nonvolatile& memory_;
  WorksTime works_time_;
  bool saves_daylight_;
  struct Preset {
    cosem::UtcTime time, from, until;
  };
  std::optional<Preset> preset_;
};

}  // namespace meterproof::simulated
