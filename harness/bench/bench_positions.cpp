#include <algorithm>
#include <filesystem>
#include <set>
#include <utility>

#include "harness/bench/bench_reader.hpp"
#include "harness/bench/secrets.hpp"
#include "harness/bench/small_file.hpp"
#include "harness/names.hpp"

namespace meterproof::bench {
namespace {

constexpr std::size_t k_long_key_octets = 32;  // security suite 2; the others have 16
constexpr std::size_t k_system_title_octets = 8;

std::shared_ptr<const MeterType> find_type(TableReader& table, const std::string& name,
                                           Reading& reading) {
  if (const auto known = reading.types.find(name); known != reading.types.end())
    return known->second;
  std::vector<std::string> directories{beside(reading.problems.file(), ".")};
  const auto& more = reading.vocabulary.type_directories;
  directories.insert(directories.end(), more.begin(), more.end());
  std::shared_ptr<const MeterType>& type = reading.types[name];
  for (const std::string& directory : directories) {
    const std::string path =
        (std::filesystem::path(directory) / (name + ".toml")).lexically_normal().string();
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored)) continue;
    try {
      type = load_meter_type(path, more);
    } catch (const harness::ConfigError& error) {
      reading.problems.add(error.diagnostics());
    }
    return type;
  }
  std::vector<std::string> known;
  for (const std::string& directory : more) {
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator(directory, ignored))
      if (entry.path().extension() == ".toml") known.push_back(entry.path().stem().string());
  }
  std::sort(known.begin(), known.end());
  table.problem("type", "no meter type '" + name + "'" + harness::did_you_mean(name, known));
  return type;
}

std::vector<std::string> client_names(const MeterType& type) {
  std::vector<std::string> names;
  for (const DeclaredClient& client : type.clients) names.push_back(client.name);
  return names;
}

std::size_t key_octets_of(const DeclaredClient* client) {
  return client != nullptr && client->security_suite == 2 ? k_long_key_octets : 16;
}

// Of a private key; 0: any, since the suite has none.
std::size_t signing_key_octets_of(const DeclaredClient* client) {
  if (client == nullptr || client->security_suite == 0) return 0;
  return client->security_suite == 2 ? 48 : 32;
}

SecretReference read_secret(TableReader& client, const std::string& key, std::size_t octets,
                            Reading& reading) {
  SecretReference reference;
  const TomlNode* node = client.any(key, Need::optional);
  if (!node) return reference;
  if (!node->table()) {
    client.problem(key,
                   "a secret never stands in the bench file: write { file = \"...\", encoding = "
                   "\"hex\" } or { env = \"NAME\", encoding = \"hex\" }");
    return reference;
  }
  TableReader table(*node, client.name() + "." + key, reading.problems);
  const auto file = table.text("file", Need::optional);
  const auto environment = table.text("env", Need::optional);
  const bool encoded = table.has("encoding");
  const auto encoding = table.choice("encoding", Need::optional, {"hex", "text"});
  reference.encoding = encoding.value_or("hex");
  if (file.has_value() == environment.has_value()) {
    client.problem(key, "either 'file' or 'env' must say where the secret is");
    return reference;
  }
  reference.from = file ? SecretReference::From::file : SecretReference::From::environment;
  reference.name = file ? *file : *environment;
  if (encoded && !encoding) return reference;
  const ResolvedSecret secret = try_resolve(reference, reading.problems.file());
  if (!secret.octets)
    client.problem(key, secret.problem);
  else if (octets != 0 && secret.octets->size() != octets)
    client.problem(key, "the secret has " + std::to_string(secret.octets->size()) +
                            " octets; this key of the client's security suite has " +
                            std::to_string(octets));
  return reference;
}

std::string read_system_title(TableReader& table) {
  const auto text = table.text("system_title", Need::optional);
  if (!text) return "";
  const auto octets = parse_hex(*text);
  if (!octets || octets->size() != k_system_title_octets)
    table.problem("system_title", "8 octets in hexadecimal digits are expected");
  return *text;
}

