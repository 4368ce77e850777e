// Nobody without authority may move the supply relay: not without an association, not as the public
// or reading client, not with a wrong key, not by a replay.
#include <fmt/format.h>

#include "harness/catalogue.hpp"
#include "suites/security/catalogue_entry.hpp"
#include "suites/security/target.hpp"

namespace meterproof::suites {
namespace {

struct RelayAttempt {
  std::string name;
  std::function<void()> attack;
};

cosem::Bytes disconnect_request() {
  return cosem::encode_apdu(cosem::ActionRequestNormal{.method = objects::remote_disconnect(),
                                                       .parameters = cosem::Data(std::int8_t{0})});
}

cosem::Bytes output_state_request() {
  return cosem::encode_apdu(cosem::SetRequestNormal{
      .attribute = {70, cosem::names::k_disconnect_control, 2}, .value = cosem::Data(false)});
}

// Each request on a connection of its own: after the first one a meter may have hung up.
void send_each(Target& target, const std::function<harness::Result<cosem::Client>()>& connection) {
  Context& ctx = target.context();
  for (const cosem::Bytes& request : {disconnect_request(), output_state_request()}) {
    auto session = connection();
    ctx.require(session.has_value(), "attacker_connected", said(session));
    (void)session->raw_exchange(request, target.deadline(), ctx.stop());
    (void)session->disconnect_transport(target.deadline(), ctx.stop());
  }
}

void move_the_relay(Context& ctx) {
  Target target(ctx, ctx.variant());
  const std::string manager = target.client_with("hls_gmac");
  target.control_before(manager);
  const auto relay = [&] { return target.meter().relay_closed(target.deadline(), ctx.stop()); };
  const auto before = relay();
  ctx.control_before("relay_is_closed", before && before->value_or(false),
                     "the supply must be connected to begin with: " + said(before));
  const auto closed = [&] {
    const harness::Deadline longest = target.patience();
    auto state = relay();
    while (!state && !longest.passed()) {
      ctx.wait(harness::WallDuration(std::chrono::milliseconds(250)));
      state = relay();
    }
    ctx.must_recover("relay_state_read", state && state->has_value(), said(state));
    return **state;
  };

  std::vector<RelayAttempt> attempts{
      {"disconnect and output_state without any association",
       [&] { send_each(target, [&] { return target.connect(manager); }); }},
      {"disconnect and output_state in the middle of HLS (after pass 2)",
       [&] {
         send_each(target, [&] {
           auto session = target.connect(manager);
           if (!session) return session;
           const auto pass_2 = session->associate(target.deadline(), ctx.stop());
           ctx.require(pass_2.has_value(), "pass_2", said(pass_2));
           return session;
         });
       }},
      {"disconnect with a wrong key", [&] {
         cosem::ClientSettings settings = target.settings(manager);
         settings.keys->encryption[0] ^= std::byte{1};
         auto session = target.connect(manager, settings);
         ctx.require(session.has_value(), "attacker_connected", said(session));
         (void)session->associate(target.deadline(), ctx.stop());
         (void)session->exchange(disconnect_request(), target.deadline(), ctx.stop());
         (void)session->disconnect_transport(target.deadline(), ctx.stop());
       }}};
  for (const char* authentication : {"none", "lls"}) {
    const std::string client = target.client_with(authentication);
    if (client.empty()) continue;
    attempts.push_back({"disconnect and output_state as client '" + client + "'",
                        [&, client] { send_each(target, [&] { return target.login(client); }); }});
  }
  // The permission to change the unit's state is used here: the recording needs one legitimate
  // disconnect and reconnect.
  cosem::Bytes recorded;
  {
    auto session = target.login(manager);
    ctx.require(session.has_value(), "association", said(session));
    session->interceptors().ciphered_out = [&](cosem::Bytes& apdu) {
      if (recorded.empty()) recorded = apdu;
    };
    const auto off = session->action(objects::remote_disconnect(), cosem::Data(std::int8_t{0}),
                                     target.deadline(), ctx.stop());
    const auto on = session->action(objects::remote_reconnect(), cosem::Data(std::int8_t{0}),
                                    target.deadline(), ctx.stop());
    ctx.control_before("authorised_disconnect_and_reconnect", off && on,
                       said(off) + ", " + said(on));
    (void)session->close(target.deadline(), ctx.stop());
  }
  attempts.push_back({"replay of a recorded disconnect", [&] {
                        cosem::Client session = target.login_again(manager);
                        (void)session.raw_exchange(recorded, target.deadline(), ctx.stop());
                        (void)session.disconnect_transport(target.deadline(), ctx.stop());
                      }});

  std::string moved;
  bool stays_open = false;
  for (const RelayAttempt& attempt : attempts) {
    ctx.step(attempt.name);
    attempt.attack();
    ctx.exercised(attempt.name);
    if (closed()) continue;
    moved += (moved.empty() ? "" : "; ") + attempt.name;
    auto session = target.login(manager);
    if (session) {
      (void)session->action(objects::remote_reconnect(), cosem::Data(std::int8_t{0}),
                            target.deadline(), ctx.stop());
      (void)session->close(target.deadline(), ctx.stop());
    }
    stays_open = !closed();
    if (stays_open) break;
  }
  ctx.expect(moved.empty(), "relay_does_not_move",
             moved.empty() ? fmt::format("{} attempts", attempts.size()) : "opened: " + moved);
  if (stays_open) ctx.property("left_behind", "the relay could not be closed again");
  target.control_after(manager);
}

const harness::Registration k_sec_acl_003{security_procedure(
    "SEC_ACL_003",
    [](harness::Procedure& p) {
      p.needs = {"auth.hls_gmac", "relay"};
      p.declaration.consumes = {"invocation_counter", "relay_cycle"};
      p.declaration.disturbs = harness::Disturbs::metering;
      p.variants = over_each_interface();
      p.not_exercised = {
          {"contact sensed electrically",
           "the bench has no sense input; the state is read over DLMS"},
          {"script table, schedules, limiter, demand response", "these objects are not built yet"}};
      p.mutants = {{"MUT_ACL_003", "relay_does_not_move", {}}};
    },
    move_the_relay)};

}  // namespace
}  // namespace meterproof::suites
