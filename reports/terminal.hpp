// What a run prints: a line for each verdict with the estimate of the time left, and the closing
// table. Pure functions; the caller prints. What a DUT said is made printable, so no escape
// sequence of its own reaches the terminal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "harness/journal/run_model.hpp"
#include "harness/verdict.hpp"

namespace meterproof::reports {

struct TerminalStyle {
  bool colour = false;
  std::size_t width = 100;  // columns, at least 40; longer lines are cut with "..."
};

struct Progress {
  int done = 0;
  int total = 0;
  double eta_s = -1;  // negative: not known
};

// "[ 12/121  0:48 left] p03  ACC_LOAD_001/i0p1_pf0p5l  pass  +0.21 % ..."
std::string verdict_line(const journal::CaseRecord& record, const Progress& progress,
                         const TerminalStyle& style);
// "p03  ACC_LOAD_001/i0p1_pf0p5l  setting 230 V 5 A"
std::string step_line(std::string_view case_id, std::string_view text, const TerminalStyle& style);
// Procedures down, positions across, one word a cell; then everything that did not pass with its
// reason; then the sum and, if any device was simulated, a line that says so. Ends with a newline.
std::string closing_table(const journal::RunModel& model, const TerminalStyle& style);

// "0:48", "12:03", "2:15:00"; "?" for an unknown time.
std::string clock_text(double seconds);

}  // namespace meterproof::reports
