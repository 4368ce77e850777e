// JUnit valid against the schema of Ant's JUnit task (schemas/junit-ant-windyroad-Apache2.xsd): a
// case holds one result and nothing else, so all output goes to the end of its suite.
#include "reports/junit_elements.hpp"
#include "reports/reporter.hpp"

namespace meterproof::reports {
namespace {

void write_ant_result(XmlWriter& xml, const JunitResult& result) {
  if (result.element != JunitElement::skipped) return write_result(xml, result);
  xml.open("skipped").attribute("message", result.message).text(result.body).close();
}

std::string ant_output(const JunitSuite& suite) {
  std::string output;
  for (const JunitCase& junit : suite.cases) {
    output += "== " + junit.name + "\n" + property_lines(junit.properties);
    for (const JunitRerun& rerun : junit.reruns) output += rerun.stack_trace + "\n";
    output += junit.log + junit.attachment_lines + "\n";
  }
  return output;
}

std::string render_ant(const journal::RunModel& model, const ReportOptions& options) {
  const JunitRun run = junit_content(model, options);
  XmlWriter xml;
  xml.open("testsuites");
  int id = 0;
  for (const JunitSuite& suite : run.suites) {
    open_suite(xml, id++, suite);
    for (const JunitCase& junit : suite.cases) {
      open_case(xml, junit);
      write_ant_result(xml, junit.result);
      xml.close();
    }
    xml.element("system-out", ant_output(suite)).element("system-err", "").close();
  }
  return xml.finish();
}

const ReporterRegistration k_ant{
    {"junit-ant", "junit.xml", "JUnit valid against the schema of Ant's JUnit task", render_ant}};

}  // namespace
}  // namespace meterproof::reports
