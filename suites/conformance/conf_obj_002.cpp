// Three objects whose values the standard ties to something that can be seen from outside: the
// current association, the clock, and a load profile read by entry and by range.
#include <fmt/format.h>

#include <cstdlib>

#include "harness/catalogue.hpp"
#include "suites/conformance/appl_check.hpp"
#include "suites/conformance/object_list.hpp"

namespace meterproof::suites::conf_obj_002 {
namespace {

using cosem::Data;

cosem::Result<Data> read(ApplProbe& probe, cosem::AttributeDescriptor what,
                         std::optional<cosem::SelectiveAccess> access = {}) {
  return probe.session().get(what, probe.target().deadline(), probe.target().stop(),
                             std::move(access));
}

// The object says what was negotiated: context, mechanism, partners.
void association(ApplProbe& probe) {
  probe.associate();
  Context& ctx = probe.target().context();
  const auto attribute = [&](std::int8_t id) {
    return read(probe, {15, cosem::names::k_current_association, id});
  };
  const auto last_octet = [](const cosem::Result<Data>& name) -> int {
    const auto octets = name ? name->octets() : std::nullopt;
    if (!octets || octets->empty()) return -1;
    return std::to_integer<int>(octets->back());
  };
  const auto context = attribute(4);
  const auto mechanism = attribute(6);
  const bool structured = context && context->as<cosem::Structure>() != nullptr;
  if (structured) {
    ctx.not_exercised("names of context and mechanism", "coded as structures, not octet-strings");
  } else {
    ctx.expect(last_octet(context) == cosem::context::k_ln, "context_name",
               fmt::format("application context {}", last_octet(context)));
    const int wanted = probe.session().association().settings().mechanism;
    ctx.expect(last_octet(mechanism) == wanted, "mechanism_name",
               fmt::format("mechanism {}, used {}", last_octet(mechanism), wanted));
  }
  const auto partners = attribute(3);
  const auto* parts = partners ? partners->elements() : nullptr;
  const auto* client = probe.target().type().client(probe.client());
  const auto sap = parts != nullptr && !parts->empty() ? parts->front().integer() : std::nullopt;
  ctx.expect(sap && client != nullptr && *sap == client->client_sap, "partners",
             fmt::format("client SAP {}", sap.value_or(-1)));
}

// Local time, deviation and zone belong together; the time runs.
void clock(ApplProbe& probe) {
  probe.associate();
  Context& ctx = probe.target().context();
  const auto name = cosem::names::k_clock;
  const auto time = read(probe, {8, name, 2});
  const auto date_time = time ? time->date_time() : std::nullopt;
  ctx.expect(date_time && date_time->valid(), "time_valid",
             date_time ? cosem::to_string(*date_time) : said(time));
  const auto zone = read(probe, {8, name, 3});
  const auto minutes = zone ? zone->integer() : std::nullopt;
  const auto enabled = read(probe, {8, name, 8});
  const auto saving = read(probe, {8, name, 7});
  if (!date_time || !minutes) return;
  const bool active = (date_time->clock_status & 0x80) != 0;
  const bool may_save = enabled && enabled->as<bool>() != nullptr && *enabled->as<bool>();
  ctx.expect(!active || may_save, "daylight_flag_only_when_enabled",
             active ? "daylight saving active" : "normal time");
  if (date_time->deviation == cosem::k_deviation_not_specified) {
    return ctx.not_exercised("deviation", "not specified by the meter");
  }
  // Editions differ in the sign of the deviation; its size is common to all.
  const auto shift = active && saving ? saving->integer().value_or(0) : 0;
  const auto size = [](std::int64_t value) { return value < 0 ? -value : value; };
  const std::int64_t said_zone = *minutes;
  const std::int64_t deviation = date_time->deviation;
  ctx.expect(
      size(deviation) == size(said_zone + shift) || size(deviation) == size(said_zone - shift),
      "deviation_is_the_zone",
      fmt::format("deviation {}, zone {}, daylight saving {}", deviation, said_zone, shift));
}

struct Rows {
  bool read = false;
  std::string said_text;
  std::vector<std::vector<Data>> rows;
};
Rows entries_of(ApplProbe& probe, const cosem::SelectiveAccess& access) {
  const auto value = read(probe, objects::load_profile(), access);
  Rows rows{value.has_value(), said(value), {}};
  if (!value) return rows;
  if (auto got = cosem::profile_rows(*value)) rows.rows = std::move(*got);
  return rows;
}

std::uint32_t entries_in_use(ApplProbe& probe) {
  const auto value = read(probe, {7, cosem::names::k_load_profile, 7});
  const auto count = value ? value->unsigned_integer() : std::nullopt;
  probe.target().context().require(count && *count >= 3, "profile_has_rows", said(value));
  return static_cast<std::uint32_t>(*count);
}

void profile_entries(ApplProbe& probe) {
  probe.associate();
  Context& ctx = probe.target().context();
  const std::uint32_t count = entries_in_use(probe);
  const auto expect_rows = [&](std::string_view name, const cosem::SelectiveAccess& access,
                               std::size_t wanted) {
    const Rows got = entries_of(probe, access);
    ctx.expect(got.read && got.rows.size() == wanted, name,
               fmt::format("{} rows, wanted {}: {}", got.rows.size(), wanted, got.said_text));
    return got;
  };
  const Rows first = expect_rows("first_two", cosem::entries(1, 2), 2);
  // A row may be captured between the two reads, so the count is read at one row's distance.
  const Rows last = entries_of(probe, cosem::entries(count, count));
  ctx.expect(last.read && last.rows.size() == 1, "last_row",
             fmt::format("{} rows: {}", last.rows.size(), last.said_text));
  const Rows beyond = entries_of(probe, cosem::entries(count + 1000, count + 2000));
  ctx.expect(beyond.rows.empty(), "nothing_beyond_the_last",
             fmt::format("{} rows: {}", beyond.rows.size(), beyond.said_text));
  const Rows zero = entries_of(probe, cosem::entries(0, 1));
  ctx.expect(zero.rows.size() <= 1, "entry_0", fmt::format("{} rows", zero.rows.size()));
  const Rows column = expect_rows("column_rows", cosem::entries(1, 2, 1, 1), 2);
  const bool one_each = !column.rows.empty() && column.rows.front().size() == 1;
  ctx.expect(one_each && first.rows.size() == 2 && column.rows.front()[0] == first.rows.front()[0],
             "first_column_only",
             fmt::format("{} columns", column.rows.empty() ? 0 : column.rows.front().size()));
}

void profile_range(ApplProbe& probe) {
  probe.associate();
  Context& ctx = probe.target().context();
  (void)entries_in_use(probe);
  const Rows rows = entries_of(probe, cosem::entries(1, 3));
  const bool clocked = rows.rows.size() == 3 && !rows.rows[0].empty() &&
                       rows.rows[0][0].date_time() && rows.rows[1][0].date_time();
  if (!clocked) return ctx.not_exercised("by range", "the rows do not begin with a date-time");
  const auto from = *rows.rows[0][0].date_time();
  const auto to = *rows.rows[1][0].date_time();
  const Rows both = entries_of(probe, cosem::range(from, to));
  ctx.expect(both.rows.size() == 2 && both.rows == decltype(both.rows){rows.rows[0], rows.rows[1]},
             "range_of_two", fmt::format("{} rows: {}", both.rows.size(), both.said_text));
  const Rows one = entries_of(probe, cosem::range(from, from));
  ctx.expect(one.rows.size() == 1, "range_of_one", fmt::format("{} rows", one.rows.size()));
  const Rows none = entries_of(probe, cosem::range(to, from));
  ctx.expect(none.rows.empty(), "range_backwards", fmt::format("{} rows", none.rows.size()));
}

std::vector<ApplCheck> checks() {
  const auto line = [](std::string name, std::string title, const char* clause,
                       void (*judge)(ApplProbe&)) {
    return ApplCheck{
        std::move(name), std::move(title), clause, Before::associated, {}, 0, {}, judge};
  };
  return {line("association", "the current association says what was negotiated",
               "IEC 62056-6-2, 4.4.4", association),
          line("clock", "time, zone and daylight saving", "IEC 62056-6-2, 4.5.1", clock),
          line("profile_entries", "a profile by entry", "IEC 62056-6-2, 4.3.6", profile_entries),
          line("profile_range", "a profile by range", "IEC 62056-6-2, 4.3.6", profile_range)};
}

const harness::Registration k_registration{appl_procedure(
    {.id = "CONF_OBJ_002",
     .title = "Object model: association, clock and profile",
     .objective = "these objects say what can be seen from outside, and selective access gives the "
                  "rows and columns asked for",
     .severity = harness::Severity::medium,
     .mutants = {{"CONF_OBJ_CONTEXT", "context_name", {"association"}},
                 {"CONF_OBJ_CLOCK", "deviation_is_the_zone", {"clock"}},
                 {"CONF_OBJ_COLUMNS", "first_column_only", {"profile_entries"}}}},
    "lls", checks())};

}  // namespace
}  // namespace meterproof::suites::conf_obj_002
