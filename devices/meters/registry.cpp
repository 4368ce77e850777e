#include "devices/meters/registry.hpp"

#include <map>
#include <utility>

#include "harness/errors.hpp"

namespace meterproof::devices {
namespace {

std::map<std::string, MeterFactory>& meter_factories() {
  static std::map<std::string, MeterFactory> factories;
  return factories;
}

}  // namespace

MeterDriver::MeterDriver(std::string protocol, MeterFactory factory) {
  if (!meter_factories().emplace(protocol, std::move(factory)).second) {
    throw harness::InternalError("two meter drivers for protocol '" + protocol + "'");
  }
}

std::vector<std::string> meter_protocols() {
  std::vector<std::string> names;
  for (const auto& [name, factory] : meter_factories()) names.push_back(name);
  return names;
}

std::shared_ptr<Meter> make_meter(const MeterSetup& setup) {
  const std::string& protocol = setup.position.type->protocol;
  const auto found = meter_factories().find(protocol);
  if (found == meter_factories().end()) {
    throw harness::ConfigError(harness::Diagnostic{
        setup.position.type->file, 0, "there is no meter driver for protocol '" + protocol + "'"});
  }
  return found->second(setup);
}

}  // namespace meterproof::devices
