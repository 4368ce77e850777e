#include "harness/journal/append_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "harness/errors.hpp"

namespace meterproof::journal {
namespace {

std::error_code last_error() { return {errno, std::generic_category()}; }

class FileOnDisk : public AppendFile {
 public:
  explicit FileOnDisk(int descriptor) : descriptor_(descriptor) {}
  FileOnDisk(const FileOnDisk&) = delete;
  FileOnDisk& operator=(const FileOnDisk&) = delete;
  ~FileOnDisk() override { ::close(descriptor_); }

  std::error_code write(std::string_view bytes) override {
    while (!bytes.empty()) {
      const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return last_error();
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
  }

  std::error_code sync() override {
    return ::fdatasync(descriptor_) == 0 ? std::error_code{} : last_error();
  }

  std::error_code truncate(std::uint64_t size) override {
    return ::ftruncate(descriptor_, static_cast<off_t>(size)) == 0 ? std::error_code{}
                                                                   : last_error();
  }

 private:
  int descriptor_;
};

// A new file survives a power cut only when its directory was synced as well.
void sync_directory(const std::filesystem::path& directory) {
  const int descriptor = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  ::fsync(descriptor);
  ::close(descriptor);
}

}  // namespace

std::unique_ptr<AppendFile> open_append_file(const std::filesystem::path& path, OpenAs how) {
  const int flags = O_WRONLY | O_APPEND | O_CLOEXEC | (how == OpenAs::fresh ? O_CREAT | O_EXCL : 0);
  const int descriptor = ::open(path.c_str(), flags, 0644);
  if (descriptor < 0) {
    throw harness::BenchError("cannot open " + path.string() + ": " + last_error().message());
  }
  auto file = std::make_unique<FileOnDisk>(descriptor);
  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    throw harness::BenchError(path.string() + " is being written by another process");
  }
  if (how == OpenAs::fresh) {
    sync_directory(path.has_parent_path() ? path.parent_path() : std::filesystem::path("."));
  }
  return file;
}

}  // namespace meterproof::journal
