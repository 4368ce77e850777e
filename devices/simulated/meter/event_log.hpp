// EventLog: the security events of the meter. Every event counts; the log itself takes at most one
// entry of a kind in a second, so that a flood of failures can neither fill it nor wear the memory
// out.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <map>

#include "devices/cosem/value.hpp"
#include "devices/simulated/meter/nonvolatile.hpp"
#include "harness/clock.hpp"

namespace meterproof::simulated {

enum class SecurityEvent : std::uint8_t {
  power_up = 2,
  login_failed = 46,       // association refused: password, key, proof
  password_locked = 47,    // too many failures, the role is locked
  decryption_failed = 48,  // a tag did not verify
  replay_refused = 49,     // an invocation counter was not greater
  not_permitted = 50,      // a request beyond the rights or without the demanded protection
  relay_operated = 59,
};

class EventLog {
 public:
  explicit EventLog(Nonvolatile& memory);

  void note(SecurityEvent event, harness::WallTime now,
            std::chrono::system_clock::time_point calendar);
  // Security events since the factory, power_up and relay_operated not counted.
  std::uint32_t count() const { return count_; }
  std::uint8_t last() const { return entries_.empty() ? std::uint8_t{0} : code(entries_.back()); }
  cosem::Data rows() const;  // array of structure{date-time, code}
  std::size_t size() const { return entries_.size(); }
  static constexpr std::size_t k_entries = 100;

 private:
  struct Entry {
    std::chrono::system_clock::time_point at;
    SecurityEvent event;
  };
  static std::uint8_t code(const Entry& entry) { return static_cast<std::uint8_t>(entry.event); }

  Nonvolatile* memory_;
  std::uint32_t count_;  // a power cut may lose those since the last entry
  std::deque<Entry> entries_;
  std::map<SecurityEvent, harness::WallTime> noted_;
};

}  // namespace meterproof::simulated
