#include "suites/conformance/appl_check.hpp"

#include <algorithm>

#include "suites/conformance/liveness.hpp"

namespace meterproof::suites {
namespace {

constexpr const char* k_standard = "IEC 62056-5-3 (DLMS UA 1000-2 Ed. 8)";

void ask(Context& ctx, ApplProbe& probe, const ApplCheck& check) {
  const bool silence_allowed = (check.accepted & answer::k_silence) != 0;
  const auto came = probe.send(check.stimulus(probe), !silence_allowed);
  const unsigned kind = answer_kind(came);
  const bool accepted =
      ctx.expect((kind & check.accepted) != 0, "answer",
                 answer_text(kind) + (came ? " (" + cosem::to_hex(*came).substr(0, 80) + ")" : "") +
                     "; accepted: " + answer_text(check.accepted));
  if (!accepted || !check.contents || !came) return;
  const std::string wrong = check.contents(*came);
  ctx.expect(wrong.empty(), "contents", wrong.empty() ? "as asked" : wrong);
}

void run_appl_check(Context& ctx, const std::string& authentication, const ApplCheck& check) {
  auto* meter = dynamic_cast<devices::DlmsMeter*>(&ctx.meter());
  ctx.require(meter != nullptr, "meter_speaks_dlms", "");
  Target target(ctx, meter->home_interface());
  const std::string client = target.client_with(authentication);
  ctx.property("clause", std::string(k_standard) + ", " + check.clause);
  LifeControl life(target, client);
  {
    ApplProbe probe(target, client);
    if (check.before == Before::associated && !check.judge) probe.associate();
    ctx.step(check.title);
    if (check.judge) {
      check.judge(probe);
    } else {
      ask(ctx, probe, check);
    }
    ctx.exercised(check.title);
    (void)probe.session().disconnect_transport(target.deadline(), ctx.stop());
  }
  life.after(check.name);
}

}  // namespace

harness::Procedure appl_procedure(harness::Procedure declared, std::string authentication,
                                  std::vector<ApplCheck> checks) {
  declared.suite = "conformance";
  declared.needs = {"auth." + authentication, "protocol.dlms"};
  declared.declaration.supply = harness::Supply::voltage;
  declared.declaration.disturbs = harness::Disturbs::communication;
  if (authentication == "hls_gmac") declared.declaration.consumes = {"invocation_counter"};
  declared.variants.clear();
  for (const ApplCheck& check : checks) {
    declared.variants.push_back({check.name, check.title, {}});
    const bool listed =
        std::any_of(declared.clauses.begin(), declared.clauses.end(),
                    [&](const harness::Clause& clause) { return clause.number == check.clause; });
    if (!listed) declared.clauses.push_back({k_standard, check.clause});
  }
  declared.body = [authentication = std::move(authentication),
                   checks = std::move(checks)](harness::Context& base) {
    Context ctx(base);
    const auto found = std::find_if(checks.begin(), checks.end(), [&](const ApplCheck& check) {
      return check.name == ctx.variant();
    });
    run_appl_check(ctx, authentication, *found);
  };
  return declared;
}

}  // namespace meterproof::suites