std::string read_public_key(TableReader& table, const std::string& key, std::size_t octets) {
  const auto text = table.text(key, Need::optional);
  if (!text) return "";
  const auto found = parse_hex(*text);
  if (!found || (octets != 0 && found->size() != octets))
    table.problem(key,
                  "x and y of the meter's public key in hexadecimal digits are expected: 64 octets "
                  "in security suite 1, 96 in 2");
  return *text;
}

struct UnitClient {
  ClientAccess access;
  std::set<std::string> given;  // keys, also those whose values are wrong
  int line = 0;
};
using UnitClients = std::map<std::string, UnitClient>;

// What the authentication of a declared client cannot do without.
void check_secrets(const DeclaredClient& declared, const UnitClient& unit, Reading& reading) {
  const auto need = [&](const std::string& key) {
    if (!unit.given.contains(key))
      reading.problems.add(unit.line, "client '" + declared.name + "' needs '" + key +
                                          "' in its [[position.client]] (authentication " +
                                          declared.authentication +
                                          (declared.ciphered ? ", ciphered)" : ")"));
  };
  const std::string& authentication = declared.authentication;
  if (authentication == "lls" || authentication == "hls_md5" || authentication == "hls_sha1" ||
      authentication == "hls_sha256")
    need("password");
  if (authentication == "hls_gmac" || declared.ciphered) {
    need("encryption_key");
    need("authentication_key");
  }
  if (signs(declared)) {
    need("signing_key");
    need("meter_signing_public_key");
  }
  if (agrees_on_keys(declared)) {
    need("agreement_key");
    need("meter_agreement_public_key");
  }
  if (declared.general_ciphering == "broadcast") need("broadcast_key");
  if (declared.general_ciphering == "wrapped") need("master_key");
  if (authentication == "hls_gmac" || authentication == "hls_sha256" ||
      authentication == "hls_ecdsa" || declared.ciphered)
    need("system_title");
}

UnitClients read_clients(TableReader& position, const MeterType* type, Reading& reading) {
  UnitClients clients;
  for (const TomlNode* node : position.tables("client")) {
    TableReader table(*node, "position.client", reading.problems);
    UnitClient client;
    client.line = node->line;
    for (const TomlEntry& entry : *node->table()) client.given.insert(entry.key);
    client.access.client = table.text("name", Need::required).value_or("");
    client.access.password = read_secret(table, "password", 0, reading);
    const DeclaredClient* declared = type ? type->client(client.access.client) : nullptr;
    const std::size_t key_octets = key_octets_of(declared);
    client.access.encryption_key = read_secret(table, "encryption_key", key_octets, reading);
    client.access.authentication_key =
        read_secret(table, "authentication_key", key_octets, reading);
    client.access.signing_key =
        read_secret(table, "signing_key", signing_key_octets_of(declared), reading);
    client.access.meter_signing_public_key_hex =
        read_public_key(table, "meter_signing_public_key", 2 * signing_key_octets_of(declared));
    client.access.broadcast_key = read_secret(table, "broadcast_key", key_octets, reading);
    client.access.master_key = read_secret(table, "master_key", key_octets, reading);
    client.access.agreement_key =
        read_secret(table, "agreement_key", signing_key_octets_of(declared), reading);
    client.access.meter_agreement_public_key_hex =
        read_public_key(table, "meter_agreement_public_key", 2 * signing_key_octets_of(declared));
    client.access.system_title_hex = read_system_title(table);
    const std::string name = client.access.client;
    if (name.empty()) continue;
    if (type && !type->client(name))
      table.problem("name", "meter type '" + type->name + "' declares no client '" + name + "'" +
                                harness::did_you_mean(name, client_names(*type)));
    if (!clients.emplace(name, std::move(client)).second)
      table.problem("name", "client '" + name + "' stands here twice");
  }
  return clients;
}

