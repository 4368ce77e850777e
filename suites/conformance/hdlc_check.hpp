// HdlcCheck: one line of a table of HDLC checks, and what makes a procedure of such a table. Every
// line becomes a variant, with its own verdict:
//
//   control: the client logs in and reads -> the state before (disconnected or connected, seen to
//   be so) -> the stimulus -> "reaction": is it one of those the standard allows? -> "state_after":
//   does the connection still stand, or not? -> is the meter alive?
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "harness/procedure.hpp"
#include "suites/conformance/hdlc_probe.hpp"

namespace meterproof::suites {

// Reactions that a check accepts, to be or-ed.
namespace reaction {
inline constexpr unsigned k_silence = 1, k_dm = 2, k_ua = 4, k_frmr = 8, k_rr = 16, k_i = 32;
}

enum class After { connected, disconnected, either };

struct HdlcCheck {
  std::string name;  // variant
  std::string title;
  harness::Clause clause;
  bool connected = false;  // before the stimulus
  std::function<hdlc::Bytes(HdlcProbe&)> stimulus;
  unsigned accepted = reaction::k_silence;
  After after = After::either;
  // Instead of stimulus, accepted and after, where one question and one answer do not do: uses
  // expect() itself.
  std::function<void(HdlcProbe&)> judge;
};

// A procedure whose variants are the lines of the table. Sets everything but id, title, objective
// and mutants.
harness::Procedure hdlc_procedure(harness::Procedure declared, std::vector<HdlcCheck> checks);

}  // namespace meterproof::suites
