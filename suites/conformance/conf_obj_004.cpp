// The clock set by a client: it shows what it was set to and runs on, keeps daylight saving time by
// its own attributes, and neither takes nor hides what is no instant. Time and rule of before are
// put back at the end.
//
// Editions differ in the sign of the deviation, so only its size is looked at; a meter's own
// reading says which one it uses.
#include <fmt/format.h>

#include "harness/catalogue.hpp"
#include "suites/conformance/appl_check.hpp"

namespace meterproof::suites::conf_obj_004 {
namespace {

using cosem::Data;
using cosem::DateTime;

constexpr std::int8_t k_time = 2, k_begin = 5, k_end = 6, k_saving = 7, k_enabled = 8;
constexpr std::int8_t k_adjust_to_quarter = 1, k_adjust_to_minute = 3, k_shift = 6;
constexpr double k_tolerance = 2;  // seconds: of a clock that shows whole ones, and of the way

Data octets(const DateTime& value) { return cosem::octet_string(cosem::octets_of(value)); }
DateTime local(std::uint16_t year, std::uint8_t month, std::uint8_t day, std::uint8_t hour,
               std::uint8_t minute, std::uint8_t second = 0) {
  return {{year, month, day, 0xFF}, {hour, minute, second, 0}, cosem::k_deviation_not_specified, 0};
}
DateTime last_sunday(std::uint8_t month, std::uint8_t hour) {
  return {
      {0xFFFF, month, cosem::k_last_day, 7}, {hour, 0, 0, 0}, cosem::k_deviation_not_specified, 0};
}
// The fields as seconds on one scale, whatever they are local to.
std::optional<double> seconds_of(DateTime value) {
  value.deviation = 0;
  const auto instant = cosem::to_utc(value);
  if (!instant) return std::nullopt;
  return static_cast<double>(instant->time_since_epoch().count()) / 1000;
}
bool saving(const DateTime& value) {
  return value.clock_status != 0xFF &&
         (value.clock_status & cosem::clock_status::k_daylight_saving) != 0;
}
bool flagged(const DateTime& value) {
  constexpr unsigned k_bad =
      cosem::clock_status::k_invalid_value | cosem::clock_status::k_doubtful_value;
  return value.clock_status == 0xFF || (value.clock_status & k_bad) != 0;
}

class ClockCase {
 public:
  explicit ClockCase(ApplProbe& probe) : probe_(probe) {
    probe.associate();
    before_ = time();
    since_ = ctx().clock().now();
    ctx().control_before("readable", before_ && seconds_of(*before_).has_value());
    for (const std::int8_t attribute : {k_begin, k_end, k_saving, k_enabled}) {
      if (auto value = read(attribute)) settings_.emplace_back(attribute, std::move(*value));
    }
    settable_ = set(k_time, octets(now_as_before())) == "accepted";
    if (!settable_) ctx().skip("the clock cannot be set by this client");
  }
  ~ClockCase() {
    if (!settable_) return;
    if (rule_changed_) {
      for (const auto& [attribute, value] : settings_) (void)set(attribute, value);
    }
    (void)set(k_time, octets(now_as_before()));
  }
  ClockCase(const ClockCase&) = delete;
  ClockCase& operator=(const ClockCase&) = delete;

