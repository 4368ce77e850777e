#include "devices/simulated/meter/nonvolatile.hpp"

#include <boost/json.hpp>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <utility>

#include "harness/errors.hpp"

namespace meterproof::simulated {

Nonvolatile::Nonvolatile(std::string path) : path_(std::move(path)) {
  if (path_.empty()) return;
  std::ifstream file(path_, std::ios::binary);
  if (!file) return;
  std::ostringstream text;
  text << file.rdbuf();
  boost::system::error_code error;
  const boost::json::value parsed = boost::json::parse(text.str(), error);
  const boost::json::object* values = nullptr;
  if (!error && parsed.is_object()) {
    if (const auto* member = parsed.as_object().if_contains("values")) values = member->if_object();
  }
  if (values == nullptr) throw harness::BenchError("not a meter's state file: " + path_);
  for (const auto& [name, value] : *values) {
    boost::system::error_code not_a_number;
    const auto number = value.to_number<std::uint64_t>(not_a_number);
    if (not_a_number) throw harness::BenchError("not a meter's state file: " + path_);
    values_[std::string(name)] = number;
  }
}

std::uint64_t Nonvolatile::get(const std::string& name, std::uint64_t otherwise) const {
  const auto found = values_.find(name);
  return found == values_.end() ? otherwise : found->second;
}

void Nonvolatile::set(const std::string& name, std::uint64_t value) {
  const auto [entry, added] = values_.try_emplace(name, value);
  if (!added && entry->second == value) return;
  entry->second = value;
  dirty_ = true;
}

void Nonvolatile::commit() {
  if (!dirty_ || path_.empty()) return;
  boost::json::object values;
  for (const auto& [name, value] : values_) values[name] = value;
  // Written beside and renamed over, so that a power cut in between leaves the old state whole.
  const std::string beside = path_ + ".new";
  {
    std::ofstream file(beside, std::ios::binary | std::ios::trunc);
    file << boost::json::serialize(boost::json::object{{"values", std::move(values)}}) << '\n';
    if (!file.flush()) throw harness::BenchError("cannot write the meter's state: " + beside);
  }
  if (std::rename(beside.c_str(), path_.c_str()) != 0)
    throw harness::BenchError("cannot write the meter's state: " + path_);
  dirty_ = false;
}

}  // namespace meterproof::simulated
