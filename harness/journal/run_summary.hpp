// How a run ended, in numbers and as the exit code of the program.
#pragma once

#include <string>

#include "harness/journal/run_model.hpp"

namespace meterproof::journal {

// Cases by the state that counts; the seven add up to cases.
struct RunSummary {
  int cases = 0;
  int pass = 0;
  int skipped = 0;
  int inconclusive = 0;
  int fail = 0;
  int error = 0;
  int running = 0;  // started, no verdict: interrupted when the run is over
  int not_started = 0;

  // True when every planned case ended in a verdict that somebody meant: a skip for a stated
  // reason counts, a case that was not run does not.
  bool complete = true;
};

RunSummary summarise(const RunModel& model);

// 4 nothing was judged; else 1 any fail; else 3 any error, inconclusive or an incomplete plan; 0
// only when every planned case passed or was skipped for a stated reason. (2, a wrong
// configuration, never gets as far as a journal.)
int exit_code(const RunSummary& summary);

// "118 pass, 1 fail, 2 skipped of 121 cases", parts that are zero left out.
std::string to_string(const RunSummary& summary);

}  // namespace meterproof::journal
