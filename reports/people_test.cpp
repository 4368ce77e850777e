// The reports for people: the HTML page and what the terminal shows.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <limits>
#include <pugixml.hpp>
#include <sstream>

#include "harness/journal/journal_reader.hpp"
#include "harness/journal/write_file.hpp"
#include "reports/html_case.hpp"
#include "reports/reporter.hpp"
#include "reports/terminal.hpp"
#include "reports/text.hpp"

namespace meterproof::reports {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::filesystem::path k_people_data =
    std::filesystem::path(METERPROOF_SOURCE_DIR) / "reports" / "test_data";

journal::RunModel people_run() {
  return journal::RunModel(journal::read_journal(k_people_data / "sample_journal.jsonl"));
}

// As in junit_test.cpp: METERPROOF_APPROVE=1 takes the new text over.
void expect_approved_text(const std::string& text, const std::string& name) {
  const auto approved = k_people_data / name;
  if (std::getenv("METERPROOF_APPROVE") != nullptr) {
    journal::write_file_atomically(approved, text);
  }
  std::ifstream file(approved, std::ios::binary);
  EXPECT_EQ(text, std::string(std::istreambuf_iterator<char>(file), {}));
}

std::size_t longest_line(const std::string& text) {
  std::istringstream lines(text);
  std::size_t longest = 0;
  for (std::string line; std::getline(lines, line);) longest = std::max(longest, columns(line));
  return longest;
}

TEST(ClosingTable, SaysTheSampleRunAsApproved) {
  expect_approved_text(closing_table(people_run(), {.colour = false, .width = 100}),
                       "sample_closing_table.approved.txt");
}

TEST(ClosingTable, KeepsToTheWidthButForTheSum) {
  for (const std::size_t width : {40U, 60U, 80U, 200U}) {
    const std::string table = closing_table(people_run(), {.colour = false, .width = width});
    const std::string above_sum = table.substr(0, table.find("3 pass, 2 fail"));
    EXPECT_LE(longest_line(above_sum), width) << table;
    EXPECT_GT(longest_line(above_sum), 30U);
  }
}

TEST(ClosingTable, WithColourItIsTheSameTextOnlyPainted) {
  std::string painted = closing_table(people_run(), {.colour = true, .width = 100});
  for (auto start = painted.find('\x1b'); start != std::string::npos;
       start = painted.find('\x1b')) {
    painted.erase(start, painted.find('m', start) - start + 1);
  }
  EXPECT_EQ(painted, closing_table(people_run(), {.colour = false, .width = 100}));
}

TEST(VerdictLine, NamesPositionVerdictCaseAndFigure) {
  const auto run = people_run();
  EXPECT_EQ(verdict_line(*run.find("ACC_LOAD_001/i1p0_pf1/p01"), {3, 121, 47.6},
                         {.colour = false, .width = 120}),
            "[  3/121   0:48 left] p01  pass         ACC_LOAD_001/i1p0_pf1        "
            "+0.213 % +- 0.041 % (k=2, n=30), limits -1..+1 %");
}

TEST(Terminal, WhatADutSaysCannotSteerTheTerminal) {
  const std::string line = step_line("A/b/p1", "\x1b[2J\x07 gone\r\n\xFF", {});
  EXPECT_THAT(line, HasSubstr("\\x1B[2J\\x07 gone\\x0D\\x0A\\xFF"));
}

TEST(Terminal, ClockTextIsWhatAWatchWouldShow) {
  EXPECT_EQ(clock_text(47.6), "0:48");
  EXPECT_EQ(clock_text(723), "12:03");
  EXPECT_EQ(clock_text(8100), "2:15:00");
  EXPECT_EQ(clock_text(std::numeric_limits<double>::quiet_NaN()), "?");
}

TEST(Html, IsOnePageThatLoadsNothingAndEscapesWhatADutSaid) {
  const std::string page = find_reporter("html").render(people_run(), {});
  EXPECT_THAT(page, Not(HasSubstr("<script")));
  EXPECT_THAT(page, Not(HasSubstr("http:")));
  EXPECT_THAT(page, Not(HasSubstr("https:")));
  EXPECT_THAT(page, Not(HasSubstr("src=")));
  EXPECT_THAT(page, Not(HasSubstr("<AARE>")));
  EXPECT_THAT(page, HasSubstr("&lt;AARE&gt;"));
  EXPECT_THAT(page, HasSubstr("<div class=\"watermark\""));
  EXPECT_THAT(page, HasSubstr("no optical link on this bench"));
  EXPECT_THAT(page, HasSubstr("href=\"cases/SEC_AUTH_001/base/p02/apdu.hex\""));
}

// Well-formed as XML once the few void elements are closed: every tag that opens is closed.
TEST(Html, ClosesEveryTag) {
  std::string page = find_reporter("html").render(people_run(), {});
  page.erase(0, page.find("<body>"));
  page.erase(page.find("</html>"));
  for (auto at = page.find("<br>"); at != std::string::npos; at = page.find("<br>")) {
    page.replace(at, 4, "<br/>");
  }
  pugi::xml_document xml;
  const auto parsed = xml.load_string(page.c_str());
  EXPECT_TRUE(parsed) << parsed.description() << " near "
                      << page.substr(static_cast<std::size_t>(parsed.offset), 120);
  EXPECT_EQ(xml.select_nodes("//section").size(), 11U);
}

TEST(Html, ARunOnRealDevicesHasNoWatermark) {
  journal::RunModel run;
  run.add({{"type", "run_started"},
           {"simulated", false},
           {"planned", {{{"case", "A/b/p1"}, {"dut", {{"simulated", false}}}}}}});
  EXPECT_THAT(find_reporter("html").render(run, {}), Not(HasSubstr("SIMULATED")));
}

TEST(UncertaintyBar, IsDrawnOnlyFromFiniteFiguresWithALimit) {
  journal::MeasurementRecord record;
  record.measurement.value = 0.2;
  record.measurement.expanded_uncertainty = 0.1;
  EXPECT_EQ(uncertainty_bar(record), "") << "no limits";
  record.measurement.upper_limit = 1.0;
  EXPECT_THAT(uncertainty_bar(record), HasSubstr("<svg"));
  record.measurement.lower_limit = -1.0;
  EXPECT_THAT(uncertainty_bar(record), HasSubstr("<svg"));
  record.measurement.expanded_uncertainty = std::numeric_limits<double>::infinity();
  EXPECT_EQ(uncertainty_bar(record), "");
  record.measurement.expanded_uncertainty = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(uncertainty_bar(record), "");
}

TEST(Text, EveryByteStringBecomesPrintableAndNothingIsDropped) {
  EXPECT_EQ(printable(std::string("a\0b\x1b\x7f\r\n\t", 8)), "a\\x00b\\x1B\\x7F\\x0D\n\t");
  EXPECT_EQ(printable("\xC3\xA4 \xC0\xAF \xED\xA0\x80 \xEF\xBF\xBF \xC2\x85"),
            "\xC3\xA4 \\xC0\\xAF \\xED\\xA0\\x80 \\xEF\\xBF\\xBF \\xC2\\x85");
  EXPECT_EQ(escaped("<a b=\"c\">'&"), "&lt;a b=&quot;c&quot;&gt;&#39;&amp;");
  EXPECT_EQ(shortened("\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4", 6), "\xC3\xA4...");
}

}  // namespace
}  // namespace meterproof::reports
