// AppendFile: the few things the journal asks of its file, so that a full or broken disk can be
// tried out in a test.
//
// Every call returns nothing on success or the system's error.
#pragma once

#include <filesystem>
#include <memory>
#include <string_view>
#include <system_error>

namespace meterproof::journal {

class AppendFile {
 public:
  virtual ~AppendFile() = default;

  // Writes all bytes at the end, or some of them and returns the error that stopped it.
  virtual std::error_code write(std::string_view bytes) = 0;
  // Returns when all that was written is on disk (fdatasync).
  virtual std::error_code sync() = 0;
  // Cuts the file to this many bytes.
  virtual std::error_code truncate(std::uint64_t size) = 0;
};

enum class OpenAs { fresh, existing };

// A file on disk, locked against other processes (flock) for as long as the object lives, and not
// inherited by programs started meanwhile. fresh refuses a file that is there. Throws BenchError.
std::unique_ptr<AppendFile> open_append_file(const std::filesystem::path& path, OpenAs how);

}  // namespace meterproof::journal
