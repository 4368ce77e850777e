// Transcript: every transfer on every link, both ways, with both clocks; the evidence from which a
// verdict is re-judged.
//
// One Transcript belongs to one connection of one position's interface. It writes to a TransferSink
// (the run folder's transcript and capture files) after overwriting every registered secret with
// the same number of octets. A secret may span transfers: one that could be the beginning of a
// secret is held back until the next octets of its direction, or the end, decide.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "harness/clock.hpp"
#include "harness/link/secrets.hpp"

namespace meterproof::link {

enum class Direction { sent, received };

enum class Medium { serial, tcp, udp };

// Who talks to whom. local and remote: "127.0.0.5:43210"; a serial line has no local end.
struct Endpoints {
  Medium medium = Medium::serial;
  std::string local;
  std::string remote;
};

struct Transfer {
  harness::WallTime at;  // taken right after the system call returned
  Direction direction = Direction::sent;
  std::string channel;  // "p01.tcp", "p01.optical", "source"
  std::string peer;     // link name, and for TCP the own address: distinguishes connections
  std::uint32_t connection = 0;  // counts the connections of a channel
  std::span<const std::byte> bytes;
  Endpoints endpoints;
  std::span<const Redaction> redactions;  // what was overwritten in bytes
};

class TransferSink {
 public:
  virtual ~TransferSink() = default;
  // Thread safe; must not block on the network. bytes are valid during the call only.
  virtual void transferred(const Transfer& transfer) = 0;
};

// Gives each transfer to several sinks.
class TransferFanOut final : public TransferSink {
 public:
  explicit TransferFanOut(std::vector<std::shared_ptr<TransferSink>> sinks)
      : sinks_(std::move(sinks)) {}
  void transferred(const Transfer& transfer) override;

 private:
  std::vector<std::shared_ptr<TransferSink>> sinks_;
};

class Transcript {
 public:
  // secrets: what to overwrite; the process's registry unless a test has its own.
  Transcript(std::shared_ptr<TransferSink> sink, std::string channel, std::string peer,
             const Secrets& secrets = link::secrets());
  // Gives what is held back to the sink; what the sink then throws is lost, so call flush() first
  // where that matters.
  ~Transcript();
  Transcript(const Transcript&) = delete;
  Transcript& operator=(const Transcript&) = delete;

  // Said by link::open() once it knows.
  void connected(Endpoints endpoints);
  // Thread safe. Throws what the sink throws (BenchError for a full disk).
  void record(Direction direction, std::span<const std::byte> bytes, harness::WallTime at);
  // Gives everything held back to the sink; the beginnings of secrets stay readable only where no
  // secret followed.
  void flush();
  const std::string& channel() const { return channel_; }

 private:
  struct Held {
    harness::WallTime at;
    Direction direction;
    std::vector<std::byte> bytes;
    std::vector<Redaction> redactions;
    std::size_t settled = 0;  // octets from the front that can no longer be part of a secret
  };
  void settle(Direction direction);
  void release(bool all);
  void give(const Held& held);

  std::shared_ptr<TransferSink> sink_;
  std::string channel_;
  std::string peer_;
  std::uint32_t connection_;
  const Secrets& secrets_;
  std::mutex mutex_;
  Endpoints endpoints_;
  std::deque<Held> held_;  // oldest first, both directions
};

}  // namespace meterproof::link
