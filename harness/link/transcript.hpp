// Transcript: every transfer on every link, both ways, with both clocks; the evidence from which a
// verdict is re-judged.
//
// One Transcript belongs to one connection of one position's interface. It writes to a TransferSink
// (the run folder's transcript and capture files) after overwriting every registered secret with
// the same number of octets.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "harness/clock.hpp"

namespace meterproof::link {

enum class Direction { sent, received };

struct Transfer {
  harness::WallTime at;  // taken right after the system call returned
  Direction direction = Direction::sent;
  std::string channel;  // "p01.tcp", "p01.optical", "source"
  std::string peer;     // link name, and for TCP the own address: distinguishes connections
  std::uint32_t connection = 0;  // counts the connections of a channel
  std::span<const std::byte> bytes;
};

class TransferSink {
 public:
  virtual ~TransferSink() = default;
  // Thread safe; must not block on the network. bytes are valid during the call only.
  virtual void transferred(const Transfer& transfer) = 0;
};

class Transcript {
 public:
  Transcript(std::shared_ptr<TransferSink> sink, std::string channel, std::string peer);

  void record(Direction direction, std::span<const std::byte> bytes, harness::WallTime at);
  const std::string& channel() const { return channel_; }

 private:
  std::shared_ptr<TransferSink> sink_;
  std::string channel_;
  std::string peer_;
  std::uint32_t connection_;
};

}  // namespace meterproof::link
