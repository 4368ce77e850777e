// Liveness: how a meter is after something was done to it that it should refuse. A conformance
// check that ends with "no answer, as it should be" proves nothing about a meter that died of it,
// so every negative check ends here, and says what is wrong, not only that something is:
//
//   alive     serves a legitimate client as it did before
//   slow      serves it, but takes far longer than before
//   locked    serves another client, this one no more
//   spinning  its link layer answers or it sends unasked, its application does not
//   deaf      can be connected to and says nothing
//   dead      none of its interfaces can be opened
#pragma once

#include <string_view>

#include "suites/security/target.hpp"

namespace meterproof::suites {

enum class Liveness { alive, slow, locked, spinning, deaf, dead };
std::string_view to_string(Liveness liveness);

// What could be seen of the meter.
struct LifeSigns {
  bool opens = false;          // an interface that shows whether anybody is there could be opened
  bool link_answers = false;   // HDLC: UA
  bool sends_unasked = false;  // the line did not fall silent
  bool serves = false;         // a legitimate client logged in and read
  bool serves_another = false;
  harness::WallDuration taken{};  // by the client that was served
  harness::WallDuration usual{};  // before the stimulus
};
Liveness judge(const LifeSigns& signs);

// The control of conformance checks: a legitimate client logs in and reads the clock before, and
// after the stimulus again, on a connection of its own. A meter that is not alive then has its
// declared recovery time to become so.
class LifeControl {
 public:
  // Control before.
  LifeControl(Target& target, std::string client);
  // Control after: "recovers" fails with what the meter is.
  void after(std::string_view stimulus);
  // Of the log-in before.
  harness::WallDuration usual() const { return usual_; }

 private:
  LifeSigns look() const;
  Target& target_;
  std::string client_;
  harness::WallDuration usual_{};
};

}  // namespace meterproof::suites
