// Inside an established ciphered association plain requests must be refused, the first one and
// every later one.
#include <fmt/format.h>

#include "devices/cosem/classes/obis_name.hpp"
#include "harness/catalogue.hpp"
#include "suites/security/catalogue_entry.hpp"
#include "suites/security/target.hpp"

namespace meterproof::suites {
namespace {

struct PlainRequest {
  std::string name;
  cosem::Apdu apdu;
};

// True when the meter did what was asked: data, success, or a first block.
bool served(const harness::Result<cosem::Client::Answer>& answer) {
  if (!answer) return false;
  const auto decoded = cosem::decode_apdu(answer->plain);
  if (!decoded) return false;
  if (const auto* get = std::get_if<cosem::GetResponseNormal>(&*decoded)) {
    return std::holds_alternative<cosem::Data>(get->result);
  }
  if (const auto* block = std::get_if<cosem::GetResponseWithBlock>(&*decoded)) {
    return std::holds_alternative<cosem::Bytes>(block->result);
  }
  if (const auto* set = std::get_if<cosem::SetResponseNormal>(&*decoded)) {
    return set->result == cosem::DataAccessResult::success;
  }
  const auto* action = std::get_if<cosem::ActionResponseNormal>(&*decoded);
  return action && action->outcome.result == cosem::ActionResult::success;
}

void plain_requests(Context& ctx) {
  Target target(ctx, ctx.variant());
  const std::string client = target.client_with("hls_gmac");
  target.control_before(client);

  const cosem::Data good = cosem::octet_string(cosem::to_bytes("before"));
  {
    auto session = target.login(client);
    ctx.require(session.has_value(), "association", said(session));
    const auto written = session->set(objects::writable(), good, target.deadline(), ctx.stop());
    ctx.control_before("ciphered_set", written.has_value(), said(written));
    (void)session->close(target.deadline(), ctx.stop());
  }
  const std::vector<PlainRequest> requests{
      {"GET", cosem::GetRequestNormal{.attribute = objects::energy(ctx.type())}},
      {"SET", cosem::SetRequestNormal{.attribute = objects::writable(),
                                      .value = cosem::octet_string(cosem::to_bytes("forged"))}},
      {"ACTION", cosem::ActionRequestNormal{.method = objects::push(),
                                            .parameters = cosem::Data(std::int8_t{0})}},
      {"block continuation", cosem::GetRequestNext{.block_number = 1}}};
  std::string accepted;
  for (const PlainRequest& request : requests) {
    for (const bool later : {false, true}) {
      ctx.step(request.name + (later ? ", plain after a ciphered request" : ", plain at once"));
      auto session = target.login(client);
      ctx.require(session.has_value(), "association", said(session));
      if (later || request.name == "block continuation") {
        // The load profile is long enough for a first block, so that the continuation has something
        // to go on with.
        const auto first = session->exchange(
            cosem::encode_apdu(cosem::GetRequestNormal{
                .attribute = request.name == "block continuation" ? objects::load_profile()
                                                                  : objects::clock()}),
            target.deadline(), ctx.stop());
        ctx.require(first.has_value(), "ciphered_request", said(first));
      }
      session->accept_plain_answers(true);
      session->interceptors().security_control = [](std::uint8_t& control) { control = 0; };
      const auto answer =
          session->exchange(cosem::encode_apdu(request.apdu), target.deadline(), ctx.stop());
      const std::string form =
          "plain " + request.name + (later ? " after a ciphered request" : " at once");
      if (served(answer)) accepted += (accepted.empty() ? "" : "; ") + form;
      ctx.exercised(form);
      (void)session->disconnect_transport(target.deadline(), ctx.stop());
    }
  }
  cosem::Client session = target.login_again(client);
  const auto value = session.get(objects::writable(), target.deadline(), ctx.stop());
  ctx.must_recover("reading_back", value.has_value(), said(value));
  (void)session.close(target.deadline(), ctx.stop());
  ctx.expect(accepted.empty(), "plain_request_refused",
             accepted.empty() ? "none was served" : "served: " + accepted);
  ctx.expect(*value == good, "no_state_change",
             cosem::classes::describe(objects::writable()) + " holds " + cosem::to_string(*value));
  target.control_after(client);
}

const harness::Registration k_sec_dlms_001{security_procedure(
    "SEC_DLMS_001",
    [](harness::Procedure& p) {
      p.needs = {"auth.hls_gmac"};
      p.declaration.consumes = {"invocation_counter"};
      p.declaration.disturbs = harness::Disturbs::communication;
      p.variants = over_each_interface();
      p.not_exercised = {{"ACCESS, READ and WRITE services", "not built yet"},
                         {"plain user-information in the AARQ", "the client ciphers it always"}};
      p.mutants = {{"MUT_DLMS_001", "plain_request_refused", {}}};
    },
    plain_requests)};

}  // namespace
}  // namespace meterproof::suites
