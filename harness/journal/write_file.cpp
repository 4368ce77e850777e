#include "harness/journal/write_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>

#include "harness/errors.hpp"

namespace meterproof::journal {
namespace {

class TemporaryFile {
 public:
  explicit TemporaryFile(const std::filesystem::path& beside)
      : name_(beside.string() + ".XXXXXX"), descriptor_(::mkostemp(name_.data(), O_CLOEXEC)) {
    check(descriptor_ >= 0);
    check(::fchmod(descriptor_, 0644) == 0);
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
    if (!renamed_) ::unlink(name_.c_str());
  }

  void write(std::string_view text) {
    while (!text.empty()) {
      const ssize_t written = ::write(descriptor_, text.data(), text.size());
      if (written < 0 && errno == EINTR) continue;
      check(written >= 0);
      text.remove_prefix(static_cast<std::size_t>(written));
    }
    check(::fsync(descriptor_) == 0);
  }
  void rename_to(const std::filesystem::path& path) {
    check(::rename(name_.c_str(), path.c_str()) == 0);
    renamed_ = true;
  }

 private:
  void check(bool ok) const {
    if (ok) return;
    const int problem = errno;
    throw harness::BenchError("cannot write " + name_ + ": " +
                              std::generic_category().message(problem));
  }

  std::string name_;
  int descriptor_;
  bool renamed_ = false;
};

}  // namespace

void write_file_atomically(const std::filesystem::path& path, std::string_view text) {
  TemporaryFile file(path);
  file.write(text);
  file.rename_to(path);
}

void write_file_atomically(const std::filesystem::path& path, std::span<const std::byte> bytes) {
  write_file_atomically(
      path, std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
}

}  // namespace meterproof::journal
