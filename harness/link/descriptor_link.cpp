#include "harness/link/descriptor_link.hpp"

#include <poll.h>

#include <array>
#include <cerrno>
#include <utility>

#include "harness/link/transcript.hpp"

namespace meterproof::link {
namespace {

// discard_input() ends here even when the peer never stops sending.
constexpr std::size_t k_most_discarded = 1 << 20;

}  // namespace

Error DescriptorLink::translate(int number) const {
  switch (number) {
    case ECONNRESET:
    case EPIPE:
      return LinkError::reset_by_peer;
    case ECONNREFUSED:
      return LinkError::refused;
    case EIO:
    case ENODEV:
    case ENXIO:
      return LinkError::unplugged;
    default:
      return LinkError::io;
  }
}

Result<DescriptorLink::Attempt> DescriptorLink::attempt_read(std::span<std::byte> buffer,
                                                             bool readable, std::size_t& count,
                                                             bool soon) {
  for (;;) {
    const ssize_t received = soon ? receive_soon(buffer) : receive(buffer);
    if (received > 0) {
      count = static_cast<std::size_t>(received);
      if (transcript_) {
        const harness::WallTime at = harness::WallClock::now();
        transcript_->record(Direction::received, buffer.first(count), at);
      }
      return Attempt::done;
    }
    // Before poll() has said so, 0 on a serial port means nothing has come yet (VMIN = 0).
    if (received == 0) return readable ? Result<Attempt>(end_of_input()) : Attempt::would_block;
    if (errno == EAGAIN || errno == EWOULDBLOCK) return Attempt::would_block;
    if (errno != EINTR) return translate(errno);
  }
}

Result<std::size_t> DescriptorLink::read(std::span<std::byte> buffer, Deadline deadline,
                                         std::stop_token stop) {
  if (stop.stop_requested()) return LinkError::cancelled;
  if (buffer.empty()) return LinkError::io;
  bool readable = false;
  // The kernel's timers are coarse: not near the deadline.
  bool soon = std::exchange(answer_awaited_, false) && deadline.remaining() > 10 * k_short_wait;
  for (;;) {
    std::size_t count = 0;
    const auto attempt = attempt_read(buffer, readable, count, std::exchange(soon, false));
    if (!attempt) return attempt.error();
    if (*attempt == Attempt::done) return count;
    const auto ready = wait_ready(descriptor(), POLLIN, deadline, stop);
    if (!ready) return ready.error();
    readable = (*ready & POLLIN) != 0;
    if (readable) continue;
    if ((*ready & POLLNVAL) != 0) return LinkError::unplugged;
    if ((*ready & POLLHUP) != 0) return hang_up();
    readable = true;  // POLLERR: the next call tells which error
  }
}

Result<void> DescriptorLink::write(std::span<const std::byte> bytes, Deadline deadline,
                                   std::stop_token stop) {
  if (stop.stop_requested()) return LinkError::cancelled;
  answer_awaited_ = true;
  while (!bytes.empty()) {
    const ssize_t sent = transmit(bytes);
    if (sent > 0) {
      const auto count = static_cast<std::size_t>(sent);
      if (transcript_) {
        const harness::WallTime at = harness::WallClock::now();
        transcript_->record(Direction::sent, bytes.first(count), at);
      }
      bytes = bytes.subspan(count);
      continue;
    }
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0 && errno != EAGAIN && errno != EWOULDBLOCK) return translate(errno);
    const auto ready = wait_ready(descriptor(), POLLOUT, deadline, stop);
    if (!ready) return ready.error();
    if ((*ready & POLLNVAL) != 0) return LinkError::unplugged;
    if ((*ready & POLLOUT) == 0 && (*ready & POLLHUP) != 0) return hang_up();
  }
  return boost::system::in_place_value;
}

Result<void> DescriptorLink::discard_input() {
  std::array<std::byte, 4096> buffer;
  for (std::size_t discarded = 0; discarded < k_most_discarded;) {
    std::size_t count = 0;
    const auto attempt = attempt_read(buffer, false, count);
    // An end of the line is for the next read to tell.
    if (!attempt || *attempt == Attempt::would_block) break;
    discarded += count;
  }
  return boost::system::in_place_value;
}

}  // namespace meterproof::link
