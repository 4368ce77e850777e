#include "harness/bench/market_profile.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "harness/bench/market_reader.hpp"
#include "harness/bench/small_file.hpp"
#include "harness/names.hpp"

namespace meterproof::bench {
namespace {

constexpr std::size_t k_largest_profile = 512 * 1024;
const std::vector<std::string> k_certainties{"captured", "published", "secondary", "assumed",
                                             "declared"};

// Each text of a list, checked against the words that are known.
std::vector<std::string> known_texts(TableReader& table, const std::string& key,
                                     const std::vector<std::string>& known) {
  std::vector<std::string> texts;
  for (const auto& item :
       table.texts(key, Need::optional).value_or(std::vector<TableReader::Item>{})) {
    if (std::find(known.begin(), known.end(), item.text) == known.end())
      table.problem(key, "unknown '" + item.text + "'" + harness::did_you_mean(item.text, known));
    texts.push_back(item.text);
  }
  return texts;
}

MarketClient read_market_client(TableReader& table, const MarketProfile& profile) {
  MarketClient client;
  client.name = table.identifier("name", Need::required).value_or("");
  client.client_sap = table.integer("client_sap", Need::optional, 1, 127);
  client.mechanisms = known_texts(table, "mechanisms", mechanism_names());
  const bool ciphered = table.flag("ciphered", false);
  if (table.has("ciphered")) client.ciphered = ciphered;
  for (const std::string& suite : known_texts(table, "security_suites", {"0", "1", "2"}))
    if (suite.size() == 1) client.security_suites.push_back(suite.front() - '0');
  client.policies = known_texts(table, "policies",
                                {"none", "authenticated", "encrypted", "authenticated_encrypted"});
  client.provenance = read_provenance(table, profile, Need::required);
  return client;
}

void read_market_clients(TableReader& root, MarketProfile& profile, Problems& problems) {
  for (const TomlNode* node : root.tables("client")) {
    TableReader table(*node, "client", problems);
    MarketClient client = read_market_client(table, profile);
    if (profile.client(client.name))
      table.problem("name", "client '" + client.name + "' is declared twice");
    for (const MarketClient& other : profile.clients)
      if (client.client_sap && other.client_sap == client.client_sap)
        table.problem("client_sap", std::to_string(*client.client_sap) + " already belongs to '" +
                                        other.name + "'");
    profile.clients.push_back(std::move(client));
  }
}

void read_market_communication(TableReader& root, MarketProfile& profile, Problems& problems) {
  const TomlNode* node = root.table("communication", Need::optional);
  if (!node) return;
  TableReader table(*node, "communication", problems);
  profile.referencing = table.choice("referencing", Need::optional, {"ln", "sn"}).value_or("");
  profile.conformance = known_texts(table, "conformance", conformance_names());
  profile.max_pdu = table.integer("max_pdu", Need::optional, 12, 0xffff);
  profile.max_frame = table.integer("max_frame", Need::optional, 128, 2030);
  profile.window = table.integer("window", Need::optional, 1, 7);
  profile.communication = read_provenance(table, profile, Need::required);
}

void read_market_sources(TableReader& root, MarketProfile& profile, Problems& problems) {
  for (const TomlNode* node : root.tables("source")) {
    TableReader table(*node, "source", problems);
    MarketSource source;
    source.name = table.identifier("name", Need::required).value_or("");
    source.title = table.text("title", Need::required).value_or("");
    source.where = table.text("where", Need::required).value_or("");
    profile.sources.push_back(std::move(source));
  }
  if (profile.sources.empty()) problems.add(0, "no [[source]]: a profile says where it comes from");
  for (const TomlNode* node : root.tables("unknown")) {
    TableReader table(*node, "unknown", problems);
    MarketProfile::Unknown unknown;
    unknown.what = table.text("what", Need::required).value_or("");
    unknown.why = table.text("why", Need::required).value_or("");
    profile.unknown.push_back(std::move(unknown));
  }
}

}  // namespace

Provenance read_provenance(TableReader& table, const MarketProfile& profile, Need need) {
  Provenance provenance;
  provenance.certainty = table.choice("certainty", need, k_certainties).value_or("");
  std::vector<std::string> names;
  for (const MarketSource& source : profile.sources) names.push_back(source.name);
  provenance.sources = known_texts(table, "sources", names);
  provenance.note = table.text("note", Need::optional).value_or("");
  const bool from_elsewhere = provenance.certainty == "captured" ||
                              provenance.certainty == "published" ||
                              provenance.certainty == "secondary";
  if (need == Need::required && from_elsewhere && provenance.sources.empty())
    table.problem("certainty", "'" + provenance.certainty + "' needs 'sources'");
  return provenance;
}

const MarketClient* MarketProfile::client(const std::string& client_name) const {
  for (const MarketClient& client : clients)
    if (client.name == client_name) return &client;
  return nullptr;
}

const PushList* MarketProfile::push(const std::string& list) const {
  for (const PushList& push : pushes)
    if (push.list == list) return &push;
  return nullptr;
}

MarketProfile read_market_profile(std::string_view text, Problems& problems) {
  MarketProfile profile;
  profile.file = problems.file();
  profile.name = std::filesystem::path(problems.file()).stem().string();
  const TomlNode document = parse_toml(text, problems.file());
  TableReader root(document, "", problems);
  profile.market = root.text("market", Need::required).value_or("");
  profile.title = root.text("title", Need::required).value_or("");
  profile.edition = root.text("edition", Need::optional).value_or("");
  read_market_sources(root, profile, problems);
  read_market_communication(root, profile, problems);
  read_market_clients(root, profile, problems);
  read_market_objects(root, profile, problems);
  read_market_pushes(root, profile, problems);
  return profile;
}

std::shared_ptr<const MarketProfile> load_market_profile(const std::string& path) {
  const SmallFile file = read_small_file(path, k_largest_profile);
  if (!file.content)
    throw harness::ConfigError({path, 0, "market profile cannot be read: " + file.problem});
  Problems problems(path);
  auto profile = std::make_shared<MarketProfile>(read_market_profile(*file.content, problems));
  problems.raise_if_any();
  return profile;
}

}  // namespace meterproof::bench
