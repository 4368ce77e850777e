#include "devices/cosem/counter_ledger.hpp"

#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>

#include "harness/errors.hpp"

namespace meterproof::cosem {
namespace {

constexpr std::uint64_t k_counter_end = std::uint64_t{1} << 32;
constexpr std::uint64_t k_largest_block = 65536;

[[noreturn]] void ledger_fails(const std::string& path, const char* what) {
  throw harness::BenchError("the ledger of invocation counters " + path + ": " + what + ": " +
                            std::strerror(errno));
}

class Descriptor {
 public:
  Descriptor(const std::string& path, int flags)
      : number_(::open(path.c_str(), flags | O_CLOEXEC, 0600)) {
    if (number_ < 0) ledger_fails(path, "cannot open");
  }
  ~Descriptor() { ::close(number_); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }

 private:
  int number_;
};

// Other processes' turn comes when it is destroyed; a killed process leaves no lock behind.
class LedgerLock {
 public:
  explicit LedgerLock(const std::string& path) : file_(path + ".lock", O_RDWR | O_CREAT) {
    while (::flock(file_.number(), LOCK_EX) != 0) {
      if (errno != EINTR) ledger_fails(path, "cannot lock");
    }
  }

 private:
  Descriptor file_;
};

std::filesystem::path folder_of(const std::string& path) {
  const auto folder = std::filesystem::path(path).parent_path();
  return folder.empty() ? std::filesystem::path(".") : folder;
}

}  // namespace

std::string counter_name(BytesView system_title, const std::string& client,
                         const SecurityKeys& keys) {
  Bytes message = to_bytes("meterproof invocation counter");
  append(message, keys.encryption);
  Bytes digest(EVP_MAX_MD_SIZE);
  unsigned int size = 0;
  if (EVP_Digest(message.data(), message.size(), reinterpret_cast<unsigned char*>(digest.data()),
                 &size, EVP_sha256(), nullptr) != 1) {
    throw harness::InternalError("OpenSSL offers no SHA-256");
  }
  return to_hex(system_title) + "/" + client + "/" + to_hex(BytesView(digest).first(8));
}

std::map<std::string, std::uint64_t> CounterLedger::read() const {
  std::map<std::string, std::uint64_t> counters;
  std::ifstream file(path_);
  if (!file) {
    std::error_code ignored;
    if (!std::filesystem::exists(path_, ignored)) return counters;
    throw harness::BenchError("the ledger of invocation counters " + path_ + " cannot be read");
  }
  std::string line;
  while (std::getline(file, line)) {
    std::istringstream words(line);
    std::string name, more;
    std::uint64_t number = 0;
    if (!(words >> name >> number) || (words >> more) || number > k_counter_end) {
      throw harness::BenchError("not a ledger of invocation counters: " + path_ + ": " + line);
    }
    counters[name] = number;
  }
  return counters;
}

void CounterLedger::write(const std::map<std::string, std::uint64_t>& counters) const {
  std::string text;
  for (const auto& [name, number] : counters) {
    text += name + " " + std::to_string(number) + "\n";
  }
  const std::string beside = path_ + ".new";
  {
    const Descriptor file(beside, O_WRONLY | O_CREAT | O_TRUNC);
    std::size_t written = 0;
    while (written < text.size()) {
      const auto count = ::write(file.number(), text.data() + written, text.size() - written);
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) ledger_fails(beside, "cannot write");
      written += static_cast<std::size_t>(count);
    }
    if (::fsync(file.number()) != 0) ledger_fails(beside, "cannot sync");
  }
  if (std::rename(beside.c_str(), path_.c_str()) != 0) ledger_fails(path_, "cannot rename");
  const Descriptor folder(folder_of(path_).string(), O_RDONLY | O_DIRECTORY);
  if (::fsync(folder.number()) != 0) ledger_fails(path_, "cannot sync the folder");
}

std::uint64_t CounterLedger::first_unused(const std::string& name) const {
  const auto counters = read();
  const auto found = counters.find(name);
  return found == counters.end() ? 0 : found->second;
}

void CounterLedger::reserve(const std::string& name, std::uint64_t until) const {
  (void)reserve_block(name, until, 0);
}

std::uint64_t CounterLedger::reserve_block(const std::string& name, std::uint64_t at_least,
                                           std::uint64_t count) const {
  std::error_code failed;
  std::filesystem::create_directories(folder_of(path_), failed);
  const LedgerLock lock(path_);
  auto counters = read();
  std::uint64_t& unused = counters[name];
  const std::uint64_t first = std::min(std::max(unused, at_least), k_counter_end);
  const std::uint64_t until = std::min(first + count, k_counter_end);
  if (until <= unused) return first;
  unused = until;
  write(counters);
  return first;
}

InvocationCounter::InvocationCounter(std::shared_ptr<const CounterLedger> ledger, std::string name)
    : next_(std::max(ledger->first_unused(name), std::uint64_t{1})),
      ledger_(std::move(ledger)),
      name_(std::move(name)) {}

std::optional<std::uint32_t> InvocationCounter::take() {
  const std::scoped_lock lock(mutex_);
  if (next_ >= k_counter_end) return std::nullopt;
  if (ledger_ && next_ >= reserved_) {
    // Another process may have gone further meanwhile.
    next_ = ledger_->reserve_block(name_, next_, block_);
    if (next_ >= k_counter_end) return std::nullopt;
    reserved_ = std::min(next_ + block_, k_counter_end);
    block_ = std::min(2 * block_, k_largest_block);
  }
  return static_cast<std::uint32_t>(next_++);
}

std::uint32_t InvocationCounter::next() const {
  const std::scoped_lock lock(mutex_);
  return static_cast<std::uint32_t>(std::min(next_, k_counter_end - 1));
}

void InvocationCounter::set(std::uint32_t next) {
  const std::scoped_lock lock(mutex_);
  next_ = next;
}

void InvocationCounter::raise_to(std::uint32_t next) {
  const std::scoped_lock lock(mutex_);
  next_ = std::max(next_, std::uint64_t{next});
}

}  // namespace meterproof::cosem
