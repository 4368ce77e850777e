#include "harness/bench/meter_type.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <map>
#include <set>

#include "harness/bench/bench_file.hpp"
#include "harness/bench/small_file.hpp"
#include "harness/bench/table_reader.hpp"
#include "harness/bench/type_reader.hpp"
#include "harness/names.hpp"

namespace meterproof::bench {

bool signs(const DeclaredClient& client) {
  return client.authentication == "hls_ecdsa" || !client.signing.empty() ||
         client.general_ciphering == "one_pass";
}
bool agrees_on_keys(const DeclaredClient& client) {
  return client.general_ciphering == "one_pass" || client.general_ciphering == "static_agreement";
}

namespace {

constexpr std::size_t k_largest_type_file = 256 * 1024;

harness::WallDuration seconds(double value) {
  constexpr double k_longest = 1e9;  // 30 years; keeps the conversion defined
  return std::chrono::duration_cast<harness::WallDuration>(
      std::chrono::duration<double>(std::min(value, k_longest)));
}

void read_ratings(TableReader& ratings, MeterType& type) {
  const auto ampere = [&](const char* key) {
    return ratings.quantity(key, Need::required, k_current);
  };
  if (const auto phases = ratings.integer("phases", Need::required, 1, 3)) {
    type.phases = *phases;
    if (*phases == 2) ratings.problem("phases", "2 is impossible: 1 or 3 measuring elements");
  }
  const auto un = ratings.quantity("nominal_voltage", Need::required, k_voltage);
  const auto ist = ampere("starting_current"), imin = ampere("minimum_current"),
             itr = ampere("transitional_current"), ib = ampere("base_current"),
             imax = ampere("maximum_current");
  struct Order {
    const char *low_key, *high_key;
    const std::optional<double>&low, &high;
    bool may_be_equal;
  };
  for (const Order& order : {Order{"starting_current", "minimum_current", ist, imin, false},
                             Order{"minimum_current", "transitional_current", imin, itr, true},
                             Order{"transitional_current", "base_current", itr, ib, true},
                             Order{"base_current", "maximum_current", ib, imax, true}}) {
    if (!order.low || !order.high) continue;
    if (*order.low < *order.high || (order.may_be_equal && *order.low == *order.high)) continue;
    ratings.problem(order.low_key, std::string("impossible rating: must be ") +
                                       (order.may_be_equal ? "at most" : "less than") + " '" +
                                       order.high_key + "'");
  }
  type.nominal_voltage = {un.value_or(0)};
  type.starting_current = {ist.value_or(0)};
  type.minimum_current = {imin.value_or(0)};
  type.transitional_current = {itr.value_or(0)};
  type.base_current = {ib.value_or(0)};
  type.maximum_current = {imax.value_or(0)};
  type.frequency = {ratings.quantity("frequency", Need::required, k_frequency).value_or(0)};
  type.constant = ratings.quantity("constant", Need::required, k_constant).value_or(0);
  type.accuracy_class =
      ratings
          .choice("accuracy_class", Need::required,
                  {"0.1S", "0.2S", "0.5S", "0.1", "0.2", "0.5", "1S", "1", "2", "A", "B", "C"})
          .value_or("");
  type.standard = ratings.text("standard", Need::required).value_or("");
  type.connection =
      ratings.choice("connection", Need::required, {"direct", "transformer"}).value_or("");
  type.has_relay = ratings.flag("relay", false);
}

void read_register(TableReader& energy, MeterType& type) {
  if (const auto name = energy.text("energy", Need::optional)) {
    type.register_energy = *name;
    if (!is_logical_name(*name))
      energy.problem("energy", "'" + *name + "' is not a logical name like \"1-0:1.8.0.255\"");
  }
  type.register_resolution_wh =
      energy.quantity("resolution", Need::optional, k_energy).value_or(type.register_resolution_wh);
}

void read_communication(TableReader& communication, MeterType& type) {
  type.protocol = communication.text("protocol", Need::required).value_or("");
  type.server_sap =
      communication.integer("server_sap", Need::optional, 1, 0x3fff).value_or(type.server_sap);
  type.hdlc_physical_address =
      communication.integer("hdlc_physical_address", Need::optional, 0, 0x3fff)
          .value_or(type.hdlc_physical_address);
  type.hdlc_address_octets =
      communication.integer("hdlc_address_octets", Need::optional, 1, 4).value_or(0);
  if (type.hdlc_address_octets == 3)
    communication.problem("hdlc_address_octets", "3 is impossible: 1, 2 or 4 octets");
  type.hdlc_information = communication.integer("hdlc_information", Need::optional, 1, 2030)
                              .value_or(type.hdlc_information);
  type.hdlc_window =
      communication.integer("hdlc_window", Need::optional, 1, 7).value_or(type.hdlc_window);
  type.start =
      communication.choice("start", Need::optional, {"hdlc", "mode_e"}).value_or(type.start);
  type.optical_baud = communication.integer("optical_baud", Need::optional, 300, 115200)
                          .value_or(type.optical_baud);
  type.udp = communication.flag("udp", false);
  type.referencing = communication.choice("referencing", Need::optional, {"ln", "sn", "both"})
                         .value_or(type.referencing);
  type.general_block_window =
      communication.integer("general_block_window", Need::optional, 0, 63).value_or(0);
  type.lockout_after_failures =
      communication.integer("lockout_after_failures", Need::optional, 0, 1'000'000).value_or(0);
  const auto time = [&](const char* key, Need need) {
    return seconds(communication.quantity(key, need, k_time).value_or(0));
  };
  type.lockout = time("lockout", type.lockout_after_failures > 0 ? Need::required : Need::optional);
  type.recovery = time("recovery", Need::required);
  type.boot = time("boot", Need::required);
  type.inactivity_timeout = time("inactivity_timeout", Need::required);
}

DeclaredClient read_client(TableReader& table) {
  DeclaredClient client;
  client.line = table.line();
  client.name = table.identifier("name", Need::required).value_or("");
  client.client_sap = table.integer("client_sap", Need::required, 1, 127).value_or(0);
  client.authentication =
      table
          .choice("authentication", Need::required,
                  {"none", "lls", "hls_md5", "hls_sha1", "hls_gmac", "hls_sha256", "hls_ecdsa"})
          .value_or("");
  client.ciphered = table.flag("ciphered", false);
  client.security_suite = table.integer("security_suite", Need::optional, 0, 2).value_or(0);
  if (client.authentication == "hls_ecdsa" && client.security_suite == 0)
    table.problem("authentication", "'hls_ecdsa' needs security_suite = 1 or 2");
  client.policy = table
                      .choice("policy", Need::optional,
                              {"none", "authenticated", "encrypted", "authenticated_encrypted"})
                      .value_or("none");
  if (client.policy != "none" && !client.ciphered)
    table.problem("policy", "'" + client.policy + "' needs ciphered = true");
  client.general_ciphering =
      table
          .choice("general_ciphering", Need::optional,
                  {"unicast", "broadcast", "wrapped", "one_pass", "static_agreement"})
          .value_or("");
  client.signing = table.choice("signing", Need::optional, {"outside", "inside"}).value_or("");
  if (!client.general_ciphering.empty() && client.policy == "none")
    table.problem("general_ciphering", "without a policy there is nothing to cipher");
  if (!client.signing.empty() && !client.ciphered)
    table.problem("signing", "general-signing needs ciphered = true");
  if (agrees_on_keys(client) && client.security_suite == 0)
    table.problem("general_ciphering",
                  "'" + client.general_ciphering + "' needs security_suite = 1 or 2");
  if (!client.signing.empty() && client.security_suite == 0)
    table.problem("signing", "'" + client.signing + "' needs security_suite = 1 or 2");
  client.pre_established = table.flag("pre_established", false);
  if (client.pre_established && client.authentication != "none")
    table.problem("pre_established", "an association without AARQ has no authentication but keys");
  for (const auto& item :
       table.texts("may_read", Need::optional).value_or(std::vector<TableReader::Item>{})) {
    client.may_read.push_back(item.text);
    if (item.text != "*" && !is_logical_name(item.text))
      table.problem("may_read",
                    "'" + item.text + "' is not a logical name like \"1-0:1.8.0.255\", nor \"*\"");
  }
  return client;
}

// The folder "markets" beside the type's own file and in each of the directories.
std::vector<std::filesystem::path> market_folders(const MeterType& type,
                                                  const std::vector<std::string>& directories) {
  std::vector<std::filesystem::path> folders{std::filesystem::path(type.file).parent_path()};
  folders.insert(folders.end(), directories.begin(), directories.end());
  for (std::filesystem::path& folder : folders) folder /= "markets";
  return folders;
}

// A type may leave out what its market says, but not contradict it.
void hold_against_profile(const MeterType& type, Problems& problems) {
  for (const DeclaredClient& client : type.clients) {
    const MarketClient* said = type.profile->client(client.name);
    if (!said) continue;
    const auto contradicts = [&](const std::string& what, const std::string& value) {
      problems.add(client.line, what + " of client '" + client.name + "' is " + value +
                                    ", which profile '" + type.profile_name + "' does not have");
    };
    const auto among = [](const std::vector<std::string>& words, const std::string& word) {
      return words.empty() || std::find(words.begin(), words.end(), word) != words.end();
    };
    if (said->client_sap && *said->client_sap != client.client_sap)
      contradicts("client_sap", std::to_string(client.client_sap));
    if (!among(said->mechanisms, client.authentication))
      contradicts("authentication", client.authentication);
    if (!among(said->policies, client.policy)) contradicts("policy", client.policy);
  }
}

void add_profile(MeterType& type, const std::vector<std::string>& directories, Problems& problems) {
  std::vector<std::string> known;
  for (const std::filesystem::path& folder : market_folders(type, directories)) {
    std::error_code ignored;
    const std::filesystem::path path = folder / (type.profile_name + ".toml");
    if (std::filesystem::exists(path, ignored)) {
      try {
        type.profile = load_market_profile(path.string());
      } catch (const harness::ConfigError& error) {
        problems.add(error.diagnostics());
        return;
      }
      hold_against_profile(type, problems);
      return;
    }
    for (const auto& entry : std::filesystem::directory_iterator(folder, ignored))
      if (entry.path().extension() == ".toml") known.push_back(entry.path().stem().string());
  }
  std::sort(known.begin(), known.end());
  problems.add(0, "no market profile '" + type.profile_name + "'" +
                      harness::did_you_mean(type.profile_name, known));
}

}  // namespace

const DeclaredClient* MeterType::client(const std::string& client_name) const {
  for (const DeclaredClient& declared : clients)
    if (declared.name == client_name) return &declared;
  return nullptr;
}

MeterType read_meter_type(std::string_view text, Problems& problems) {
  MeterType type;
  type.file = problems.file();
  type.name = std::filesystem::path(problems.file()).stem().string();
  const TomlNode document = parse_toml(text, problems.file());
  TableReader root(document, "", problems);
  type.manufacturer = root.text("manufacturer", Need::required).value_or("");
  type.model = root.text("model", Need::required).value_or("");
  type.profile_name = root.identifier("profile", Need::optional).value_or("");
  type.object_list_complete = root.flag("object_list_complete", false);
  if (const TomlNode* node = root.table("ratings", Need::required)) {
    TableReader ratings(*node, "ratings", problems);
    read_ratings(ratings, type);
  }
  if (const TomlNode* node = root.table("register", Need::optional)) {
    TableReader energy(*node, "register", problems);
    read_register(energy, type);
  }
  if (const TomlNode* node = root.table("communication", Need::required)) {
    TableReader communication(*node, "communication", problems);
    read_communication(communication, type);
  }
  std::map<int, std::string> saps;
  for (const TomlNode* node : root.tables("client")) {
    TableReader table(*node, "client", problems);
    DeclaredClient client = read_client(table);
    if (!client.name.empty() && type.client(client.name))
      table.problem("name", "client '" + client.name + "' is declared twice");
    if (const auto [other, fresh] = saps.emplace(client.client_sap, client.name);
        !fresh && client.client_sap != 0)
      table.problem("client_sap", std::to_string(client.client_sap) + " already belongs to '" +
                                      other->second + "'");
    type.clients.push_back(std::move(client));
  }
  if (!root.has("client")) problems.add(0, "no [[client]]: a meter type declares at least one");
  return type;
}

std::shared_ptr<const MeterType> load_meter_type(const std::string& path,
                                                 const std::vector<std::string>& directories) {
  const SmallFile file = read_small_file(path, k_largest_type_file);
  if (!file.content)
    throw harness::ConfigError({path, 0, "meter type cannot be read: " + file.problem});
  Problems problems(path);
  auto type = std::make_shared<MeterType>(read_meter_type(*file.content, problems));
  if (!type->profile_name.empty()) add_profile(*type, directories, problems);
  problems.raise_if_any();
  return type;
}

}  // namespace meterproof::bench
