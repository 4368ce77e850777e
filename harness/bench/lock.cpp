#include "harness/bench/lock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <pwd.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <functional>
#include <utility>

#include "harness/bench/small_file.hpp"
#include "harness/errors.hpp"

namespace meterproof::bench {
namespace {

std::string command_line() {
  const SmallFile file = read_small_file("/proc/self/cmdline", 64 * 1024);
  std::string text = file.content.value_or("");
  while (!text.empty() && text.back() == '\0') text.pop_back();
  std::replace(text.begin(), text.end(), '\0', ' ');
  return text.substr(0, 500);
}

std::string user_name() {
  std::array<char, 4096> buffer{};
  passwd entry{};
  passwd* found = nullptr;
  if (::getpwuid_r(::getuid(), &entry, buffer.data(), buffer.size(), &found) == 0 && found)
    return found->pw_name;
  return std::to_string(::getuid());
}

std::string serialised(const LockOwner& owner) {
  return boost::json::serialize(boost::json::object{{"pid", owner.pid},
                                                    {"user", owner.user},
                                                    {"host", owner.host},
                                                    {"command", owner.command},
                                                    {"since", owner.since},
                                                    {"bench", owner.bench}});
}

// The file was written by another process, perhaps half: anything may stand in it.
std::string described_owner(int file) {
  std::array<char, 8192> buffer{};
  const ssize_t got = ::pread(file, buffer.data(), buffer.size(), 0);
  boost::system::error_code error;
  const boost::json::value value = boost::json::parse(
      boost::json::string_view(buffer.data(), got > 0 ? static_cast<std::size_t>(got) : 0), error);
  if (error || !value.is_object()) return "another process that has not said its name";
  const auto text = [&](const char* key) {
    const boost::json::value* found = value.as_object().if_contains(key);
    return found && found->is_string() ? std::string(found->as_string().c_str()) : std::string();
  };
  LockOwner owner{0, text("user"), text("host"), text("command"), text("since"), text("bench")};
  if (const auto* pid = value.as_object().if_contains("pid"); pid && pid->is_int64())
    owner.pid = static_cast<int>(pid->as_int64());
  return to_string(owner);
}

// World-writable with the sticky bit, as /tmp: users of one machine share its benches.
bool usable_directory(const std::string& path, mode_t mode, bool own) {
  if (::mkdir(path.c_str(), mode) == 0) ::chmod(path.c_str(), mode);
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) return false;
  if (own && status.st_uid != ::getuid()) return false;
  return ::access(path.c_str(), W_OK | X_OK) == 0;
}

// Opening with O_CREAT what another user made is refused in a sticky directory
// (fs.protected_regular), so the file is opened first and made only when it is not there.
int open_lock_file(const std::string& path) {
  constexpr int k_flags = O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY;
  for (int attempt = 0; attempt < 10; ++attempt) {
    int file = ::open(path.c_str(), k_flags);
    if (file >= 0) return file;
    if (errno != ENOENT) return -1;
    file = ::open(path.c_str(), k_flags | O_CREAT | O_EXCL, 0666);
    if (file >= 0) {
      ::fchmod(file, 0666);
      return file;
    }
    if (errno != EEXIST) return -1;
  }
  return -1;
}

std::string file_name_for(const std::string& key) {
  std::string readable;
  for (const char c : key)
    readable +=
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ? c : '_';
  // FNV-1a: std::hash need not agree between two builds of this program.
  std::uint64_t hash = 14695981039346656037u;
  for (const char c : key) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
  return fmt::format("{}_{:016x}.lock", readable.substr(0, 60), hash);
}

}  // namespace

LockOwner LockOwner::self(const std::string& bench_name) {
  std::array<char, 256> host{};
  ::gethostname(host.data(), host.size() - 1);
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  ::gmtime_r(&now, &utc);
  std::array<char, 32> since{};
  std::strftime(since.data(), since.size(), "%Y-%m-%dT%H:%M:%SZ", &utc);
  return {::getpid(), user_name(), host.data(), command_line(), since.data(), bench_name};
}

std::string to_string(const LockOwner& owner) {
  return fmt::format("pid {} (user {} on {}, '{}', bench '{}', since {})", owner.pid, owner.user,
                     owner.host, owner.command, owner.bench, owner.since);
}

std::string lock_directory() {
  const std::string shared = "/run/lock/meterproof";
  if (usable_directory(shared, 01777, false)) return shared;
  if (const char* runtime = std::getenv("XDG_RUNTIME_DIR")) {
    const std::string own = std::string(runtime) + "/meterproof";
    if (usable_directory(own, 0700, true)) return own;
  }
  const std::string own = "/tmp/meterproof-" + std::to_string(::getuid());
  if (usable_directory(own, 0700, true)) return own;
  throw harness::BenchError("no directory for lock files: neither " + shared + " nor " + own +
                            " can be used");
}

std::string lock_key(const std::string& link_url) {
  const std::string bare = link_url.substr(0, link_url.find('?'));
  for (const std::string scheme : {"serial://", "pty://"}) {
    if (bare.rfind(scheme, 0) != 0) continue;
    std::error_code error;
    const auto resolved = std::filesystem::canonical(bare.substr(scheme.size()), error);
    return "device:" + (error ? bare.substr(scheme.size()) : resolved.string());
  }
  return bare;
}

ResourceLock::ResourceLock(const std::string& link_url, const LockOwner& owner,
                           const std::string& directory) {
  const std::string key = lock_key(link_url);
  const std::string path = directory + "/" + file_name_for(key);
  file_ = open_lock_file(path);
  if (file_ < 0)
    throw harness::BenchError("cannot open lock file " + path + ": " + std::strerror(errno));
  if (::flock(file_, LOCK_EX | LOCK_NB) != 0) {
    const int failure = errno;
    const std::string holder = described_owner(file_);
    ::close(std::exchange(file_, -1));
    if (failure == EWOULDBLOCK) throw harness::BenchError(key + " is in use by " + holder);
    throw harness::BenchError("cannot lock " + path + ": " + std::strerror(failure));
  }
  // Who it is, is a courtesy to the next one: a full disk must not keep us from working.
  const std::string text = serialised(owner);
  if (::ftruncate(file_, 0) == 0 && ::pwrite(file_, text.data(), text.size(), 0) < 0) return;
}

ResourceLock::~ResourceLock() {
  if (file_ < 0) return;
  // The file stays: removing it would let two holders lock two files of one name.
  if (::ftruncate(file_, 0) != 0) {
  }
  ::close(file_);
}

ResourceLock::ResourceLock(ResourceLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

ResourceLock& ResourceLock::operator=(ResourceLock&& other) noexcept {
  std::swap(file_, other.file_);
  return *this;
}

std::vector<ResourceLock> lock_bench(const Bench& bench, const std::string& directory) {
  std::vector<std::string> links;
  if (bench.source) links.push_back(bench.source->link);
  if (bench.reference) links.push_back(bench.reference->link);
  for (const Instrument& input : bench.pulse_inputs) links.push_back(input.link);
  for (const Position& position : bench.positions)
    for (const auto& [name, interface] : position.interfaces) links.push_back(interface.link);
  const LockOwner owner = LockOwner::self(bench.name);
  std::vector<ResourceLock> locks;
  for (const std::string& link : links) locks.emplace_back(link, owner, directory);
  return locks;
}

}  // namespace meterproof::bench
