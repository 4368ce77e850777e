// The object list of a market profile.
#include <algorithm>
#include <charconv>
#include <sstream>
#include <utility>

#include "harness/bench/market_reader.hpp"
#include "harness/names.hpp"

namespace meterproof::bench {
namespace {

// "2rw" -> {2, "rw"}; "m1" -> method 1.
bool read_right(std::string_view word, ObjectRights& rights) {
  const bool method = !word.empty() && word.front() == 'm';
  if (method) word.remove_prefix(1);
  int number = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
  if (error != std::errc{} || number < 1 || number > 127) return false;
  const std::string_view mode = word.substr(static_cast<std::size_t>(end - word.data()));
  if (method) return mode.empty() && rights.methods.insert(number).second;
  if (mode != "r" && mode != "w" && mode != "rw" && mode != "-") return false;
  return rights.attributes.emplace(number, mode).second;
}

void read_rights(TableReader& table, const MarketProfile& profile, MarketObject& object) {
  std::vector<std::string> clients;
  for (const MarketClient& client : profile.clients) clients.push_back(client.name);
  for (const auto& item :
       table.texts("rights", Need::optional).value_or(std::vector<TableReader::Item>{})) {
    const auto colon = item.text.find(':');
    ObjectRights rights;
    rights.client = item.text.substr(0, colon);
    bool good = colon != std::string::npos;
    std::istringstream words(good ? item.text.substr(colon + 1) : "");
    for (std::string word; good && words >> word;) good = read_right(word, rights);
    if (!good) {
      table.problem("rights", "'" + item.text + "' is not like \"management: 2rw 3r m1\"");
      continue;
    }
    if (std::find(clients.begin(), clients.end(), rights.client) == clients.end())
      table.problem("rights", "no [[client]] '" + rights.client + "'" +
                                  harness::did_you_mean(rights.client, clients));
    for (const ObjectRights& other : object.rights)
      if (other.client == rights.client)
        table.problem("rights", "client '" + rights.client + "' stands there twice");
    object.rights.push_back(std::move(rights));
  }
}

MarketObject read_object(TableReader& table, const MarketProfile& profile) {
  MarketObject object;
  object.line = table.line();
  object.class_id = table.integer("class", Need::required, 1, 0xffff).value_or(0);
  object.version = table.integer("version", Need::optional, 0, 255);
  object.name = table.text("name", Need::required).value_or("");
  if (!object.name.empty() && !is_logical_name(object.name))
    table.problem("name", "'" + object.name + "' is not a logical name like \"1-0:1.8.0.255\"");
  object.title = table.text("title", Need::required).value_or("");
  object.type = table.choice("type", Need::optional, data_type_names()).value_or("");
  object.unit = table.choice("unit", Need::optional, unit_names()).value_or("");
  object.scaler = table.integer("scaler", Need::optional, -128, 127);
  object.certainty = read_provenance(table, profile, Need::optional).certainty;
  if (object.certainty.empty()) object.certainty = profile.object_list.certainty;
  read_rights(table, profile, object);
  return object;
}

}  // namespace

void read_market_objects(TableReader& root, MarketProfile& profile, Problems& problems) {
  const bool any = root.has("object");
  if (const TomlNode* node = root.table("object_list", any ? Need::required : Need::optional)) {
    TableReader table(*node, "object_list", problems);
    profile.complete = table.flag("complete", false);
    profile.object_list = read_provenance(table, profile, Need::required);
  }
  std::set<std::pair<int, std::string>> seen;
  for (const TomlNode* node : root.tables("object")) {
    TableReader table(*node, "object", problems);
    MarketObject object = read_object(table, profile);
    if (!seen.emplace(object.class_id, object.name).second)
      table.problem("name", "'" + object.name + "' of class " + std::to_string(object.class_id) +
                                " is declared twice");
    profile.objects.push_back(std::move(object));
  }
}

}  // namespace meterproof::bench
