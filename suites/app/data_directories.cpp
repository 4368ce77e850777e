#include "suites/app/data_directories.hpp"

#include <cstdlib>
#include <filesystem>

namespace meterproof::suites {
namespace {

std::vector<std::string> data_directories(const char* kind) {
  namespace fs = std::filesystem;
  std::vector<std::string> found;
  const auto take = [&](const fs::path& root) {
    std::error_code ignored;
    if (!root.empty() && fs::is_directory(root / kind, ignored)) {
      found.push_back((root / kind).string());
    }
  };
  if (const char* data = std::getenv("METERPROOF_DATA")) take(data);
  std::error_code failed;
  const fs::path program = fs::read_symlink("/proc/self/exe", failed);
  if (!failed) take(program.parent_path().parent_path() / "share" / "meterproof");
  take(fs::path(METERPROOF_SOURCE_DIR) / "devices");
  return found;
}

}  // namespace

std::vector<std::string> type_directories() { return data_directories("types"); }
std::vector<std::string> profile_directories() { return data_directories("profiles"); }

}  // namespace meterproof::suites
