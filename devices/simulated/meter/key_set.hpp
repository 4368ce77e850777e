// KeySet: the symmetric keys of one client role and their invocation counters, both ways
// (IEC 62056-5-3 suite 0). Counters never go back, whatever happens to the supply.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "devices/cosem/ciphering.hpp"
#include "devices/simulated/meter/nonvolatile.hpp"

namespace meterproof::simulated {

class KeySet {
 public:
  KeySet(const std::string& name, const cosem::SecurityKeys& keys, Nonvolatile& memory);

  const cosem::SecurityKeys& keys() const { return keys_; }
  // New keys, in use after activate_staged(); then they are what the memory holds, the old ones are
  // gone, and the counters of a new encryption key start anew.
  void stage(const cosem::SecurityKeys& keys) { staged_ = keys; }
  void activate_staged();
  // The lowest counter that a client may use next; 2^32 when the key is used up.
  std::uint64_t next_received() const { return received_; }
  bool fresh(std::uint32_t counter) const { return counter >= received_; }
  // Counter of a message whose tag has been verified.
  void received(std::uint32_t counter);
  // For the meter's own next message; nothing when the key is used up. A whole block is reserved in
  // the memory beforehand, so that a power cut skips counters and never repeats one.
  std::optional<std::uint32_t> next_sent();

 private:
  std::string received_name_, reserved_name_, encryption_name_,
      authentication_name_;  // in the memory
  cosem::SecurityKeys keys_;
  std::optional<cosem::SecurityKeys> staged_;
  Nonvolatile* memory_;
  std::uint64_t received_;
  std::uint64_t sent_;
  std::uint64_t reserved_;
};

}  // namespace meterproof::simulated