Interface read_interface(const TomlNode& node, const std::string& position, const MeterType* type,
                         std::vector<TableReader::Item>& wanted, Reading& reading) {
  TableReader table(node, "position.interface", reading.problems);
  Interface interface;
  interface.name = table.identifier("name", Need::required).value_or("");
  interface.framing = table.choice("framing", Need::required, {"hdlc", "wrapper"}).value_or("");
  interface.link =
      read_link(table, "interface " + interface.name + " of position " + position, reading);
  if (const auto named = table.texts("clients", Need::optional)) {
    wanted = *named;
  } else if (type) {
    for (const std::string& name : client_names(*type)) wanted.push_back({name, node.line});
  }
  return interface;
}

void read_interfaces(TableReader& table, Position& position, const UnitClients& clients,
                     Reading& reading) {
  std::map<std::string, bool> checked;
  const auto nodes = table.tables("interface");
  for (const TomlNode* node : nodes) {
    std::vector<TableReader::Item> wanted;
    Interface interface =
        read_interface(*node, position.name, position.type.get(), wanted, reading);
    for (const auto& item : wanted) {
      const DeclaredClient* declared = position.type ? position.type->client(item.text) : nullptr;
      if (position.type && !declared)
        reading.problems.add(
            item.line, "'clients' in [position.interface]: meter type '" + position.type->name +
                           "' declares no client '" + item.text + "'" +
                           harness::did_you_mean(item.text, client_names(*position.type)));
      const auto unit = clients.find(item.text);
      const UnitClient client =
          unit == clients.end() ? UnitClient{{.client = item.text}, {}, item.line} : unit->second;
      if (declared && !std::exchange(checked[item.text], true))
        check_secrets(*declared, client, reading);
      interface.clients[item.text] = client.access;
    }
    if (interface.name.empty()) continue;
    const std::string name = interface.name;
    if (!position.interfaces.emplace(name, std::move(interface)).second)
      reading.problems.add(node->line,
                           "position '" + position.name + "' has interface '" + name + "' twice");
  }
  if (!table.has("interface"))
    reading.problems.add(table.line(), "position '" + position.name +
                                           "' has no [[position.interface]]: at least one is "
                                           "needed");
}

void read_pulse(TableReader& position_table, Position& position,
                const std::vector<Instrument>& pulse_inputs, Reading& reading) {
  const TomlNode* node = position_table.table("pulse", Need::optional);
  if (!node) return;
  TableReader table(*node, "position.pulse", reading.problems);
  std::vector<std::string> names;
  for (const Instrument& input : pulse_inputs) names.push_back(input.name);
  position.pulse.input = table.choice("input", Need::required, names).value_or("");
  position.pulse.channel = table.integer("channel", Need::required, 1, 1024).value_or(0);
  if (position.pulse.input.empty() || position.pulse.channel == 0) return;
  const std::string channel =
      position.pulse.input + " channel " + std::to_string(position.pulse.channel);
  const std::string owner =
      "position " + position.name + " (line " + std::to_string(table.line("channel")) + ")";
  if (const auto [first, fresh] = reading.pulse_owners.emplace(channel, owner); !fresh)
    table.problem("channel", channel + " already belongs to " + first->second);
}

}  // namespace

Position read_position(const TomlNode& node, const std::vector<Instrument>& pulse_inputs,
                       Reading& reading) {
  TableReader table(node, "position", reading.problems);
  Position position;
  position.name = table.identifier("name", Need::required).value_or("");
  if (const auto type = table.identifier("type", Need::required)) {
    position.type = find_type(table, *type, reading);
    const auto& protocols = reading.vocabulary.protocols;
    if (position.type &&
        std::find(protocols.begin(), protocols.end(), position.type->protocol) == protocols.end())
      table.problem("type", "no driver speaks the protocol '" + position.type->protocol +
                                "' of this meter type" +
                                harness::did_you_mean(position.type->protocol, protocols));
  }
  position.serial = table.text("serial", Need::optional).value_or("");
  position.simulated = table.flag("simulated", false);
  position.sacrificial = table.flag("sacrificial", false);
  position.allow_state_changing = table.flag("allow_state_changing", false);
  read_pulse(table, position, pulse_inputs, reading);
  const UnitClients clients = read_clients(table, position.type.get(), reading);
  read_interfaces(table, position, clients, reading);
  return position;
}

}  // namespace meterproof::bench
