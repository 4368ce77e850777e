// ConnectionGuard: who may keep a TCP connection to the meter, so that a flood of strangers cannot
// shut out the head-end. The head-end is told from a bot by its proof of key, never by its address.
//
// - A connection is unproven until a cryptographic check has succeeded on it. Unproven connections
//   share a bounded number of places; proven ones have their own and are never dropped for an
//   unproven one.
// - When the places are full, a newcomer displaces the oldest connection of the source address that
//   holds most places (strangers without an association first), once that one has had the grace
//   time in which an honest client has long logged in. Until then the newcomer waits in the
//   kernel's backlog.
// - Silence has a deadline: short before the association, the declared one after it.
//
// Sans-I/O: the caller gives the time and carries out what is returned. Without defence (weakness
// BOT_001) places are taken in order of arrival and held for as long as the other end likes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/clock.hpp"

namespace meterproof::simulated {

enum class Standing {
  stranger,    // nothing agreed yet
  associated,  // an association that needed no key: public, or a password
  proven,      // a message under the key was verified
};

struct GuardLimits {
  bool defend = true;
  std::size_t unproven_places = 128;
  std::size_t proven_places = 16;
  harness::WallDuration grace = std::chrono::milliseconds(100);
  harness::WallDuration stranger_silence = std::chrono::milliseconds(1500);
  harness::WallDuration stranger_total = std::chrono::seconds(30);
  harness::WallDuration associated_silence = std::chrono::seconds(120);
};

class ConnectionGuard {
 public:
  using Id = std::uint64_t;

  explicit ConnectionGuard(const GuardLimits& limits) : limits_(limits) {}

  struct Admission {
    std::optional<Id> admitted;
    std::optional<Id> displaced;   // close this one
    harness::WallTime retry_at{};  // not admitted: ask again then, or when one has closed
  };
  Admission admit(const std::string& source, harness::WallTime now);

  // A complete request came on the connection and left it in this standing. Returns a connection to
  // close: the proven places are bounded too, and only a newly proven client displaces a proven
  // one.
  std::optional<Id> heard(Id id, Standing standing, harness::WallTime now);
  void closed(Id id) { places_.erase(id); }

  // Connections whose deadline has passed: close them.
  std::vector<Id> overdue(harness::WallTime now) const;
  std::optional<harness::WallTime> next_deadline() const;
  std::size_t size() const { return places_.size(); }

 private:
  struct Place {
    std::string source;
    Standing standing = Standing::stranger;
    harness::WallTime since;
    harness::WallTime heard;
  };
  harness::WallTime deadline(const Place& place) const;
  std::optional<Id> victim() const;

  GuardLimits limits_;
  std::map<Id, Place> places_;
  Id next_ = 1;
};

}  // namespace meterproof::simulated
