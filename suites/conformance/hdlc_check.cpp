#include "suites/conformance/hdlc_check.hpp"

#include <algorithm>

#include "suites/conformance/liveness.hpp"

namespace meterproof::suites {
namespace {

using hdlc::FrameKind;

unsigned reaction_of(const Reaction& reaction) {
  if (reaction.silent()) return reaction::k_silence;
  switch (reaction.kind()) {
    case FrameKind::disconnected_mode:
      return reaction::k_dm;
    case FrameKind::unnumbered_acknowledge:
      return reaction::k_ua;
    case FrameKind::frame_reject:
      return reaction::k_frmr;
    case FrameKind::receive_ready:
      return reaction::k_rr;
    case FrameKind::information:
      return reaction::k_i;
    default:
      return 0;
  }
}

std::string accepted_text(unsigned accepted) {
  static const std::pair<unsigned, const char*> k_names[] = {
      {reaction::k_silence, "silence"}, {reaction::k_dm, "DM"}, {reaction::k_ua, "UA"},
      {reaction::k_frmr, "FRMR"},       {reaction::k_rr, "RR"}, {reaction::k_i, "I"}};
  std::string text;
  for (const auto& [bit, name] : k_names) {
    if ((accepted & bit) != 0) text += (text.empty() ? "" : " or ") + std::string(name);
  }
  return text;
}

void stimulate(Context& ctx, HdlcProbe& probe, const HdlcCheck& check) {
  const hdlc::Bytes octets = check.stimulus(probe);
  const bool silence_allowed = (check.accepted & reaction::k_silence) != 0;
  const Reaction answer = probe.send(octets, !silence_allowed);
  ctx.expect((reaction_of(answer) & check.accepted) != 0, "reaction",
             answer.text() + "; accepted: " + accepted_text(check.accepted));
  if (check.after == After::either) return;
  const bool connected = probe.connected();
  ctx.expect(connected == (check.after == After::connected), "state_after",
             connected ? "connected" : "disconnected");
}

void run_check(Context& ctx, const HdlcCheck& check) {
  Target target(ctx, "optical");
  const std::string client = target.client_with("none");
  ctx.property("clause", check.clause.standard + ", " + check.clause.number);
  LifeControl life(target, client);
  {
    HdlcProbe probe(target, client);
    ctx.step("the state before: " + std::string(check.connected ? "connected" : "disconnected"));
    if (check.connected) {
      ctx.control_before("connects", probe.connect(), "SNRM answered by UA");
    } else {
      const Reaction answer = probe.send(probe.unnumbered(FrameKind::disconnect), true);
      ctx.control_before(
          "disconnected",
          answer.has(FrameKind::disconnected_mode) || answer.has(FrameKind::unnumbered_acknowledge),
          "DISC answered by " + answer.text());
    }
    ctx.step(check.title);
    if (check.judge) {
      check.judge(probe);
    } else {
      stimulate(ctx, probe, check);
    }
    ctx.exercised(check.title);
    (void)probe.send(probe.unnumbered(FrameKind::disconnect), false);
  }
  life.after(check.name);
}

}  // namespace

harness::Procedure hdlc_procedure(harness::Procedure declared, std::vector<HdlcCheck> checks) {
  declared.suite = "conformance";
  declared.needs = {"auth.none", "protocol.dlms"};
  declared.declaration.supply = harness::Supply::voltage;
  declared.declaration.interfaces = {"optical"};
  declared.declaration.disturbs = harness::Disturbs::communication;
  declared.variants.clear();
  for (const HdlcCheck& check : checks) {
    declared.variants.push_back({check.name, check.title, {}});
    const bool listed = std::any_of(
        declared.clauses.begin(), declared.clauses.end(), [&](const harness::Clause& clause) {
          return clause.standard == check.clause.standard && clause.number == check.clause.number;
        });
    if (!listed) declared.clauses.push_back(check.clause);
  }
  declared.body = [checks = std::move(checks)](harness::Context& base) {
    Context ctx(base);
    const auto found = std::find_if(checks.begin(), checks.end(), [&](const HdlcCheck& check) {
      return check.name == ctx.variant();
    });
    run_check(ctx, *found);
  };
  return declared;
}

}  // namespace meterproof::suites
