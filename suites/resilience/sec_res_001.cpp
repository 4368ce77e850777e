// The error of the meter, measured by its pulses against the reference, first quiet and then while
// bots attack its network port: communication must not reach the measurement.
//
// Edges carry the counter's own clock and the latched count of the reference, so a busy host
// changes nothing in the error: it can only make the attack weaker, and then nothing is concluded.
#include <fmt/format.h>

#include <optional>

#include "devices/cosem/objects.hpp"
#include "fixtures/attacks/attack_addresses.hpp"
#include "harness/catalogue.hpp"
#include "suites/accuracy/applied_load.hpp"
#include "suites/accuracy/limits.hpp"
#include "suites/accuracy/pulse_comparison.hpp"
#include "suites/resilience/attacked_accuracy.hpp"
#include "suites/security/catalogue_entry.hpp"
#include "suites/security/flood.hpp"

namespace meterproof::suites {
namespace {

using namespace std::chrono_literals;
using harness::Deadline;

constexpr auto k_pulse_count_answer = 5s;
constexpr auto k_register_answer = 5s;
// From the first bot to the first measured pulse: the attack is at its level by then.
constexpr auto k_attack_builds_up = 500ms;

struct AttackedRuns {
  int repeats = 3;
  harness::BenchDuration each;
  FloodLevel level;
};

AttackedRuns attacked_runs(const Context& ctx) {
  AttackedRuns runs;
  runs.repeats = ctx.by_tier(3, 3, 5);
  runs.each = harness::BenchDuration::from_seconds(ctx.by_tier(0.65, 10.0, 30.0));
  runs.level = {.bots = ctx.by_tier(100, 256, 256),
                .connections_per_second = ctx.by_tier(200.0, 500.0, 1000.0),
                // Much more than the runs need; the bots are stopped after them.
                .duration = ctx.by_tier(30s, 90s, 400s),
                .until_lock_out = false};
  return runs;
}

// The interface that the bots do not use, where the meter has one.
std::string quiet_interface(Context& ctx, const std::string& client) {
  const auto& interfaces = ctx.position().interfaces;
  const auto optical = interfaces.find("optical");
  return optical != interfaces.end() && optical->second.clients.contains(client) ? "optical"
                                                                                 : "tcp";
}

std::optional<RegisterPoint> read_register(Context& ctx, const Target& target,
                                           const std::string& client) {
  const auto pulses = [&] {
    return ctx.pulses().position(Deadline::after(k_pulse_count_answer)).next_index;
  };
  const Deadline deadline = Deadline::after(k_register_answer);
  RegisterPoint point;
  auto session = target.meter().session(quiet_interface(ctx, client), client, deadline, ctx.stop());
  if (!session) return std::nullopt;
  const auto name =
      cosem::LogicalName::parse(ctx.type().register_energy).value_or(cosem::names::k_active_import);
  point.pulses_before = pulses();
  const auto energy = cosem::read_register(*session, name, deadline, ctx.stop());
  point.pulses_after = pulses();
  (void)session->close(deadline, ctx.stop());
  if (!energy) return std::nullopt;
  point.wh = energy->value();
  return point;
}

struct MeasuredRuns {
  std::vector<ErrorRun> errors;
  std::optional<PulseTestResult> worst;  // the run of the largest error
  std::string flaw;                      // pulses that were missing or irregular
};

MeasuredRuns measure_runs(Context& ctx, const PulseTest& test, int repeats,
                          const std::string& prefix) {
  MeasuredRuns runs;
  for (int repeat = 1; repeat <= repeats; ++repeat) {
    ctx.step(fmt::format("{} run {} of {}", prefix, repeat, repeats));
    PulseTestResult result = run_pulse_test(ctx, test);
    attach_evidence(ctx, result, fmt::format("{}_{}_", prefix, repeat));
    if (!result.complete() || !result.regular() || !result.estimate) {
      runs.flaw =
          fmt::format("run {}: {} of {} edges, {} irregular", repeat, result.edges.size(),
                      result.wanted, result.estimate ? result.estimate->fit.irregular.size() : 0);
      return runs;
    }
    runs.errors.push_back(
        {result.estimate->error_percent, result.estimate->budget.expanded_resolution()});
    if (!runs.worst ||
        std::abs(result.estimate->error_percent) > std::abs(runs.worst->estimate->error_percent)) {
      runs.worst = std::move(result);
    }
  }
  return runs;
}

void accuracy_under_attack(Context& ctx) {
  Target target(ctx, "tcp");
  const bench::MeterType& type = ctx.type();
  const AttackedRuns plan = attacked_runs(ctx);
  const auto limit = limit_for(type, PowerFactor{}, type.maximum_current);
  if (!limit) {
    ctx.skip(fmt::format("no limit is known for {} class {}", type.standard, type.accuracy_class));
    return;
  }
  const devices::Load load = devices::balanced_load(type.phases, type.nominal_voltage,
                                                    type.maximum_current, {0}, type.frequency);
  fixtures::BotnetOptions options = flood_options(target, plan.level);
  options.sources = fixtures::attack_addresses(options.host, plan.level.bots).bots;
  const std::string client = target.client_with("hls_gmac");
  target.control_before(client);
  const std::string with_password = guessed_password_client(target);
  if (!with_password.empty()) target.control_before(with_password);

  const devices::Energised held = ctx.energise(load);
  ctx.wait(settling_time(ctx));
  PulseTest test = pulse_test_for(ctx, load, *limit);
  test.least_time = plan.each;

  const MeasuredRuns quiet = measure_runs(ctx, test, plan.repeats, "quiet");
  ctx.require(quiet.flaw.empty(), "quiet_pulses", quiet.flaw);
  const auto register_before = read_register(ctx, target, client);
  ctx.control_before("register_readable", register_before.has_value(),
                     quiet_interface(ctx, client));

  MeasuredRuns attacked;
  std::optional<RegisterPoint> register_during;
  fixtures::BotnetReport report;
  {
    fixtures::Botnet botnet(ctx.resource<bench::AddressGuard>(), std::move(options));
    ctx.wait(harness::WallDuration(k_attack_builds_up));
    attacked = measure_runs(ctx, test, plan.repeats, "attacked");
    register_during = read_register(ctx, target, client);
    report = botnet.stop();
  }
  ctx.attach("botnet.json", to_json(report, plan.level), "what the botnet did");
  ctx.property("botnet", to_string(report));
  const std::string missing = shortfall(report, plan.level);
  ctx.require(missing.empty(), "stimulus_achieved", missing.empty() ? to_string(report) : missing);
  // Bots that stopped by themselves would have left the last measurements quiet.
  ctx.require(report.seconds < std::chrono::duration<double>(plan.level.duration).count(),
              "attack_outlasted_the_measurement", to_string(report));
  ctx.exercised(fmt::format("{} bots, {} connections/s, at Imax and PF 1", plan.level.bots,
                            plan.level.connections_per_second));

  if (!ctx.expect(attacked.flaw.empty(), "pulses_go_on",
                  attacked.flaw.empty() ? "complete and regular" : attacked.flaw)) {
    return;
  }
  ctx.property("error_quiet_percent", fmt::format("{:.4f}", mean_error(quiet.errors)));
  ctx.property("error_attacked_percent", fmt::format("{:.4f}", mean_error(attacked.errors)));
  ctx.measure(accuracy_shift(quiet.errors, attacked.errors, limit->percent));
  harness::Measurement worst = percentage_error_measurement(*attacked.worst->estimate, *limit);
  worst.name = "error_under_attack";
  ctx.measure(worst);

  ctx.property("register_read", register_during ? "while the bots attacked" : "after the attack");
  const auto register_after =
      register_during ? register_during : read_register(ctx, target, client);
  const std::string strays =
      register_after ? register_strays(*register_before, *register_after,
                                       type.register_resolution_wh, type.constant)
                     : "the register could not be read, neither during nor after the attack";
  ctx.expect(strays.empty(), "register_follows_pulses",
             strays.empty()
                 ? fmt::format("{} Wh under attack", register_after->wh - register_before->wh)
                 : strays);
  target.control_after(client);
  // Also ends the row of failures that the guesses began.
  if (!with_password.empty()) target.control_after(with_password);
}

const harness::Registration k_sec_res_001{security_procedure(
    "SEC_RES_001",
    [](harness::Procedure& p) {
      p.suite = "resilience";
      p.needs = {"protocol.dlms", "auth.hls_gmac", "interface.tcp", "source", "reference", "pulse"};
      p.declaration.supply = harness::Supply::load;
      p.declaration.changes_supply = true;
      p.declaration.interfaces = {"tcp", "optical"};
      p.declaration.disturbs = harness::Disturbs::communication;
      p.declaration.consumes = {"invocation_counter"};
      p.declaration.real_time = true;
      p.variants = {{"imax_pf1", "at Imax, PF 1, under the flood of SEC_BOT_001", {}}};
      p.not_exercised = {{"Iref, Imin, PF 0.5 and no load", "one load point in this slice"},
                         {"attacks NET-002..010, APDU-007, HDLC-002, FW-004", "not in this slice"}};
      p.mutants = {{"MUT_RES_001", "accuracy_shift", {}}};
    },
    accuracy_under_attack)};

}  // namespace
}  // namespace meterproof::suites
