#include "suites/accuracy/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>

#include "harness/errors.hpp"

namespace meterproof::suites {
namespace {

namespace json = boost::json;

const json::object& tables() {
  static const json::object k_tables =
      json::parse({k_limits_json.data(), k_limits_json.size()}).as_object();
  return k_tables;
}

const json::array& table_rows(std::string_view table) { return tables().at(table).as_array(); }

std::string row_text(const json::value& row, std::string_view key) {
  const json::value* found = row.as_object().if_contains(key);
  return found && found->is_string() ? std::string(found->as_string()) : std::string{};
}

double row_number(const json::value& row, std::string_view key) {
  return row.at(key).to_number<double>();
}

std::string provenance(const json::value& row) {
  const std::string note = row_text(row, "note");
  return fmt::format("[{}; confidence {}{}{}]", row_text(row, "source"),
                     row_text(row, "confidence"), note.empty() ? "" : "; ", note);
}

harness::Current named_current(const bench::MeterType& type, const json::value& bound) {
  const std::string of = row_text(bound, "of");
  const double multiple = row_number(bound, "mult");
  if (of == "Ib" || of == "In") return type.base_current * multiple;
  if (of == "Imax") return type.maximum_current * multiple;
  if (of == "Itr") return type.transitional_current * multiple;
  if (of == "Imin") return type.minimum_current * multiple;
  throw harness::InternalError("limit table: unknown current '" + of + "'");
}

// Currents come from products such as 0.1 x 5 A, so equal means equal to a part in 1e9.
int compare(harness::Current left, harness::Current right) {
  const double scale = std::max(std::abs(left.value), std::abs(right.value));
  const double difference = left.value - right.value;
  return std::abs(difference) <= 1e-9 * scale ? 0 : difference < 0 ? -1 : 1;
}

bool covers(const json::value& row, const bench::MeterType& type, harness::Current current) {
  const int from = compare(current, named_current(type, row.at("from")));
  const int to = compare(current, named_current(type, row.at("to")));
  return (row.at("from_inclusive").as_bool() ? from >= 0 : from > 0) &&
         (row.at("to_inclusive").as_bool() ? to <= 0 : to < 0);
}

Side side_of(const json::value& row) {
  const std::string side = row_text(row, "side");
  return side == "ind" ? Side::inductive : side == "cap" ? Side::capacitive : Side::none;
}

struct StandardName {
  std::string number, edition;  // "IEC 62053-21", "2003"
};

StandardName standard_name(const std::string& standard) {
  const auto colon = standard.rfind(':');
  if (colon == std::string::npos) return {standard, {}};
  return {standard.substr(0, colon), standard.substr(colon + 1)};
}

bool same_edition(const json::value& row, const std::string& edition) {
  if (edition.empty()) return true;
  const json::array& editions = row.at("editions").as_array();
  return std::any_of(editions.begin(), editions.end(), [&](const json::value& one) {
    return std::string_view(one.as_string()) == edition;
  });
}

bool is_for(const json::value& row, const bench::MeterType& type) {
  return row_text(row, "standard") == standard_name(type.standard).number &&
         row_text(row, "class") == type.accuracy_class &&
         row_text(row, "connection") == type.connection;
}

// W at the nominal voltage.
double apparent_power(const bench::MeterType& type, harness::Current current) {
  return type.phases * (type.nominal_voltage * current).value;
}

}  // namespace

harness::Angle PowerFactor::angle() const {
  const double angle = std::acos(cosine);
  return {side == Side::capacitive ? -angle : angle};
}

std::optional<ErrorLimit> limit_for(const bench::MeterType& type, PowerFactor power_factor,
                                    harness::Current current) {
  for (const json::value& row : table_rows("accuracy_limits")) {
    if (!is_for(row, type) || !same_edition(row, standard_name(type.standard).edition)) continue;
    if (side_of(row) != power_factor.side) continue;
    if (std::abs(row_number(row, "pf") - power_factor.cosine) > 1e-9) continue;
    if (!covers(row, type, current)) continue;
    return ErrorLimit{
        row_number(row, "limit_percent"),
        fmt::format("{} {} {}", type.standard, row_text(row, "clause"), provenance(row))};
  }
  return std::nullopt;
}

std::optional<ErrorLimit> base_limit(const bench::MeterType& type) {
  return limit_for(type, PowerFactor{}, type.base_current);
}

std::optional<StartingCurrent> starting_current(const bench::MeterType& type) {
  for (const json::value& row : table_rows("starting_current")) {
    if (!is_for(row, type)) continue;
    return StartingCurrent{
        named_current(type, row),
        fmt::format("{} starting current {} {} {}", type.standard, row_number(row, "mult"),
                    row_text(row, "of"), provenance(row))};
  }
  return std::nullopt;
}

std::optional<NoLoadTest> no_load_test(const bench::MeterType& type) {
  const StandardName standard = standard_name(type.standard);
  if (standard.number != "IEC 62053-21" && standard.number != "IEC 62053-22") return std::nullopt;
  if (!standard.edition.empty() && standard.edition != "2003") return std::nullopt;
  const json::value& row = table_rows("no_load_test").front();
  const json::value* c = row.at("C").as_object().if_contains(type.accuracy_class);
  if (!c) return std::nullopt;
  const double minutes =
      c->to_number<double>() * 1e6 / (type.constant * apparent_power(type, type.maximum_current));
  return NoLoadTest{row_number(row, "voltage"), harness::BenchDuration::from_seconds(minutes * 60),
                    row_number(row, "accept_pulses"),
                    fmt::format("{} {} {} {}", type.standard, row_text(row, "clause"),
                                row_text(row, "formula"), provenance(row))};
}

StartingTest starting_test(const bench::MeterType& type, harness::Current starting) {
  const json::value& row = table_rows("starting_test").front();
  const double tau = 3.6e6 / (type.constant * apparent_power(type, starting));
  return {harness::BenchDuration::from_seconds(tau),
          harness::BenchDuration::from_seconds(tau * row_number(row, "factor")),
          fmt::format("substitute from {}: {} {}", row_text(row, "standard"),
                      row_text(row, "formula"), provenance(row))};
}

std::optional<ConstantTest> constant_test(const bench::MeterType& type, double resolution_wh) {
  const std::optional<ErrorLimit> base = base_limit(type);
  if (!base) return std::nullopt;
  const json::value& row = table_rows("meter_constant_test").front();
  return ConstantTest{1000 * resolution_wh / base->percent,
                      base->percent * row_number(row, "share_of_mpe"),
                      fmt::format("substitute from {}: {} {}", row_text(row, "standard"),
                                  row_text(row, "formula"), provenance(row))};
}

}  // namespace meterproof::suites
