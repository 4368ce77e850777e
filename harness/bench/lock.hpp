// ResourceLock: one process at a time drives a source, a reference or an interface, whoever started
// it and under whichever user. A second one is refused and told who holds it.
//
// The lock is flock(2) on a file named after the resource, so the kernel releases it when the
// process dies; CLOEXEC keeps it from living on in a child.
#pragma once

#include <string>
#include <vector>

#include "harness/bench/bench_file.hpp"

namespace meterproof::bench {

struct LockOwner {
  int pid = 0;
  std::string user, host, command, since, bench;

  // This process, now.
  static LockOwner self(const std::string& bench_name);
};
// "pid 4711 (user anna on lab3, 'meterproof run nightly.toml', bench 'nightly', since ...)"
std::string to_string(const LockOwner& owner);

// /run/lock/meterproof, shared by all users; where that cannot be, a directory of this user's own.
// Throws BenchError when there is none.
std::string lock_directory();

// What is locked for a link: the URL without its query, for a device its resolved path.
std::string lock_key(const std::string& link_url);

class ResourceLock {
 public:
  // Throws BenchError naming the owner when another holder has it.
  ResourceLock(const std::string& link_url, const LockOwner& owner,
               const std::string& directory = lock_directory());
  ~ResourceLock();
  ResourceLock(ResourceLock&& other) noexcept;
  ResourceLock& operator=(ResourceLock&& other) noexcept;

 private:
  int file_ = -1;
};

// Everything on the bench that has a link. All or nothing.
std::vector<ResourceLock> lock_bench(const Bench& bench,
                                     const std::string& directory = lock_directory());

}  // namespace meterproof::bench
