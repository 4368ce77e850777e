#include "reports/junit_elements.hpp"

namespace meterproof::reports {

void write_properties(XmlWriter& xml, const Properties& properties) {
  xml.open("properties");
  for (const auto& [name, value] : properties) {
    xml.open("property").attribute("name", name).attribute("value", value).close();
  }
  xml.close();
}

void write_result(XmlWriter& xml, const JunitResult& result) {
  if (result.element == JunitElement::none) return;
  xml.open(junit_element_name(result.element))
      .attribute("message", result.message)
      .attribute("type", result.type)
      .text(result.body)
      .close();
}

void write_reruns(XmlWriter& xml, const JunitCase& junit) {
  for (const JunitRerun& rerun : junit.reruns) {
    xml.open(junit.passed_at_last ? "flakyFailure" : "rerunFailure")
        .attribute("message", rerun.message)
        .attribute("type", rerun.type)
        .element("stackTrace", rerun.stack_trace);
    if (!rerun.log.empty()) xml.element("system-out", rerun.log);
    xml.close();
  }
}

void open_suite(XmlWriter& xml, int id, const JunitSuite& suite) {
  xml.open("testsuite")
      .attribute("id", id)
      .attribute("name", suite.name)
      .attribute("package", suite.package)
      .attribute("tests", suite.counts.tests)
      .attribute("failures", suite.counts.failures)
      .attribute("errors", suite.counts.errors)
      .attribute("skipped", suite.counts.skipped)
      .attribute("time", junit_time(suite.counts.seconds))
      .attribute("timestamp", suite.timestamp)
      .attribute("hostname", suite.hostname);
  write_properties(xml, suite.properties);
}

void open_case(XmlWriter& xml, const JunitCase& junit) {
  xml.open("testcase")
      .attribute("name", junit.name)
      .attribute("classname", junit.classname)
      .attribute("time", junit.time);
}

}  // namespace meterproof::reports
