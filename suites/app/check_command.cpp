#include <cstdio>
#include <set>

#include "harness/bench/lock.hpp"
#include "harness/errors.hpp"
#include "harness/link/link.hpp"
#include "suites/app/bench_session.hpp"
#include "suites/app/commands.hpp"

namespace meterproof::suites {
namespace {

// Opens the link and closes it again: nothing is sent, nothing is switched.
bool reachable(const std::string& what, const std::string& url) {
  const auto link =
      link::open(url, {.deadline = harness::Deadline::after(std::chrono::seconds(2))});
  std::printf("  %-18s %-48s %s\n", what.c_str(), url.c_str(),
              link ? "reachable" : link.error().message().c_str());
  return link.has_value();
}

}  // namespace

int check_command(const CheckCommand& command) {
  const bench::Bench bench = load_bench_file(command.bench.string());
  std::printf("%s: bench '%s', %zu position(s), time scale %g%s\n", bench.file.c_str(),
              bench.name.c_str(), bench.positions.size(), bench.time_scale,
              bench.simulated() ? ", all simulated" : "");
  if (!command.probe) return 0;
  // Opening a port disturbs whoever works with it: a bench in use is named, not touched.
  const auto locks = bench::lock_bench(bench);
  bool all = true;
  all &= reachable("source", bench.source->link);
  if (bench.reference) all &= reachable("reference", bench.reference->link);
  for (const bench::Instrument& input : bench.pulse_inputs)
    all &= reachable(input.name, input.link);
  for (const bench::Position& position : bench.positions) {
    for (const auto& [name, interface] : position.interfaces) {
      all &= reachable(position.name + "." + name, interface.link);
    }
  }
  if (!all) std::printf("not everything answers (a meter without supply voltage cannot)\n");
  return all ? 0 : 3;
}

}  // namespace meterproof::suites
