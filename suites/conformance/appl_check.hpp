// ApplCheck: one line of a table of application-layer checks; every line becomes a variant with its
// own verdict:
//
//   control: the client logs in and reads -> connected, or associated -> the stimulus -> "answer":
//   is it one of those the standard allows? -> "contents", where the line looks into it -> is the
//   meter alive?
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "harness/procedure.hpp"
#include "suites/conformance/appl_probe.hpp"

namespace meterproof::suites {

enum class Before { connected, associated };

struct ApplCheck {
  std::string name;  // variant
  std::string title;
  std::string clause;  // of the Green Book, Ed. 8
  Before before = Before::associated;
  std::function<cosem::Bytes(ApplProbe&)> stimulus;
  unsigned accepted = answer::k_any_refusal;
  // What is wrong with an accepted answer; empty: nothing.
  std::function<std::string(const cosem::Bytes&)> contents;
  // Instead of stimulus, accepted and contents, where one question and one answer do not do: uses
  // expect() itself. before still holds.
  std::function<void(ApplProbe&)> judge;
};

// A procedure whose variants are the lines of the table; authentication names the client: "none",
// "lls", "hls_gmac". Sets everything but id, title, objective, severity and mutants.
harness::Procedure appl_procedure(harness::Procedure declared, std::string authentication,
                                  std::vector<ApplCheck> checks);

}  // namespace meterproof::suites
