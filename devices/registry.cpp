#include "devices/registry.hpp"

#include <filesystem>

namespace meterproof::devices {

std::string find_profile(const bench::Instrument& instrument, const DriverOptions& options) {
  if (instrument.profile.empty())
    throw harness::ConfigError(
        {"", instrument.line,
         "'" + instrument.name + "': the driver '" + instrument.driver + "' needs a profile"});
  std::string places;
  for (const auto& directory : options.profile_directories) {
    const std::string path = directory + "/" + instrument.profile + ".toml";
    if (std::filesystem::exists(path)) return path;
    places += " " + directory;
  }
  throw harness::ConfigError(
      {"", instrument.line,
       "'" + instrument.name + "': no profile '" + instrument.profile + ".toml' in:" + places});
}

}  // namespace meterproof::devices
