// What harness and supervisor say to each other: one datagram each on a SOCK_SEQPACKET pair, a
// letter and length-prefixed fields.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/bench/supervisor.hpp"

namespace meterproof::bench {

enum class Word : char {
  heartbeat = 'h',       // harness
  arm = 'a',             // harness: off-commands
  switch_off = 'o',      // harness
  goodbye = 'g',         // harness
  unsafe_goodbye = 'u',  // harness: leaves, but could not switch off
  ready = 'r',           // supervisor, to arm
  done = 'd',            // supervisor, to switch_off
  failed = 'f',          // supervisor, to either: reason
};

inline constexpr std::size_t k_largest_message = 64 * 1024;

struct Message {
  Word word = Word::heartbeat;
  std::vector<std::string> fields;
};
std::string encoded(const Message& message);
// Nothing for what is not a message.
std::optional<Message> decoded(std::string_view datagram);

Message arm_message(const std::vector<OffCommand>& commands);
std::optional<std::vector<OffCommand>> arm_commands(const Message& message);

// Start of a process in clock ticks since boot (field 22 of /proc/<pid>/stat): with the pid it
// names a process for good. 0: no such process.
unsigned long long process_start_time(int pid);

}  // namespace meterproof::bench
