// A recorded log-in is played back by somebody without the keys: in the same boot, and after a
// power cut at the same ordinal position, where a meter with a repeating challenge would see what
// it expects.
#include <fmt/format.h>

#include "harness/catalogue.hpp"
#include "suites/security/catalogue_entry.hpp"
#include "suites/security/target.hpp"

namespace meterproof::suites {
namespace {

// What a wire tap sees of one legitimate session: AARQ, pass 3, a protected GET.
struct RecordedLogin {
  std::vector<cosem::Bytes> sent;
  std::vector<cosem::Bytes> received;
};

RecordedLogin record_login(Target& target, const std::string& client) {
  Context& ctx = target.context();
  RecordedLogin tap;
  auto session = target.connect(client);
  ctx.require(session.has_value(), "connected", said(session));
  session->interceptors().ciphered_out = [&](cosem::Bytes& apdu) { tap.sent.push_back(apdu); };
  session->interceptors().ciphered_in = [&](cosem::Bytes& apdu) { tap.received.push_back(apdu); };
  const auto associated = session->associate(target.deadline(), ctx.stop());
  ctx.require(associated.has_value(), "recorded_passes_1_and_2", said(associated));
  const auto authenticated = session->authenticate(target.deadline(), ctx.stop());
  ctx.require(authenticated.has_value(), "recorded_passes_3_and_4", said(authenticated));
  const auto value = session->get(objects::energy(ctx.type()), target.deadline(), ctx.stop());
  ctx.require(value.has_value(), "recorded_get", said(value));
  session->interceptors() = {};
  ctx.require(tap.sent.size() == 3 && tap.received.size() == 3, "recording_is_whole",
              fmt::format("{} sent, {} received", tap.sent.size(), tap.received.size()));
  return tap;  // hangs up without a release, as a tap would not see more
}

bool same_kind(const cosem::Bytes& recorded, const harness::Result<cosem::Bytes>& answer) {
  // A refusal is an exception-response or an AARE that rejects; success is an answer of the
  // recorded kind and length.
  return answer && !answer->empty() && !recorded.empty() && answer->front() == recorded.front() &&
         answer->size() == recorded.size();
}

void play_back(Target& target, const std::string& client, const RecordedLogin& tap,
               const std::string& form) {
  Context& ctx = target.context();
  auto session = target.connect(client);
  ctx.require(session.has_value(), "attacker_connected", said(session));
  std::vector<bool> accepted;
  for (std::size_t i = 0; i < tap.sent.size(); ++i) {
    const auto answer = session->raw_exchange(tap.sent[i], target.deadline(), ctx.stop());
    accepted.push_back(same_kind(tap.received[i], answer));
  }
  (void)session->disconnect_transport(target.deadline(), ctx.stop());
  ctx.exercised(form);
  ctx.property("aarq_answered_as_recorded", accepted[0] ? "yes" : "no");
  ctx.expect(
      !accepted[1] && !accepted[2], "recorded_login_is_refused",
      fmt::format("{}: pass 3 {}, protected GET {}", form, accepted[1] ? "accepted" : "refused",
                  accepted[2] ? "answered" : "refused"));
}

void power_cut(Context& ctx, Target& target, const std::string& client) {
  ctx.step("power cut");
  devices::Energised dark = ctx.energise(devices::Load{});
  ctx.wait(harness::BenchDuration::from_seconds(1));
  // A source that only says it is dark, or a meter that lives on its reserve, was not cut off.
  ctx.require(!target.connect(client), "meter_is_dark", "it still takes connections");
  ctx.release(std::move(dark));
  ctx.step("waiting for the meter to boot");
  const harness::Deadline patience =
      harness::Deadline::after(ctx.type().boot * 4 + std::chrono::seconds(10));
  // A probe that changes nothing an attacker could not change: a transport connection.
  while (!target.connect(client) && !patience.passed())
    ctx.wait(harness::WallDuration(std::chrono::milliseconds(50)));
}

void replayed_login(Context& ctx) {
  Target target(ctx, "tcp");
  const std::string client = target.client_with("hls_gmac");
  const devices::Energised held = ctx.energise(devices::balanced_load(
      ctx.type().phases, ctx.type().nominal_voltage, {0}, {0}, ctx.type().frequency));
  if (ctx.variant() == "same_boot") {
    target.control_before(client);
    ctx.step("recording a legitimate log-in");
    const RecordedLogin tap = record_login(target, client);
    ctx.step("playing it back");
    play_back(target, client, tap, "same boot");
  } else {
    target.control_before(client);
    power_cut(ctx, target, client);
    ctx.step("recording the first log-in after boot");
    const RecordedLogin tap = record_login(target, client);
    power_cut(ctx, target, client);
    ctx.step("playing it back at the same ordinal position");
    play_back(target, client, tap, "after a power cut, first log-in after boot");
  }
  target.control_after(client);
}

const harness::Registration k_sec_auth_009{security_procedure(
    "SEC_AUTH_009",
    [](harness::Procedure& p) {
      p.needs = {"auth.hls_gmac", "source"};
      p.declaration.supply = harness::Supply::voltage;
      p.declaration.changes_supply = true;
      p.declaration.interfaces = {"tcp"};
      p.declaration.disturbs = harness::Disturbs::metering;
      p.declaration.consumes = {"invocation_counter"};
      p.declaration.real_time = true;
      p.variants = {{"same_boot", "HLS-5 GMAC, same boot", {}},
                    {"after_power_cut", "HLS-5 GMAC, after a power cut", {}}};
      for (const char* other :
           {"HLS-2", "HLS-3 MD5", "HLS-4 SHA-1", "HLS-6 SHA-256", "HLS-7 ECDSA"}) {
        p.not_exercised.push_back({other, "the client does not speak this mechanism yet"});
      }
      p.mutants = {{"MUT_AUTH_009", "recorded_login_is_refused", {"after_power_cut"}}};
    },
    replayed_login)};

}  // namespace
}  // namespace meterproof::suites
