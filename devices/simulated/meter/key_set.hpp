// KeySet: the symmetric keys of one client role and their invocation counters, both ways
// (IEC 62056-5-3). Counters never go back, whatever happens to the supply.
//
// Keys that general-ciphering names, agrees or brings along have counters of their own, each a
// CounterPair: the broadcast key, static key agreement, and together the keys that live for one
// message only (wrapped, one-pass). The standard lets every new key begin at 0, but then nothing in
// a message would tell a replay of it from the original, so this meter wants rising counters there
// too. Messages that are signed and not ciphered have no counter: their transaction id, read as a
// number, must rise.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "devices/cosem/general_layers.hpp"
#include "devices/simulated/meter/nonvolatile.hpp"

namespace meterproof::simulated {

class CounterPair {
 public:
  CounterPair(const std::string& name, Nonvolatile& memory);

  // The lowest number that a client may use next.
  std::uint64_t next_received() const { return received_; }
  bool fresh(std::uint64_t counter) const { return counter >= received_; }
  // Counter of a message whose tag or signature has been verified.
  void received(std::uint64_t counter);
  // For the meter's own next message; nothing when 2^32 - 1 was used. A whole block is reserved in
  // the memory beforehand, so that a power cut skips counters and never repeats one.
  std::optional<std::uint32_t> next_sent();
  void restart();  // with a new key

 private:
  std::string received_name_, reserved_name_;  // in the memory
  Nonvolatile* memory_;
  std::uint64_t received_;
  std::uint64_t sent_;
  std::uint64_t reserved_;
};

class KeySet {
 public:
  KeySet(const std::string& name, const cosem::SecurityKeys& keys, Nonvolatile& memory);

  const cosem::SecurityKeys& keys() const { return keys_; }
  // New keys, in use after activate_staged(); then they are what the memory holds, the old ones are
  // gone, and the counters of a new encryption key start anew.
  void stage(const cosem::SecurityKeys& keys) { staged_ = keys; }
  void activate_staged();
  // Of the global unicast key: the lowest counter that a client may use next; 2^32 when it is used
  // up.
  std::uint64_t next_received() const { return unicast_.next_received(); }
  bool fresh(std::uint32_t counter) const { return unicast_.fresh(counter); }
  void received(std::uint32_t counter) { unicast_.received(counter); }
  std::optional<std::uint32_t> next_sent() { return unicast_.next_sent(); }

  CounterPair& counters(cosem::KeyRun run);
  // Transaction ids of messages that are signed and not ciphered.
  CounterPair& signed_only() { return signed_only_; }

 private:
  std::string encryption_name_, authentication_name_;  // in the memory
  cosem::SecurityKeys keys_;
  std::optional<cosem::SecurityKeys> staged_;
  Nonvolatile* memory_;
  CounterPair unicast_, broadcast_, agreed_, fresh_, signed_only_;
};

}  // namespace meterproof::simulated
