// JUnit valid against the schema that Jenkins' xunit plug-in checks
// (schemas/junit-10-jenkins-xunit-MIT.xsd): no properties in a case, so they open its system-out.
#include "reports/junit_elements.hpp"
#include "reports/reporter.hpp"

namespace meterproof::reports {
namespace {

std::string render_jenkins_xunit(const journal::RunModel& model, const ReportOptions& options) {
  const JunitRun run = junit_content(model, options);
  XmlWriter xml;
  xml.open("testsuites")
      .attribute("name", run.name)
      .attribute("time", junit_time(run.counts.seconds))
      .attribute("tests", run.counts.tests)
      .attribute("failures", run.counts.failures)
      .attribute("errors", run.counts.errors);
  int id = 0;
  for (const JunitSuite& suite : run.suites) {
    open_suite(xml, id++, suite);
    for (const JunitCase& junit : suite.cases) {
      open_case(xml, junit);
      write_result(xml, junit.result);
      write_reruns(xml, junit);
      xml.element("system-out",
                  property_lines(junit.properties) + junit.log + junit.attachment_lines);
      xml.close();
    }
    xml.close();
  }
  return xml.finish();
}

const ReporterRegistration k_jenkins_xunit{
    {"junit-jenkins-xunit", "junit.xml", "JUnit valid against the schema of Jenkins' xunit plug-in",
     render_jenkins_xunit}};

}  // namespace
}  // namespace meterproof::reports
