// The elements that more than one JUnit dialect writes alike.
#pragma once

#include "reports/junit_content.hpp"
#include "reports/xml_writer.hpp"

namespace meterproof::reports {

void write_properties(XmlWriter& xml, const Properties& properties);
void write_result(XmlWriter& xml, const JunitResult& result);
// flakyFailure when the case passed at last, else rerunFailure, as Maven Surefire writes them.
void write_reruns(XmlWriter& xml, const JunitCase& junit);
// Opens a testsuite with the attributes all dialects know, and writes its properties.
void open_suite(XmlWriter& xml, int id, const JunitSuite& suite);
void open_case(XmlWriter& xml, const JunitCase& junit);

}  // namespace meterproof::reports
