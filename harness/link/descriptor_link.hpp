// DescriptorLink: what all back ends share. A transfer is tried first and waited for only when the
// kernel says so; it is stamped and recorded right after the system call returned. A back end may
// offer a short wait inside the first read after a write, since an answer is hardly ever there yet:
// that saves a quick peer's reader two of three system calls. A stop is then seen that much later.
#pragma once

#include <sys/types.h>

#include <memory>
#include <string>

#include "harness/link/io_wait.hpp"
#include "harness/link/link.hpp"

namespace meterproof::link {

class DescriptorLink : public Link {
 public:
  Result<std::size_t> read(std::span<std::byte> buffer, Deadline deadline,
                           std::stop_token stop) override;
  Result<void> write(std::span<const std::byte> bytes, Deadline deadline,
                     std::stop_token stop) override;
  Result<void> discard_input() override;
  std::string name() const override { return name_; }

 protected:
  DescriptorLink(std::string name, std::shared_ptr<Transcript> transcript)
      : name_(std::move(name)), transcript_(std::move(transcript)) {}

  virtual int descriptor() const = 0;
  // As read(2) and write(2) on a non-blocking descriptor: -1 and errno when refused.
  virtual ssize_t receive(std::span<std::byte> buffer) = 0;
  // receive() that waits k_short_wait at most and then says EAGAIN; the default does not wait.
  virtual ssize_t receive_soon(std::span<std::byte> buffer) { return receive(buffer); }
  static constexpr std::chrono::milliseconds k_short_wait{4};
  virtual ssize_t transmit(std::span<const std::byte> bytes) = 0;
  // What it means that receive() gave 0 after the descriptor had been reported readable.
  virtual Error end_of_input() const = 0;
  // errno of a transfer -> error.
  virtual Error translate(int number) const;
  // A hang-up condition with nothing left to read.
  virtual Error hang_up() const { return end_of_input(); }

 private:
  enum class Attempt { done, would_block };
  Result<Attempt> attempt_read(std::span<std::byte> buffer, bool readable, std::size_t& count,
                               bool soon = false);

  std::string name_;
  std::shared_ptr<Transcript> transcript_;
  bool answer_awaited_ = false;  // nothing was read since the last write
};

}  // namespace meterproof::link
