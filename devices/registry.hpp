// Driver registries: a driver is one .cpp file that adds its factory under its name in a static
// initialiser; the bench file names it (`driver = "scpi"`).
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "devices/pulse_input.hpp"
#include "devices/reference.hpp"
#include "devices/source.hpp"
#include "harness/bench/bench_file.hpp"
#include "harness/errors.hpp"
#include "harness/link/transcript.hpp"

namespace meterproof::devices {

struct DriverOptions {
  std::vector<std::string> profile_directories;  // <profile>.toml is looked for in this order
  std::shared_ptr<link::Transcript> transcript;  // may be null
};

template <class Device>
class DriverRegistry {
 public:
  // Does not touch the instrument: the first call of the driver connects. May throw ConfigError.
  using Factory =
      std::function<std::unique_ptr<Device>(const bench::Instrument&, const DriverOptions&)>;

  static DriverRegistry& instance() {
    static DriverRegistry registry;
    return registry;
  }

  // Returns true, for static initialisers. Throws InternalError for a name that is taken.
  bool add(const std::string& name, Factory factory) {
    const std::lock_guard lock(mutex_);
    if (!factories_.emplace(name, std::move(factory)).second)
      throw harness::InternalError("two drivers are called '" + name + "'");
    return true;
  }
  // Throws ConfigError for an unknown driver.
  std::unique_ptr<Device> make(const bench::Instrument& instrument,
                               const DriverOptions& options) const {
    Factory factory;
    {
      const std::lock_guard lock(mutex_);
      const auto found = factories_.find(instrument.driver);
      if (found == factories_.end())
        throw harness::ConfigError(
            {"", instrument.line, "there is no driver '" + instrument.driver + "'"});
      factory = found->second;
    }
    return factory(instrument, options);
  }
  std::vector<std::string> names() const {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> names;
    for (const auto& [name, factory] : factories_) names.push_back(name);
    return names;
  }

 private:
  mutable std::mutex mutex_;
  std::map<std::string, Factory> factories_;
};

using SourceDrivers = DriverRegistry<Source>;
using ReferenceDrivers = DriverRegistry<ReferenceStandard>;
using PulseInputDrivers = DriverRegistry<PulseInput>;

// Path of the instrument's profile. Throws ConfigError when it names none or the file is nowhere.
std::string find_profile(const bench::Instrument& instrument, const DriverOptions& options);

}  // namespace meterproof::devices
