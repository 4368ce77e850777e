#include "harness/link/transcript.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <utility>

namespace meterproof::link {
namespace {

constexpr std::byte k_overwritten{'*'};

std::uint32_t next_connection(const std::string& channel) {
  static std::mutex mutex;
  static std::map<std::string, std::uint32_t> count;
  const std::lock_guard lock(mutex);
  return ++count[channel];
}

// The earliest position from which the stream's end could be the beginning of a pattern.
std::size_t undecided_from(std::span<const std::byte> stream,
                           const std::vector<SecretPattern>& patterns) {
  std::size_t earliest = stream.size();
  for (const SecretPattern& pattern : patterns) {
    const std::size_t most = std::min(stream.size(), pattern.octets.size() - 1);
    for (std::size_t length = most; length > stream.size() - earliest; --length) {
      const auto tail = stream.last(length);
      if (std::equal(tail.begin(), tail.end(), pattern.octets.begin())) {
        earliest = stream.size() - length;
        break;
      }
    }
  }
  return earliest;
}

}  // namespace

void TransferFanOut::transferred(const Transfer& transfer) {
  for (const auto& sink : sinks_) sink->transferred(transfer);
}

Transcript::Transcript(std::shared_ptr<TransferSink> sink, std::string channel, std::string peer,
                       const Secrets& secrets)
    : sink_(std::move(sink)),
      channel_(std::move(channel)),
      peer_(std::move(peer)),
      connection_(next_connection(channel_)),
      secrets_(secrets) {}

Transcript::~Transcript() {
  try {
    flush();
  } catch (...) {  // a full disk is reported by whoever closes the sink
  }
}

void Transcript::connected(Endpoints endpoints) {
  const std::lock_guard lock(mutex_);
  if (!endpoints.local.empty()) peer_ += " from " + endpoints.local;
  endpoints_ = std::move(endpoints);
}

void Transcript::record(Direction direction, std::span<const std::byte> bytes,
                        harness::WallTime at) {
  const std::lock_guard lock(mutex_);
  held_.push_back({at, direction, {bytes.begin(), bytes.end()}, {}, 0});
  settle(direction);
  release(false);
}

void Transcript::flush() {
  const std::lock_guard lock(mutex_);
  release(true);
}

// Joins the held octets of one direction, overwrites the secrets in them and says how far from the
// front they are decided.
void Transcript::settle(Direction direction) {
  const auto patterns = secrets_.patterns();
  std::vector<std::byte> stream;
  for (const Held& held : held_) {
    if (held.direction == direction) {
      stream.insert(stream.end(), held.bytes.begin(), held.bytes.end());
    }
  }
  const std::size_t decided = undecided_from(stream, *patterns);

  const auto overwrite = [&](std::size_t begin, std::size_t length, const std::string& id) {
    std::size_t offset = 0;
    for (Held& held : held_) {
      if (held.direction != direction) continue;
      const std::size_t from = std::max(begin, offset);
      const std::size_t to = std::min(begin + length, offset + held.bytes.size());
      if (from < to) {
        const auto first = held.bytes.begin() + static_cast<std::ptrdiff_t>(from - offset);
        std::fill_n(first, to - from, k_overwritten);
        held.redactions.push_back({from - offset, to - from, id});
      }
      offset += held.bytes.size();
    }
  };
  for (const SecretPattern& pattern : *patterns) {
    const std::boyer_moore_horspool_searcher searcher(
        pattern.octets.begin(), pattern.octets.end(),
        [](std::byte octet) { return std::to_integer<std::size_t>(octet); });
    auto from = stream.begin();
    for (;;) {
      const auto [first, last] = searcher(from, stream.end());
      if (first == stream.end()) break;
      overwrite(static_cast<std::size_t>(first - stream.begin()), pattern.octets.size(),
                pattern.id);
      from = last;
    }
  }

  std::size_t offset = 0;
  for (Held& held : held_) {
    if (held.direction != direction) continue;
    held.settled = std::min(held.bytes.size(), decided > offset ? decided - offset : 0);
    offset += held.bytes.size();
  }
}

void Transcript::release(bool all) {
  while (!held_.empty() && (all || held_.front().settled == held_.front().bytes.size())) {
    const Held held = std::move(held_.front());
    held_.pop_front();
    give(held);
  }
}

void Transcript::give(const Held& held) {
  sink_->transferred({held.at, held.direction, channel_, peer_, connection_, held.bytes, endpoints_,
                      held.redactions});
}

}  // namespace meterproof::link
