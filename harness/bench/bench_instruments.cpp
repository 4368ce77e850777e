#include <algorithm>
#include <chrono>
#include <filesystem>

#include "harness/bench/address_guard.hpp"
#include "harness/bench/bench_reader.hpp"
#include "harness/link/link_url.hpp"
#include "harness/names.hpp"

namespace meterproof::bench {
namespace {

std::vector<std::string> profiles_in(const std::vector<std::string>& directories) {
  std::vector<std::string> names;
  for (const std::string& directory : directories) {
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator(directory, ignored))
      if (entry.path().extension() == ".toml") names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

void read_reference_values(TableReader& table, Instrument& instrument) {
  const auto ratio = [&](const char* key, Need need) {
    return table.quantity(key, need, k_ratio, Sign::not_negative).value_or(0);
  };
  instrument.constant = table.quantity("constant", Need::required, k_constant).value_or(0);
  instrument.calibrated_until = table.date("calibrated_until").value_or("");
  instrument.certificate_expanded_percent = ratio("certificate_expanded", Need::required);
  instrument.drift_percent = ratio("drift", Need::optional);
  instrument.specification_percent = ratio("specification", Need::optional);
  instrument.phase_minutes =
      table.quantity("phase", Need::optional, k_angle, Sign::not_negative).value_or(0);
}

void read_envelope(const TomlNode& node, Envelope& envelope, Reading& reading) {
  TableReader table(node, "safety.envelope", reading.problems);
  envelope.max_voltage = {table.quantity("max_voltage", Need::required, k_voltage).value_or(0)};
  envelope.max_current = {table.quantity("max_current", Need::required, k_current).value_or(0)};
  const double seconds = table.quantity("max_duration", Need::required, k_time).value_or(0);
  constexpr double k_longest = 30 * 24 * 3600.0;
  if (seconds > k_longest) table.problem("max_duration", "is longer than 30 days");
  envelope.max_duration = std::chrono::duration_cast<harness::WallDuration>(
      std::chrono::duration<double>(std::min(seconds, k_longest)));
  for (const char* key : {"max_voltage", "max_current"})
    reading.envelope_lines[key] = table.line(key);
}

}  // namespace

std::string read_link(TableReader& table, const std::string& owner, Reading& reading) {
  const auto url = table.text("link", Need::required);
  if (!url) return "";
  try {
    link::parse_link_url(*url);
  } catch (const harness::ConfigError& error) {
    for (const harness::Diagnostic& diagnostic : error.diagnostics())
      table.problem("link", diagnostic.message);
    return *url;
  }
  const std::string where = owner + " (line " + std::to_string(table.line("link")) + ")";
  const std::string wire = url->substr(0, url->find('?'));
  if (const auto [first, fresh] = reading.link_owners.emplace(wire, where); !fresh)
    table.problem("link", wire + " already belongs to " + first->second);
  return *url;
}

Instrument read_instrument(const TomlNode& node, const std::string& table_name,
                           const std::vector<std::string>& drivers, Reading& reading) {
  TableReader table(node, table_name, reading.problems);
  Instrument instrument;
  instrument.line = node.line;
  instrument.name = table_name == "pulse_input"
                        ? table.identifier("name", Need::required).value_or("")
                        : table_name;
  instrument.driver = table.choice("driver", Need::required, drivers).value_or("");
  if (const auto profile = table.text("profile", Need::optional)) {
    const auto known = profiles_in(reading.vocabulary.profile_directories);
    instrument.profile = *profile;
    if (!std::binary_search(known.begin(), known.end(), *profile))
      table.problem("profile",
                    "unknown '" + *profile + "'" + harness::did_you_mean(*profile, known));
  }
  instrument.link = read_link(
      table, table_name == "pulse_input" ? "pulse input " + instrument.name : table_name, reading);
  instrument.simulated = table.flag("simulated", false);
  if (table_name == "reference") read_reference_values(table, instrument);
  return instrument;
}

Safety read_safety(const TomlNode& node, Reading& reading) {
  TableReader table(node, "safety", reading.problems);
  Safety safety;
  using Items = std::vector<TableReader::Item>;
  for (const auto& item : table.texts("allow", Need::optional).value_or(Items{})) {
    safety.allow.push_back(item.text);
    const auto block = parse_block(item.text);
    if (!block)
      reading.problems.add(item.line, "'allow' in [safety]: '" + item.text +
                                          "' is not an address block like \"10.1.0.0/16\"");
    else if (!within_permitted_range(*block))
      reading.problems.add(item.line,
                           "'allow' in [safety]: '" + item.text +
                               "' is not within a private, link-local, loopback or benchmark range "
                               "(attack traffic never goes to public addresses)");
  }
  reading.make_safe = table.texts("make_safe", Need::required).value_or(Items{});
  for (const auto& item : reading.make_safe) safety.make_safe.push_back(item.text);
  if (table.has("make_safe") && std::find(safety.make_safe.begin(), safety.make_safe.end(),
                                          "source") == safety.make_safe.end())
    table.problem("make_safe", "must contain \"source\"");
  if (const TomlNode* envelope = table.table("envelope", Need::required))
    read_envelope(*envelope, safety.envelope, reading);
  return safety;
}

}  // namespace meterproof::bench
