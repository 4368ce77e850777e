// JUnit for readers without a schema (Jenkins' own junit step, GitLab, GitHub actions): properties
// in the case, the attempts before, attachments.
#include "reports/junit_elements.hpp"
#include "reports/reporter.hpp"

namespace meterproof::reports {
namespace {

std::string render_rich(const journal::RunModel& model, const ReportOptions& options) {
  const JunitRun run = junit_content(model, options);
  XmlWriter xml;
  xml.open("testsuites")
      .attribute("name", run.name)
      .attribute("tests", run.counts.tests)
      .attribute("failures", run.counts.failures)
      .attribute("errors", run.counts.errors)
      .attribute("skipped", run.counts.skipped)
      .attribute("time", junit_time(run.counts.seconds))
      .attribute("timestamp", run.timestamp);
  int id = 0;
  for (const JunitSuite& suite : run.suites) {
    open_suite(xml, id++, suite);
    for (const JunitCase& junit : suite.cases) {
      open_case(xml, junit);
      write_properties(xml, junit.properties);
      write_result(xml, junit.result);
      write_reruns(xml, junit);
      if (const std::string output = junit.log + junit.attachment_lines; !output.empty()) {
        xml.element("system-out", output);
      }
      xml.close();
    }
    xml.close();
  }
  return xml.finish();
}

const ReporterRegistration k_rich{{"junit-rich", "junit.xml",
                                   "JUnit with properties, attempts and attachments (the default)",
                                   render_rich}};

}  // namespace
}  // namespace meterproof::reports
