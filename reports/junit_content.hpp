// What a JUnit file says about a run, before any dialect: which element a case ends in, with what
// words; its properties; its log; the attempts before. The dialects differ only in where they put
// these.
//
//   fail -> failure            error, inconclusive, still running -> error (nothing is proved about
//   skipped, not started -> skipped     the DUT; readers that know no "inconclusive" must not pass
//                                       it)
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/journal/run_model.hpp"
#include "reports/reporter.hpp"

namespace meterproof::reports {

using Properties = std::vector<std::pair<std::string, std::string>>;

enum class JunitElement { none, failure, error, skipped };

struct JunitResult {
  JunitElement element = JunitElement::none;
  std::string type;  // of the closed list in docs/journal.md, or "Inconclusive"
  std::string message;
  std::string body;  // repeats the message: some readers show only this
};

// An attempt before the one that counts, that did not pass.
struct JunitRerun {
  std::string type;
  std::string message;
  std::string stack_trace;
  std::string log;
};

struct JunitCase {
  std::string name;       // the case string
  std::string classname;  // meterproof.<suite>.<procedure>
  std::string time;       // seconds, 3 decimals
  Properties properties;
  JunitResult result;
  bool passed_at_last = false;  // reruns are flaky then
  std::vector<JunitRerun> reruns;
  std::string log;
  // Lines for the end of system-out: what did not fit into the last 500 characters is listed in
  // log instead, because CI servers trim to those.
  std::string attachment_lines;
};

struct JunitCounts {
  int tests = 0, failures = 0, errors = 0, skipped = 0;
  double seconds = 0;
};

// One suite on one DUT.
struct JunitSuite {
  std::string name;  // "security/p03"
  std::string package;
  std::string hostname;
  std::string timestamp;  // UTC, YYYY-MM-DDThh:mm:ss
  Properties properties;
  JunitCounts counts;
  std::vector<JunitCase> cases;
};

struct JunitRun {
  std::string name;
  std::string timestamp;
  JunitCounts counts;
  std::vector<JunitSuite> suites;
};

JunitRun junit_content(const journal::RunModel& model, const ReportOptions& options);

std::string_view junit_element_name(JunitElement element);
// Seconds with 3 decimals; zero for what is negative or no number.
std::string junit_time(double seconds);

// One printable line in which nothing can be taken for [[ATTACHMENT|...]]: CI servers look for that
// anywhere in the output and would hand out the file a DUT names.
std::string without_markers(std::string_view text);

// "[[PROPERTY|key=value]]", one a line, for dialects whose cases cannot hold properties.
std::string property_lines(const Properties& properties);

// Most that CI servers keep of the end of a passing case's output.
inline constexpr std::size_t k_kept_output = 500;

}  // namespace meterproof::reports
