#include "harness/link/evidence_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "harness/errors.hpp"

namespace meterproof::link {
namespace {

constexpr std::size_t k_most_gathered = 64 * 1024;

}  // namespace

EvidenceFile::EvidenceFile(std::string path)
    : path_(std::move(path)),
      fd_(::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644)) {
  struct stat status {};
  if (!fd_ || ::fstat(fd_.get(), &status) != 0) {
    throw harness::BenchError(fmt::format("{}: {}", path_, std::strerror(errno)));
  }
  was_empty_ = status.st_size == 0;
}

EvidenceFile::~EvidenceFile() {
  try {
    flush();
  } catch (const harness::BenchError&) {
  }
}

void EvidenceFile::append(std::string_view bytes) {
  gathered_ += bytes;
  const bool due = harness::WallClock::now() - flushed_ >= k_flush_after;
  if (due || gathered_.size() >= k_most_gathered) flush();
}

void EvidenceFile::flush() {
  if (!fd_) return;
  std::string_view left = gathered_;
  while (!left.empty()) {
    const ssize_t written = ::write(fd_.get(), left.data(), left.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      const int number = errno;
      gathered_.erase(0, gathered_.size() - left.size());
      throw harness::BenchError(fmt::format("{}: {}", path_, std::strerror(number)));
    }
    left.remove_prefix(static_cast<std::size_t>(written));
  }
  gathered_.clear();
  flushed_ = harness::WallClock::now();
}

}  // namespace meterproof::link
