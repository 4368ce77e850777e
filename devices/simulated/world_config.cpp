#include "devices/simulated/world_config.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <cctype>
#include <cmath>

#include "devices/simulated/weaknesses.hpp"
#include "harness/errors.hpp"

namespace meterproof::simulated {
namespace {

namespace json = boost::json;

class WorldConfigReader {
 public:
  explicit WorldConfigReader(std::string file) : file_(std::move(file)) {}

  void problem(std::string message) { problems_.push_back({file_, 0, std::move(message)}); }
  void finish() const {
    if (!problems_.empty()) throw harness::ConfigError(problems_);
  }

  std::string text(const json::value& value, const std::string& key) {
    if (value.is_string()) return std::string(value.get_string());
    problem("'" + key + "' must be text");
    return {};
  }
  bool boolean(const json::value& value, const std::string& key) {
    if (value.is_bool()) return value.get_bool();
    problem("'" + key + "' must be true or false");
    return false;
  }
  std::vector<std::string> texts(const json::value& value, const std::string& key) {
    std::vector<std::string> result;
    if (!value.is_array()) {
      problem("'" + key + "' must be a list of texts");
      return result;
    }
    for (const auto& item : value.get_array()) result.push_back(text(item, key));
    return result;
  }
  std::set<std::string> weakness_names(const json::value& value) {
    std::set<std::string> names;
    for (auto& name : texts(value, "weaknesses")) {
      if (!is_weakness(name)) problem("there is no weakness '" + name + "'");
      names.insert(std::move(name));
    }
    return names;
  }

  WorldPosition position(const json::value& value) {
    WorldPosition position;
    if (!value.is_object()) {
      problem("a position must be an object");
      return position;
    }
    for (const auto& item : value.get_object()) {
      const std::string key(item.key());
      if (key == "name") {
        position.name = text(item.value(), key);
      } else if (key == "type") {
        position.type = text(item.value(), key);
      } else if (key == "serial") {
        position.serial = text(item.value(), key);
      } else if (key == "weaknesses") {
        position.weaknesses = weakness_names(item.value());
      } else {
        problem("unknown key '" + key + "' of a position");
      }
    }
    const bool well_formed =
        !position.name.empty() &&
        std::all_of(position.name.begin(), position.name.end(),
                    [](unsigned char c) { return c < 128 && (std::isalnum(c) != 0 || c == '_'); });
    if (!well_formed)
      problem("position name '" + position.name + "' must be letters, digits and underscores");
    return position;
  }

  void positions(const json::value& value, std::vector<WorldPosition>& result) {
    if (!value.is_array()) return problem("'positions' must be a list");
    for (const auto& item : value.get_array()) {
      result.push_back(position(item));
      const auto& name = result.back().name;
      if (std::any_of(result.begin(), result.end() - 1,
                      [&](const auto& other) { return other.name == name; }))
        problem("position '" + name + "' is there twice");
    }
  }

 private:
  std::string file_;
  std::vector<harness::Diagnostic> problems_;
};

json::array to_array(const std::set<std::string>& names) {
  return json::array(names.begin(), names.end());
}

}  // namespace

std::vector<WorldPosition> default_positions() {
  std::vector<WorldPosition> positions(3);
  for (std::size_t n = 0; n < positions.size(); ++n)
    positions[n].name = "p0" + std::to_string(n + 1);
  return positions;
}

WorldConfig parse_world_config(std::string_view text, const std::string& file) {
  WorldConfigReader reader(file);
  WorldConfig config;
  boost::system::error_code bad;
  const json::value document = json::parse({text.data(), text.size()}, bad);
  if (bad || !document.is_object())
    throw harness::ConfigError({file, 0, "not a JSON object: " + bad.message()});
  for (const auto& item : document.get_object()) {
    const std::string key(item.key());
    const json::value& value = item.value();
    if (key == "seed") {
      boost::system::error_code range;
      config.seed = value.to_number<std::uint64_t>(range);
      if (range) reader.problem("'seed' must be a whole number, not negative");
    } else if (key == "scale") {
      boost::system::error_code range;
      config.scale = value.to_number<double>(range);
      if (range || !(config.scale > 0 && config.scale <= 1e6))
        reader.problem("'scale' must be a number above 0 and at most 1e6");
    } else if (key == "noise") {
      config.noise = reader.boolean(value, key);
    } else if (key == "truth_pulses") {
      config.truth_pulses = reader.boolean(value, key);
    } else if (key == "types") {
      config.type_directories = reader.texts(value, key);
    } else if (key == "weaknesses") {
      config.weaknesses = reader.weakness_names(value);
    } else if (key == "positions") {
      reader.positions(value, config.positions);
    } else {
      reader.problem("unknown key '" + key + "'");
    }
  }
  reader.finish();
  return config;
}

std::string to_json(const WorldConfig& config) {
  json::array positions;
  for (const auto& position : config.positions) {
    positions.push_back({{"name", position.name},
                         {"type", position.type},
                         {"serial", position.serial},
                         {"weaknesses", to_array(position.weaknesses)}});
  }
  return json::serialize(json::object{
      {"seed", config.seed},
      {"scale", config.scale},
      {"noise", config.noise},
      {"truth_pulses", config.truth_pulses},
      {"types", json::array(config.type_directories.begin(), config.type_directories.end())},
      {"weaknesses", to_array(config.weaknesses)},
      {"positions", positions}});
}

}  // namespace meterproof::simulated