  explicit operator bool() const { return settable_; }
  Context& ctx() const { return probe_.target().context(); }
  std::string set(std::int8_t attribute, const Data& value) {
    return said(probe_.session().set({8, cosem::names::k_clock, attribute}, value,
                                     probe_.target().deadline(), probe_.target().stop()));
  }
  std::string run(std::int8_t method, const Data& parameters) {
    return said(probe_.session().action({8, cosem::names::k_clock, method}, parameters,
                                        probe_.target().deadline(), probe_.target().stop()));
  }
  std::optional<DateTime> time() {
    const auto value = read(k_time);
    return value ? value->date_time() : std::nullopt;
  }
  // Sets the clock, and from now on bench time says what it should show.
  bool set_to(const DateTime& wanted) {
    const double from = ctx().clock().now().seconds();
    const std::string answer = set(k_time, octets(wanted));
    shows_from(from, seconds_of(wanted).value_or(0));
    return ctx().expect(answer == "accepted", "set_accepted",
                        cosem::to_string(wanted) + ": " + answer);
  }
  void shows_from(double bench, double shown) {
    origin_ = bench;
    shown_ = shown;
  }
  // The clock shows what it was set to and the time since.
  void expect_shown(std::string_view name, double ahead = 0) {
    const auto got = time();
    const double passed = ctx().clock().now().seconds() - origin_;
    const auto seconds = got ? seconds_of(*got) : std::nullopt;
    const double off = seconds ? *seconds - shown_ - ahead : 0;
    ctx().expect(seconds && off >= -k_tolerance && off <= passed + k_tolerance, name,
                 fmt::format("{}, {:.2f} s after what was set, {:.2f} s later",
                             got ? cosem::to_string(*got) : "unreadable", off, passed));
  }
  // The rule of central Europe; false: this clock does not keep one, and the case is skipped.
  bool take_rule() {
    rule_changed_ = true;
    const std::string answers[] = {
        set(k_begin, octets(last_sunday(3, 2))), set(k_end, octets(last_sunday(10, 3))),
        set(k_saving, Data(std::int8_t{60})), set(k_enabled, Data(true))};
    for (const std::string& answer : answers) {
      if (answer == "accepted") continue;
      ctx().skip("the rule of daylight saving cannot be set: " + answer);
      return false;
    }
    return true;
  }
  // Bench seconds to set the clock ahead of what is waited for.
  double lead() const { return std::max(0.4, ctx().clock().scale() / 20); }

 private:
  cosem::Result<Data> read(std::int8_t attribute) {
    return probe_.session().get({8, cosem::names::k_clock, attribute}, probe_.target().deadline(),
                                probe_.target().stop());
  }
  DateTime now_as_before() const {
    const auto passed = static_cast<std::int64_t>((ctx().clock().now() - since_).seconds() * 1000);
    DateTime fields = *before_;
    fields.deviation = 0;
    DateTime now = cosem::from_utc(*cosem::to_utc(fields) + std::chrono::milliseconds(passed));
    now.deviation = before_->deviation;
    now.clock_status = before_->clock_status;
    return now;
  }

