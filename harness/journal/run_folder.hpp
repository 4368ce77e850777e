// The run folder: all that one run leaves (docs/journal.md). Its name is the id of the run.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace meterproof::journal {

class RunFolder {
 public:
  // Makes <runs>/<id>/ and its subfolders; the id is new, for example 20261122T173355Z_ab12 (UTC,
  // letters, digits, underscore). Throws BenchError.
  static RunFolder create(const std::filesystem::path& runs);
  // An existing one. Throws ConfigError when it holds no journal.
  static RunFolder open(const std::filesystem::path& folder);

  const std::filesystem::path& path() const { return path_; }
  const std::string& id() const { return id_; }
  std::filesystem::path journal() const { return path_ / "journal.jsonl"; }
  std::filesystem::path junit() const { return path_ / "junit.xml"; }
  std::filesystem::path report() const { return path_ / "report.html"; }
  std::filesystem::path manifest() const { return path_ / "manifest.json"; }
  std::filesystem::path bench() const { return path_ / "bench"; }
  std::filesystem::path transcripts() const { return path_ / "transcripts"; }
  std::filesystem::path captures() const { return path_ / "captures"; }
  std::filesystem::path cases() const { return path_ / "cases"; }

  // SHA-256 and size of each file below the folder but the manifest itself; written last.
  void write_manifest() const;
  // New entries for these files (relative to the folder), all others as they were: what was
  // tampered with stays visible. Does nothing when there is no manifest yet. Throws BenchError,
  // ConfigError.
  void update_manifest(const std::vector<std::string>& files) const;
  // One line for each file that is changed, missing or not named; empty when all is as written.
  // Throws ConfigError when there is no readable manifest.
  std::vector<std::string> verify() const;

 private:
  explicit RunFolder(std::filesystem::path path);

  std::filesystem::path path_;
  std::string id_;
};

}  // namespace meterproof::journal
