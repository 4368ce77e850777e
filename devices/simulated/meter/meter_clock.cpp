#include "devices/simulated/meter/meter_clock.hpp"

#include <utility>

#include "devices/cosem/date_rules.hpp"
#include "devices/simulated/meter/class_ids.hpp"
#include "devices/simulated/meter/nonvolatile_octets.hpp"

namespace meterproof::simulated {
namespace {

using cosem::ActionOutcome;
using cosem::ActionResult;
using cosem::Data;
using cosem::DataAccessResult;
using cosem::DateTime;
using cosem::UtcTime;
using std::chrono::minutes;

constexpr const char* k_offset_key = "clock.offset_ms";
constexpr const char* k_zone_key = "clock.zone";
constexpr const char* k_saving_key = "clock.saving";
constexpr const char* k_saving_enabled_key = "clock.saving_enabled";
constexpr const char* k_saving_begin_key = "clock.saving_begin";
constexpr const char* k_saving_end_key = "clock.saving_end";
constexpr std::uint16_t k_first_year = 2000, k_last_year = 2099;
constexpr std::chrono::seconds k_quarter{900}, k_minute{60};
constexpr std::int64_t k_longest_shift = 900;  // seconds

std::optional<DateTime> date_time_in(const Data& value) {
  const auto octets = value.octets();
  return octets ? cosem::date_time_from(*octets) : std::nullopt;
}

// The fields as an instant, wherever they are local to.
std::optional<UtcTime> fields_of(DateTime local) {
  local.deviation = 0;
  return cosem::to_utc(local);
}

ActionOutcome done() { return {ActionResult::success, {}}; }

bool brings_zero(const std::optional<Data>& parameters) {
  const auto* value = parameters ? parameters->as<std::int8_t>() : nullptr;
  return value != nullptr && *value == 0;
}

}  // namespace

MeterClock::MeterClock(Nonvolatile& memory, WorksTime works_time, bool saves_daylight)
    : memory_(memory), works_time_(std::move(works_time)), saves_daylight_(saves_daylight) {}

std::int64_t MeterClock::number(const char* name) const {
  return static_cast<std::int64_t>(memory_.get(name));
}
void MeterClock::set_number(const char* name, std::int64_t value) {
  memory_.set(name, static_cast<std::uint64_t>(value));
}

DateTime MeterClock::stored_date(const char* name) const {
  return cosem::date_time_from(stored_octets(memory_, name)).value_or(DateTime{});
}

UtcTime MeterClock::now() const {
  return std::chrono::floor<Milliseconds>(works_time_()) + Milliseconds(number(k_offset_key));
}

void MeterClock::set_to(UtcTime instant) {
  set_number(k_offset_key, (instant - std::chrono::floor<Milliseconds>(works_time_())).count());
}

bool MeterClock::saving_at(UtcTime instant) const {
  if (!saves_daylight_ || number(k_saving_enabled_key) == 0) return false;
  const UtcTime normal = instant - minutes(number(k_zone_key));
  const UtcTime saved = normal + minutes(number(k_saving_key));
  const auto boundary = [this](const char* name, UtcTime local) -> std::optional<UtcTime> {
    const auto day = cosem::occurrence(stored_date(name), cosem::from_utc(local).date.year);
    return day ? fields_of(*day) : std::nullopt;
  };
  const auto begin = boundary(k_saving_begin_key, normal);
  const auto end = boundary(k_saving_end_key, saved);
  if (!begin || !end) return false;
  // South of the equator the year begins in daylight saving time.
  return *begin < *end ? normal >= *begin && saved < *end : normal >= *begin || saved < *end;
}

DateTime MeterClock::time() const {
  const UtcTime instant = now();
  const bool saving = saving_at(instant);
  const std::int64_t deviation = number(k_zone_key) - (saving ? number(k_saving_key) : 0);
  return cosem::from_utc(instant, static_cast<std::int16_t>(deviation), saving);
}

std::optional<UtcTime> MeterClock::instant_of(const DateTime& local) const {
  if (!local.valid() || !cosem::is_calendar_day(local.date) || local.date.year < k_first_year ||
      local.date.year > k_last_year)
    return std::nullopt;
  if (local.deviation != cosem::k_deviation_not_specified) return cosem::to_utc(local);
  const auto fields = fields_of(local);
  if (!fields) return std::nullopt;
  const UtcTime as_normal = *fields + minutes(number(k_zone_key));
  const UtcTime as_saved = as_normal - minutes(number(k_saving_key));
  return saving_at(as_saved) ? as_saved : as_normal;
}

DataAccessResult MeterClock::set_time(const Data& wanted) {
  const auto local = date_time_in(wanted);
  if (!local) return DataAccessResult::type_unmatched;
  const auto instant = instant_of(*local);
  if (!instant) return DataAccessResult::other_reason;
  set_to(*instant);
  return DataAccessResult::success;
}

// To the nearest multiple of the period.
ActionOutcome MeterClock::adjust_to(std::chrono::seconds period,
                                    const std::optional<Data>& parameters) {
  if (!brings_zero(parameters)) return {ActionResult::type_unmatched, {}};
  const Milliseconds since = now().time_since_epoch() + Milliseconds(period) / 2;
  set_to(UtcTime(since - since % Milliseconds(period)));
  return done();
}

ActionOutcome MeterClock::preset(const std::optional<Data>& parameters) {
  const auto* parts = parameters ? parameters->elements() : nullptr;
  if (parts == nullptr || parts->size() != 3) return {ActionResult::type_unmatched, {}};
  std::vector<UtcTime> instants;
  for (const Data& part : *parts) {
    const auto local = date_time_in(part);
    if (!local) return {ActionResult::type_unmatched, {}};
    const auto instant = instant_of(*local);
    if (!instant) return {ActionResult::other_reason, {}};
    instants.push_back(*instant);
  }
  preset_ = Preset{instants[0], instants[1], instants[2]};
  return done();
}

ActionOutcome MeterClock::adjust_to_preset(const std::optional<Data>& parameters) {
  if (!brings_zero(parameters)) return {ActionResult::type_unmatched, {}};
  if (!preset_ || now() < preset_->from || now() > preset_->until)
    return {ActionResult::other_reason, {}};
  set_to(std::exchange(preset_, std::nullopt)->time);
  return done();
}

ActionOutcome MeterClock::shift(const std::optional<Data>& parameters) {
  const auto* seconds = parameters ? parameters->as<std::int16_t>() : nullptr;
  if (seconds == nullptr) return {ActionResult::type_unmatched, {}};
  if (*seconds < -k_longest_shift || *seconds > k_longest_shift)
    return {ActionResult::other_reason, {}};
  set_to(now() + std::chrono::seconds(*seconds));
  return done();
}

Attribute MeterClock::number_attribute(std::int8_t id, std::function<Data()> get,
                                       std::function<bool(const Data&)> take) {
  Attribute attribute = readable(id, std::move(get));
  attribute.set = [take = std::move(take)](const Data& wanted) {
    return take(wanted) ? DataAccessResult::success : DataAccessResult::type_unmatched;
  };
  return attribute;
}

Attribute MeterClock::date_attribute(std::int8_t id, const char* name) {
  Attribute attribute = readable(
      id, [this, name] { return cosem::octet_string(cosem::octets_of(stored_date(name))); });
  attribute.set = [this, name](const Data& wanted) {
    const auto date = date_time_in(wanted);
    if (!date) return DataAccessResult::type_unmatched;
    if (!date->valid()) return DataAccessResult::other_reason;
    store_octets(memory_, name, cosem::octets_of(*date));
    return DataAccessResult::success;
  };
  return attribute;
}

Object MeterClock::object() {
  Attribute time_attribute =
      readable(2, [this] { return cosem::octet_string(cosem::octets_of(time())); });
  time_attribute.set = [this](const Data& wanted) { return set_time(wanted); };
  const auto ranged = [this](const char* name, std::int64_t low, std::int64_t high) {
    return [this, name, low, high](const auto* value) {
      if (value == nullptr || *value < low || *value > high) return false;
      set_number(name, *value);
      return true;
    };
  };
  const auto take_zone = ranged(k_zone_key, -720, 840);
  const auto take_saving = ranged(k_saving_key, -120, 120);
  const auto take_enabled = ranged(k_saving_enabled_key, 0, 1);
  const auto adjusting = [this](std::int8_t id, std::chrono::seconds period) {
    return Method{id, [this, period](const std::optional<Data>& parameters, Notifications&) {
                    return adjust_to(period, parameters);
                  }};
  };
  using Run = ActionOutcome (MeterClock::*)(const std::optional<Data>&);
  const auto method = [this](std::int8_t id, Run run) {
    return Method{id, [this, run](const std::optional<Data>& parameters, Notifications&) {
                    return (this->*run)(parameters);
                  }};
  };
  return {k_class_clock,
          0,
          cosem::names::k_clock,
          {std::move(time_attribute),
           number_attribute(
               3, [this] { return Data(static_cast<std::int16_t>(number(k_zone_key))); },
               [take_zone](const Data& wanted) { return take_zone(wanted.as<std::int16_t>()); }),
           readable(4,
                    [this] {
                      return Data(static_cast<std::uint8_t>(
                          saving_at(now()) ? cosem::clock_status::k_daylight_saving : 0));
                    }),
           date_attribute(5, k_saving_begin_key), date_attribute(6, k_saving_end_key),
           number_attribute(
               7, [this] { return Data(static_cast<std::int8_t>(number(k_saving_key))); },
               [take_saving](const Data& wanted) { return take_saving(wanted.as<std::int8_t>()); }),
           number_attribute(
               8, [this] { return Data(number(k_saving_enabled_key) != 0); },
               [take_enabled](const Data& wanted) { return take_enabled(wanted.as<bool>()); }),
           constant(9, Data(cosem::Enum{1}))},
          {adjusting(1, k_quarter), adjusting(2, k_quarter), adjusting(3, k_minute),
           method(4, &MeterClock::adjust_to_preset), method(5, &MeterClock::preset),
           method(6, &MeterClock::shift)},
          false};
}

}  // namespace meterproof::simulated
