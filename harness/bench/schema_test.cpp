// The shipped JSON Schemas say the same as the loader: the same keys, the same required keys, and
// the documented examples are valid. The validator knows just the words of JSON Schema 2020-12 that
// the two schemas use, and fails on any other.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "harness/bench/bench_reader.hpp"
#include "harness/bench/market_reader.hpp"
#include "harness/bench/toml_document.hpp"
#include "harness/bench/type_reader.hpp"

namespace meterproof::bench {
namespace {

namespace json = boost::json;

std::string file_text(const std::string& name) {
  std::ifstream in(std::string(METERPROOF_SOURCE_DIR) + "/" + name, std::ios::binary);
  EXPECT_TRUE(in) << name;
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::string example_on_page(int number, const std::string& name = "docs/bench-file.md") {
  const std::string page = file_text(name);
  std::size_t at = 0;
  for (int i = 0; i <= number; ++i) at = page.find("```toml\n", at) + 8;
  return page.substr(at, page.find("```", at) - at);
}

json::value to_json(const TomlNode& node) {
  if (const auto* table = node.table()) {
    json::object object;
    for (const TomlEntry& entry : *table) object[entry.key] = to_json(entry.node);
    return object;
  }
  if (const auto* array = node.array()) {
    json::array items;
    for (const TomlNode& item : *array) items.push_back(to_json(item));
    return items;
  }
  if (const auto* text = node.text()) return json::value(*text);
  if (const auto* flag = std::get_if<bool>(&node.value)) return *flag;
  if (const auto* whole = std::get_if<std::int64_t>(&node.value)) return *whole;
  if (const auto* number = std::get_if<double>(&node.value)) return *number;
  return json::value("2027-11-30");  // a date has no kind of its own in JSON
}

class Validator {
 public:
  explicit Validator(const json::value& schema) : root_(schema.as_object()) {}

  std::string problems(const json::value& value) {
    found_.clear();
    check(root_, value, "");
    return found_;
  }

 private:
  void report(const std::string& at, const std::string& what) { found_ += at + ": " + what + "\n"; }
  std::string trial(const json::value& schema, const json::value& value, const std::string& at) {
    const std::string before = std::exchange(found_, "");
    check(schema.as_object(), value, at);
    return std::exchange(found_, before);
  }
  int matches(const json::array& schemas, const json::value& value, const std::string& at) {
    int count = 0;
    for (const json::value& schema : schemas) count += trial(schema, value, at).empty();
    return count;
  }

  void check(const json::object& schema, const json::value& value, const std::string& at) {
    static const std::set<std::string> k_notes{"$schema",     "$id",      "$defs", "title",
                                               "description", "examples", "format"};
    for (const auto& [key, rule] : schema) {
      const std::string word(key);
      if (!k_notes.contains(word)) apply(word, rule, schema, value, at);
    }
  }

  void apply(const std::string& word, const json::value& rule, const json::object& schema,
             const json::value& value, const std::string& at) {
    if (word == "$ref") {
      const std::string name(rule.as_string().c_str() + std::string("#/$defs/").size());
      check(root_.at("$defs").as_object().at(name).as_object(), value, at);
    } else if (word == "type") {
      if (!has_type(value, rule.as_string().c_str())) report(at, "wrong type");
    } else if (word == "enum") {
      const auto& all = rule.as_array();
      if (std::find(all.begin(), all.end(), value) == all.end()) report(at, "not in enum");
    } else if (word == "const") {
      if (rule != value) report(at, "not the constant");
    } else if (word == "anyOf") {
      if (matches(rule.as_array(), value, at) == 0) report(at, "none of anyOf");
    } else if (word == "oneOf") {
      if (matches(rule.as_array(), value, at) != 1) report(at, "not one of oneOf");
    } else if (word == "pattern" || word == "minLength") {
      if (value.is_string()) check_text(word, rule, value.as_string().c_str(), at);
    } else if (word == "minimum" || word == "maximum" || word == "exclusiveMinimum") {
      if (value.is_number()) check_number(word, rule, value, at);
    } else if (word == "properties" || word == "required" || word == "additionalProperties") {
      if (value.is_object()) check_members(word, rule, schema, value.as_object(), at);
    } else if (word == "items" || word == "minItems" || word == "contains" ||
               word == "uniqueItems") {
      if (value.is_array()) check_items(word, rule, value.as_array(), at);
    } else {
      ADD_FAILURE() << "the schema uses '" << word << "', which this test cannot check";
    }
  }

  static bool has_type(const json::value& value, const std::string& type) {
    if (type == "object") return value.is_object();
    if (type == "array") return value.is_array();
    if (type == "string") return value.is_string();
    if (type == "boolean") return value.is_bool();
    if (type == "integer") return value.is_int64() || value.is_uint64();
    return type == "number" && value.is_number();
  }
  void check_text(const std::string& word, const json::value& rule, const std::string& text,
                  const std::string& at) {
    if (word == "pattern" && !std::regex_search(text, std::regex(rule.as_string().c_str())))
      report(at, "does not match " + std::string(rule.as_string().c_str()));
    if (word == "minLength" && text.size() < rule.to_number<std::size_t>()) report(at, "too short");
  }
  void check_number(const std::string& word, const json::value& rule, const json::value& value,
                    const std::string& at) {
    const double number = value.to_number<double>(), bound = rule.to_number<double>();
    const bool good = word == "minimum"   ? number >= bound
                      : word == "maximum" ? number <= bound
                                          : number > bound;
    if (!good) report(at, "out of range");
  }
  void check_members(const std::string& word, const json::value& rule, const json::object& schema,
                     const json::object& object, const std::string& at) {
    if (word == "required") {
      for (const json::value& key : rule.as_array())
        if (!object.contains(key.as_string())) report(at, "lacks " + json::serialize(key));
    } else if (word == "properties") {
      for (const auto& [key, member] : rule.as_object())
        if (const json::value* found = object.if_contains(key))
          check(member.as_object(), *found, at + "/" + std::string(key));
    } else {
      for (const auto& [key, member] : object)
        if (!schema.at("properties").as_object().contains(key))
          report(at, "unknown key " + std::string(key));
    }
  }
  void check_items(const std::string& word, const json::value& rule, const json::array& items,
                   const std::string& at) {
    if (word == "minItems" && items.size() < rule.to_number<std::size_t>()) report(at, "too few");
    if (word == "contains" && matches_any(rule, items, at) == 0) report(at, "lacks an item");
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (word == "items") check(rule.as_object(), items[i], at + "/" + std::to_string(i));
      if (word == "uniqueItems" && std::count(items.begin(), items.end(), items[i]) > 1)
        report(at, "twice");
    }
  }
  std::ptrdiff_t matches_any(const json::value& rule, const json::array& items,
                             const std::string& at) {
    return std::count_if(items.begin(), items.end(),
                         [&](const json::value& item) { return trial(rule, item, at).empty(); });
  }

  const json::object& root_;
  std::string found_;
};

// Keys by table, as TableReader names tables.
void collect(const json::object& root, const json::object& schema, const std::string& table,
             std::map<std::string, std::set<std::string>>& keys) {
  if (const auto* reference = schema.if_contains("$ref")) {
    const std::string name(reference->as_string().c_str() + std::string("#/$defs/").size());
    return collect(root, root.at("$defs").as_object().at(name).as_object(), table, keys);
  }
  if (const auto* items = schema.if_contains("items"))
    return collect(root, items->as_object(), table, keys);
  const auto* properties = schema.if_contains("properties");
  if (!properties) return;
  for (const auto& [key, member] : properties->as_object()) {
    keys[table].insert(std::string(key));
    collect(root, member.as_object(), table + (table.empty() ? "" : ".") + std::string(key), keys);
  }
}

std::map<std::string, std::set<std::string>> schema_keys(const json::value& schema) {
  std::map<std::string, std::set<std::string>> keys;
  collect(schema.as_object(), schema.as_object(), "", keys);
  return keys;
}

class Schemas : public testing::Test {
 protected:
  json::value bench_ = json::parse(file_text("docs/schemas/bench.schema.json"));
  json::value type_ = json::parse(file_text("docs/schemas/meter_type.schema.json"));
  json::value market_ = json::parse(file_text("docs/schemas/market_profile.schema.json"));
};

TEST_F(Schemas, KnowTheKeysOfTheMarketProfileLoader) {
  Problems problems("market.toml");
  read_market_profile(example_on_page(0, "docs/meter-type-file.md"), problems);
  EXPECT_NO_THROW(problems.raise_if_any());
  EXPECT_EQ(schema_keys(market_), problems.keys_by_table);
}

TEST_F(Schemas, AcceptEveryShippedMarketProfile) {
  const auto said = [this](const std::string& text) {
    return Validator(market_).problems(to_json(parse_toml(text, "market.toml")));
  };
  EXPECT_EQ(said(example_on_page(0, "docs/meter-type-file.md")), "");
  int profiles = 0;
  for (const auto& entry : std::filesystem::directory_iterator(std::string(METERPROOF_SOURCE_DIR) +
                                                               "/devices/types/markets")) {
    const std::string name = "devices/types/markets/" + entry.path().filename().string();
    EXPECT_EQ(said(file_text(name)), "") << name;
    ++profiles;
  }
  EXPECT_GE(profiles, 14);
}

// The words of the format stand in the loader and in the schema.
TEST_F(Schemas, KnowTheWordsOfMarketProfiles) {
  const auto words = [](const json::value& choice) {
    std::vector<std::string> all;
    for (const json::value& word : choice.at("enum").as_array())
      all.emplace_back(word.as_string().c_str());
    return all;
  };
  const json::value& properties = market_.at("properties");
  EXPECT_EQ(words(market_.at("$defs").at("data_type")), data_type_names());
  EXPECT_EQ(words(market_.at("$defs").at("unit")), unit_names());
  EXPECT_EQ(
      words(properties.at("client").at("items").at("properties").at("mechanisms").at("items")),
      mechanism_names());
  EXPECT_EQ(words(properties.at("communication").at("properties").at("conformance").at("items")),
            conformance_names());
}

TEST_F(Schemas, KnowTheKeysOfTheBenchFileLoader) {
  // Some secrets are not asked for in the example, and only read when they are there.
  std::string text = example_on_page(0);
  const std::string env = "{ env = \"X\", encoding = \"hex\" }";
  for (const char* key :
       {"password", "signing_key", "broadcast_key", "master_key", "agreement_key"}) {
    text.insert(text.find("system_title"), std::string(key) + " = " + env + "\n");
  }
  std::map<std::string, std::set<std::string>> keys;
  try {
    read_bench(text, "bench.toml", {}, &keys);
  } catch (const harness::ConfigError&) {
    // Secrets and drivers are not here; the keys are known all the same.
  }
  EXPECT_EQ(schema_keys(bench_), keys);
}

TEST_F(Schemas, KnowTheKeysOfTheMeterTypeLoader) {
  Problems problems("type.toml");
  read_meter_type(example_on_page(1), problems);
  EXPECT_EQ(schema_keys(type_), problems.keys_by_table);
}

TEST_F(Schemas, AcceptTheDocumentedExamplesAndTheShippedType) {
  EXPECT_EQ(Validator(bench_).problems(to_json(parse_toml(example_on_page(0), "bench.toml"))), "");
  EXPECT_EQ(Validator(type_).problems(to_json(parse_toml(example_on_page(1), "type.toml"))), "");
  const std::string shipped = file_text("devices/types/virtual_3x230_5_100.toml");
  EXPECT_EQ(Validator(type_).problems(to_json(parse_toml(shipped, "type.toml"))), "");
}

TEST_F(Schemas, RequireWhatTheLoaderRequires) {
  const json::value whole = to_json(parse_toml(example_on_page(1), "type.toml"));
  for (const auto& [key, member] : whole.as_object()) {
    json::object without = whole.as_object();
    without.erase(key);
    const std::string text = example_on_page(1);
    const bool needed = key != "register";
    EXPECT_EQ(Validator(type_).problems(without).empty(), !needed) << key;
  }
}

TEST_F(Schemas, RefuseSlips) {
  const std::string good = example_on_page(0);
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string bad = good;
    bad.replace(bad.find(from), from.size(), to);
    return Validator(bench_).problems(to_json(parse_toml(bad, "bench.toml")));
  };
  EXPECT_EQ(with("\"276 V\"", "276"), "/safety/envelope/max_voltage: wrong type\n");
  EXPECT_NE(with("\"276 V\"", "\"276 A\""), "");
  EXPECT_EQ(with("framing = \"hdlc\"", "framing = \"hdcl\""),
            "/position/0/interface/0/framing: not in enum\n");
  EXPECT_EQ(with("sacrificial", "sacrifical"), "/position/0: unknown key sacrifical\n");
  EXPECT_NE(with("{ file = \"secrets/p01_gak.hex\" }", "\"00112233\""), "");
  EXPECT_NE(with("name = \"demo\"", ""), "");
}

}  // namespace
}  // namespace meterproof::bench
