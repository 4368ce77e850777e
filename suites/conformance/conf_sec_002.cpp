// Pass 3 of HLS: the reply to the meter's challenge must be the reply of this client to this
// challenge. Replayed challenges and rights before pass 3: SEC_AUTH_007, 009, 011.
#include "devices/cosem/hls.hpp"
#include "harness/catalogue.hpp"
#include "suites/conformance/appl_check.hpp"

namespace meterproof::suites::conf_sec_002 {
namespace {

namespace a = answer;
using cosem::Bytes;

constexpr const char* k_hls = "9.2.7.4";

// The octets of f(StoC) out of the honest request, changed and put back.
void with_reply(ApplProbe& probe, const std::function<void(ApplProbe&, Bytes&)>& change,
                bool accepted) {
  Context& ctx = probe.target().context();
  cosem::Client& session = probe.session();
  const auto deadline = [&] { return probe.target().deadline(); };
  const auto opened = session.associate(deadline(), ctx.stop());
  ctx.control_before("challenged", opened.has_value(), said(opened));
  session.interceptors().apdu_out = [&](Bytes& apdu) {
    auto decoded = cosem::decode_apdu(apdu);
    auto* action = decoded ? std::get_if<cosem::ActionRequestNormal>(&*decoded) : nullptr;
    if (action == nullptr || !action->parameters) return;
    const auto octets = action->parameters->octets();
    if (!octets) return;
    Bytes token(octets->begin(), octets->end());
    change(probe, token);
    action->parameters = cosem::octet_string(token);
    apdu = cosem::encode_apdu(*action);
  };
  const auto proven = session.authenticate(deadline(), ctx.stop());
  session.interceptors().apdu_out = {};
  if (accepted) {
    ctx.expect(proven.has_value(), "right_reply_accepted", said(proven));
    return;
  }
  ctx.expect(!proven.has_value(), "wrong_reply_refused", said(proven));
  const auto read = session.get(objects::energy(probe.target().type()), deadline(), ctx.stop());
  ctx.expect(!read.has_value(), "no_rights_after", said(read));
}

ApplCheck reply(std::string name, std::string title, std::function<void(ApplProbe&, Bytes&)> change,
                bool accepted = false) {
  return {std::move(name),
          "HLS pass 3: " + std::move(title),
          k_hls,
          Before::connected,
          {},
          0,
          {},
          [change = std::move(change), accepted](ApplProbe& probe) {
            with_reply(probe, change, accepted);
          }};
}

// f over the client's own challenge, as a meter that mixes the two would take it.
void over_own_challenge(ApplProbe& probe, Bytes& token) {
  const cosem::ClientSettings& settings = probe.session().association().settings();
  const auto title = cosem::system_title_from(settings.system_title);
  std::uint32_t counter = 0;
  for (std::size_t i = 1; i < 5; ++i)
    counter = counter << 8 | std::to_integer<std::uint32_t>(token[i]);
  if (!title || !settings.keys) return;
  const auto other = cosem::hls_gmac_token(*settings.keys, *title, counter, settings.challenge);
  if (other) token = *other;
}

std::vector<ApplCheck> checks() {
  return {
      reply(
          "right", "the right reply", [](ApplProbe&, Bytes&) {}, true),
      reply("tag_bit", "one bit of the tag wrong",
            [](ApplProbe&, Bytes& token) { token.back() ^= std::byte{1}; }),
      reply("cut", "the reply less its last octet",
            [](ApplProbe&, Bytes& token) { token.pop_back(); }),
      reply("longer", "the reply and one octet more",
            [](ApplProbe&, Bytes& token) { token.push_back(std::byte{0}); }),
      reply("empty", "an empty reply", [](ApplProbe&, Bytes& token) { token.clear(); }),
      reply("counter", "the reply under another invocation counter",
            [](ApplProbe&, Bytes& token) { token[4] ^= std::byte{1}; }),
      reply("control", "the reply with security control 30",
            [](ApplProbe&, Bytes& token) { token[0] = std::byte{0x30}; }),
      reply("own_challenge", "the reply to the client's own challenge", over_own_challenge),
  };
}

const harness::Registration k_registration{
    appl_procedure({.id = "CONF_SEC_002",
                    .title = "Security: the HLS reply",
                    .objective = "only the right reply to this challenge opens the association",
                    .severity = harness::Severity::critical,
                    .not_exercised = {{"HLS 2, 3, 4, 6 and 7", "the type declares no such client"}},
                    .mutants = {{"CONF_SEC_REPLY", "wrong_reply_refused", {"own_challenge"}}}},
                   "hls_gmac", checks())};

}  // namespace
}  // namespace meterproof::suites::conf_sec_002
