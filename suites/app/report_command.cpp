#include <cstdio>
#include <fstream>

#include "harness/errors.hpp"
#include "harness/journal/run_model.hpp"
#include "harness/journal/run_summary.hpp"
#include "reports/regenerate.hpp"
#include "reports/terminal.hpp"
#include "suites/app/commands.hpp"

namespace meterproof::suites {

int report_command(const ReportCommand& command) {
  const journal::RunModel model = reports::regenerate(command.run, command.dialect);
  if (command.output) {
    const auto reporter = reports::junit_reporter(command.dialect);
    std::ofstream file(*command.output, std::ios::binary);
    file << reporter.render(model, {reports::attachment_prefix(command.run)});
    if (!file.flush()) throw harness::BenchError("cannot write " + command.output->string());
  }
  std::printf("%s", reports::closing_table(model, {}).c_str());
  return exit_code(summarise(model));
}

}  // namespace meterproof::suites