  ApplProbe& probe_;
  std::optional<DateTime> before_;
  harness::BenchTime since_;
  std::vector<std::pair<std::int8_t, Data>> settings_;
  bool settable_ = false, rule_changed_ = false;
  double origin_ = 0, shown_ = 0;
};

void set_and_read(ClockCase& clock) {
  if (!clock.set_to(local(2031, 1, 2, 3, 4, 5))) return;
  clock.expect_shown("shows_what_was_set");
  clock.expect_shown("runs_on");
  if (clock.set_to(local(2028, 2, 29, 12, 0))) clock.expect_shown("leap_day");
}

// Refused, or shown with a flag; never taken for good.
void invalid(ClockCase& clock) {
  for (const DateTime& wrong :
       {local(2026, 2, 30, 1, 2, 3), local(2027, 2, 29, 1, 2, 3), local(2026, 13, 1, 1, 2, 3),
        local(2026, 1, 1, 24, 0, 0), local(2026, 1, 1, 1, 60, 0), DateTime{}}) {
    const std::string answer = clock.set(k_time, octets(wrong));
    const auto shown = clock.time();
    clock.ctx().expect(answer != "accepted" || !shown || flagged(*shown), "refused_or_flagged",
                       cosem::to_string(wrong) + ": " + answer);
  }
  const std::string cut = clock.set(k_time, cosem::octet_string(cosem::Bytes(11)));
  clock.ctx().expect(cut != "accepted", "eleven_octets_refused", cut);
}

// The ends of counters inside: refused, flagged, or shown as it was set; never as another day.
void epoch(ClockCase& clock) {
  for (const DateTime& edge : {local(1970, 1, 1, 0, 0), local(1999, 12, 31, 12, 0),
                               local(2038, 1, 20, 0, 0), local(2106, 2, 8, 0, 0)}) {
    const double from = clock.ctx().clock().now().seconds();
    const std::string answer = clock.set(k_time, octets(edge));
    clock.shows_from(from, seconds_of(edge).value_or(0));
    const auto shown = clock.time();
    if (answer == "accepted" && shown && !flagged(*shown)) clock.expect_shown("no_other_day");
    clock.ctx().expect(shown.has_value(), "readable", cosem::to_string(edge) + ": " + answer);
  }
}

// Watches the clock over the switch at flip, in the fields of its local time: the flag changes, the
// local time jumps, and the deviation moves by an hour. start: with the deviation to set.
void watch(ClockCase& clock, const DateTime& start, const DateTime& flip, bool begins) {
  DateTime just_before = start;
  const double lead = clock.lead();
  DateTime fields = flip;
  fields.deviation = 0;
  fields = cosem::from_utc(*cosem::to_utc(fields) -
                           std::chrono::milliseconds(static_cast<std::int64_t>(lead * 1000)));
  just_before.date = fields.date;
  just_before.time = fields.time;
  if (clock.set(k_time, octets(just_before)) != "accepted") {
    clock.ctx().expect(false, "set_accepted", cosem::to_string(just_before));
    return;
  }
  const double since = clock.ctx().clock().now().seconds();
  const double until = since + 3 * lead + 2 * k_tolerance;
  std::optional<DateTime> first, last;
  bool came = false;
  while (!came && clock.ctx().clock().now().seconds() < until) {
    const auto got = clock.time();
    if (!got) break;
    if (!first) first = got;
    last = got;
    came = saving(*got) == begins;
  }
  const std::string text = last ? cosem::to_string(*last) : "unreadable";
  if (!clock.ctx().expect(came, begins ? "saving_begins" : "saving_ends", text)) return;
  // An hour forward from the switch, or an hour back.
  const double jumped = seconds_of(*last).value_or(0) - seconds_of(flip).value_or(0);
  const double wanted = begins ? 3600 : -3600;
  const double passed = clock.ctx().clock().now().seconds() - since;
  clock.ctx().expect(jumped >= wanted - k_tolerance && jumped <= wanted + passed,
                     "local_time_jumps", text);
  if (first && saving(*first) != begins && last->deviation != cosem::k_deviation_not_specified) {
    const int moved = last->deviation - first->deviation;
    clock.ctx().expect(moved == 60 || moved == -60, "deviation_moves",
                       fmt::format("{} to {}", first->deviation, last->deviation));
  }
}

void saving_begins(ClockCase& clock) {
  if (!clock.take_rule()) return;
  if (!clock.set_to(local(2027, 3, 28, 0, 30))) return;
  const auto winter = clock.time();
  clock.ctx().expect(winter && !saving(*winter), "no_saving_before",
                     winter ? cosem::to_string(*winter) : "unreadable");
  watch(clock, local(2027, 3, 28, 0, 0), local(2027, 3, 28, 2, 0), true);
}

void saving_ends(ClockCase& clock) {
  if (!clock.take_rule()) return;
  if (!clock.set_to(local(2027, 7, 1, 12, 0))) return;
  const auto summer = clock.time();
  if (!clock.ctx().expect(summer && saving(*summer), "saving_in_summer",
                          summer ? cosem::to_string(*summer) : "unreadable"))
    return;
  // The hour comes twice: the deviation of summer says which one is meant.
  DateTime start = local(2027, 10, 31, 0, 0);
  start.deviation = summer->deviation;
  start.clock_status = cosem::clock_status::k_daylight_saving;
  watch(clock, start, local(2027, 10, 31, 3, 0), false);
}

void saving_disabled(ClockCase& clock) {
  if (!clock.take_rule()) return;
  const std::string answer = clock.set(k_enabled, Data(false));
  clock.ctx().expect(answer == "accepted", "disabled", answer);
  if (!clock.set_to(local(2027, 7, 1, 12, 0))) return;
  const auto summer = clock.time();
  clock.ctx().expect(summer && !saving(*summer), "no_saving_while_disabled",
                     summer ? cosem::to_string(*summer) : "unreadable");
}

// Methods are optional: what the meter does not have is not judged.
void moved(ClockCase& clock, std::int8_t method, const Data& parameter, double ahead,
           std::string_view name) {
  if (!clock.set_to(local(2027, 5, 4, 12, 7, 40))) return;
  const std::string answer = clock.run(method, parameter);
  if (answer != "accepted") return clock.ctx().not_exercised(name, answer);
  // Rounding goes either way once the time since has passed the middle.
  clock.expect_shown(name, ahead);
}

void adjusted(ClockCase& clock) {
  const Data zero(std::int8_t{0});
  moved(clock, k_adjust_to_quarter, zero, 440, "adjusted_to_quarter");
  if (clock.ctx().clock().scale() == 1) {
    moved(clock, k_adjust_to_minute, zero, 20, "adjusted_to_minute");
  } else {
    clock.ctx().not_exercised("adjusted_to_minute", "a minute of this bench is too short");
  }
}

void shifted(ClockCase& clock) {
  moved(clock, k_shift, Data(std::int16_t{900}), 900, "shifted_forward");
  moved(clock, k_shift, Data(std::int16_t{-900}), -900, "shifted_back");
  for (const std::int16_t beyond : {std::int16_t{901}, std::int16_t{-901}, std::int16_t{32767}}) {
    const std::string answer = clock.run(k_shift, Data(beyond));
    clock.ctx().expect(answer != "accepted", "shift_beyond_900_refused", answer);
  }
}

std::vector<ApplCheck> checks() {
  const auto line = [](std::string name, std::string title, void (*judge)(ClockCase&)) {
    return ApplCheck{std::move(name),
                     std::move(title),
                     "IEC 62056-6-2, 4.5.1",
                     Before::associated,
                     {},
                     0,
                     {},
                     [judge](ApplProbe& probe) {
                       ClockCase clock(probe);
                       if (clock) judge(clock);
                     }};
  };
  return {line("set", "set and read back", set_and_read),
          line("invalid", "what is no date or no time", invalid),
          line("epoch", "the ends of counters: 1970, 2038, 2106", epoch),
          line("saving_begins", "daylight saving begins by the attributes", saving_begins),
          line("saving_ends", "daylight saving ends by the attributes", saving_ends),
          line("saving_disabled", "daylight saving disabled", saving_disabled),
          line("adjusted", "adjust_to_quarter, adjust_to_minute", adjusted),
          line("shifted", "shift_time, also too far", shifted)};
}

harness::Procedure clock_setting() {
  harness::Procedure declared = appl_procedure(
      {.id = "CONF_OBJ_004",
       .title = "Object model: the clock, set",
       .objective = "the clock shows what it was set to, keeps daylight saving time by its "
                    "attributes and takes nothing that is no instant",
       .severity = harness::Severity::high,
       .mutants = {{"CONF_OBJ_SAVING", "saving_begins", {"saving_begins"}},
                   {"CONF_OBJ_SAVING", "saving_in_summer", {"saving_ends"}}}},
      "hls_gmac", checks());
  declared.declaration.destructiveness = harness::Destructiveness::state_changing;
  return declared;
}

const harness::Registration k_registration{clock_setting()};

}  // namespace
}  // namespace meterproof::suites::conf_obj_004
