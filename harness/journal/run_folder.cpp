#include "harness/journal/run_folder.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <chrono>
#include <fstream>
#include <iterator>
#include <map>
#include <random>
#include <system_error>
#include <utility>

#include "harness/errors.hpp"
#include "harness/journal/event_text.hpp"
#include "harness/journal/hash.hpp"
#include "harness/journal/write_file.hpp"

namespace meterproof::journal {
namespace {

namespace fs = std::filesystem;

std::string new_run_id() {
  std::random_device random;
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  return fmt::format("{:%Y%m%dT%H%M%SZ}_{:04x}", fmt::gmtime(now), random() & 0xFFFFU);
}

void make_folder(const fs::path& path) {
  std::error_code problem;
  fs::create_directories(path, problem);
  if (problem) {
    throw harness::BenchError("cannot make " + path.string() + ": " + problem.message());
  }
}

// Relative path -> path, regular files only, sorted by name.
std::map<std::string, fs::path> files_below(const fs::path& folder, const fs::path& manifest) {
  std::map<std::string, fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file() && !entry.is_symlink() && entry.path() != manifest) {
      files[entry.path().lexically_relative(folder).generic_string()] = entry.path();
    }
  }
  return files;
}

boost::json::object read_manifest(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  boost::json::error_code problem;
  boost::json::value value = boost::json::parse(text, problem);
  const auto* whole = problem ? nullptr : value.if_object();
  const auto* files = whole == nullptr ? nullptr : whole->if_contains("files");
  if (files == nullptr || !files->is_object()) {
    throw harness::ConfigError(harness::Diagnostic{path.string(), 0, "no readable manifest"});
  }
  return files->get_object();
}

boost::json::object manifest_entry(const fs::path& path) {
  return {{"sha256", sha256_of_file(path)}, {"bytes", fs::file_size(path)}};
}

// One file a line, so that two manifests can be compared by eye.
void save_manifest(const fs::path& path, const std::string& run_id,
                   const boost::json::object& files) {
  std::string text =
      "{\"run_id\": " + boost::json::serialize(boost::json::string(clean_utf8(run_id))) +
      ", \"files\": {";
  const char* separator = "\n";
  for (const auto& file : files) {
    text += separator + boost::json::serialize(boost::json::string(file.key())) + ": " +
            boost::json::serialize(file.value());
    separator = ",\n";
  }
  write_file_atomically(path, text + "\n}}\n");
}

}  // namespace

RunFolder::RunFolder(fs::path path)
    : path_(std::move(path)), id_(fs::absolute(path_ / "x").parent_path().filename().string()) {}

RunFolder RunFolder::create(const fs::path& runs) {
  make_folder(runs);
  while (true) {
    const fs::path path = runs / new_run_id();
    std::error_code problem;
    const bool made = fs::create_directory(path, problem);
    if (problem) {
      throw harness::BenchError("cannot make " + path.string() + ": " + problem.message());
    }
    if (!made) continue;
    RunFolder folder(path);
    for (const fs::path& sub :
         {folder.bench(), folder.transcripts(), folder.captures(), folder.cases()}) {
      make_folder(sub);
    }
    return folder;
  }
}

RunFolder RunFolder::open(const fs::path& path) {
  RunFolder folder((path / "").parent_path());
  if (!fs::is_regular_file(folder.journal())) {
    throw harness::ConfigError(
        harness::Diagnostic{path.string(), 0, "not a run folder: it holds no journal.jsonl"});
  }
  return folder;
}

void RunFolder::write_manifest() const {
  boost::json::object files;
  for (const auto& [name, path] : files_below(path_, manifest())) {
    files[clean_utf8(name)] = manifest_entry(path);
  }
  save_manifest(manifest(), id_, files);
}

void RunFolder::update_manifest(const std::vector<std::string>& files) const {
  if (!fs::exists(manifest())) return;
  boost::json::object entries = read_manifest(manifest());
  for (const std::string& name : files) {
    entries[clean_utf8(name)] = manifest_entry(path_ / name);
  }
  save_manifest(manifest(), id_, entries);
}

std::vector<std::string> RunFolder::verify() const {
  std::vector<std::string> problems;
  boost::json::object named = read_manifest(manifest());
  for (const auto& [name, path] : files_below(path_, manifest())) {
    const auto* entry = named.if_contains(clean_utf8(name));
    if (entry == nullptr) {
      problems.push_back(name + ": not named in the manifest");
      continue;
    }
    const auto* object = entry->if_object();
    if (object == nullptr || text_or_empty(*object, "sha256") != sha256_of_file(path)) {
      problems.push_back(name + ": changed");
    }
    named.erase(clean_utf8(name));
  }
  for (const auto& entry : named) problems.push_back(std::string(entry.key()) + ": missing");
  return problems;
}

}  // namespace meterproof::journal
