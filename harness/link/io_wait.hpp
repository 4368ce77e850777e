// Waiting for a descriptor: until it is ready, the deadline passes or a stop is requested,
// whichever is first. A stop wakes the wait at once; nothing is polled in a loop.
#pragma once

#include <stop_token>
#include <utility>

#include "harness/link/link.hpp"

namespace meterproof::link {

// Owns a file descriptor. -1 is none.
class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor();

  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }

 private:
  int fd_;
};

// events and the value as poll(2). Errors: timeout, cancelled.
Result<short> wait_ready(int fd, short events, Deadline deadline, const std::stop_token& stop);

// Waits until then. Errors: cancelled.
Result<void> wait_until(harness::WallTime when, const std::stop_token& stop);

// The error of errno, as system_category.
Error system_error();

}  // namespace meterproof::link
