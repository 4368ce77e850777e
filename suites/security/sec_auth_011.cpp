// Between pass 2 and pass 3 of HLS nothing but the reply method is allowed, whoever asks and
// however protected.
#include <fmt/format.h>

#include "harness/catalogue.hpp"
#include "suites/security/catalogue_entry.hpp"
#include "suites/security/target.hpp"

namespace meterproof::suites {
namespace {

struct EarlyRequest {
  std::string name;
  cosem::Apdu apdu;
};

std::vector<EarlyRequest> early_requests(const bench::MeterType& type) {
  const cosem::Data forged = cosem::octet_string(cosem::to_bytes("forged"));
  std::vector<EarlyRequest> all{
      {"GET of the energy register", cosem::GetRequestNormal{.attribute = objects::energy(type)}},
      {"GET of the clock", cosem::GetRequestNormal{.attribute = objects::clock()}},
      {"GET of the load profile", cosem::GetRequestNormal{.attribute = objects::load_profile()}},
      {"GET of a writable object", cosem::GetRequestNormal{.attribute = objects::writable()}},
      {"SET of a writable object",
       cosem::SetRequestNormal{.attribute = objects::writable(), .value = forged}},
      {"ACTION push", cosem::ActionRequestNormal{.method = objects::push(),
                                                 .parameters = cosem::Data(std::int8_t{0})}}};
  return all;
}

bool gives_something(const cosem::Bytes& plain) {
  const auto decoded = cosem::decode_apdu(plain);
  if (!decoded) return false;
  if (const auto* get = std::get_if<cosem::GetResponseNormal>(&*decoded)) {
    return std::holds_alternative<cosem::Data>(get->result);
  }
  if (std::holds_alternative<cosem::GetResponseWithBlock>(*decoded)) return true;
  if (const auto* set = std::get_if<cosem::SetResponseNormal>(&*decoded)) {
    return set->result == cosem::DataAccessResult::success;
  }
  if (const auto* action = std::get_if<cosem::ActionResponseNormal>(&*decoded)) {
    return action->outcome.result == cosem::ActionResult::success;
  }
  return false;
}

void requests_before_pass_3(Context& ctx) {
  Target target(ctx, ctx.variant());
  const std::string client = target.client_with("hls_gmac");
  target.control_before(client);
  std::string served;
  int asked = 0;
  for (const EarlyRequest& request : early_requests(ctx.type())) {
    for (const bool ciphered : {false, true}) {
      ctx.step(request.name + (ciphered ? ", ciphered" : ", plain"));
      auto session = target.connect(client);
      ctx.require(session.has_value(), "connected", said(session));
      const auto pass_2 = session->associate(target.deadline(), ctx.stop());
      ctx.require(pass_2.has_value(), "pass_2", said(pass_2));
      session->accept_plain_answers(true);
      if (!ciphered) {
        session->interceptors().security_control = [](std::uint8_t& control) { control = 0; };
      }
      const auto answer =
          session->exchange(cosem::encode_apdu(request.apdu), target.deadline(), ctx.stop());
      ++asked;
      if (answer && gives_something(answer->plain)) {
        served += fmt::format("{}{} ({})", served.empty() ? "" : "; ", request.name,
                              ciphered ? "ciphered" : "plain");
      }
      (void)session->disconnect_transport(target.deadline(), ctx.stop());
    }
  }
  ctx.expect(served.empty(), "no_rights_before_pass_3",
             served.empty() ? fmt::format("{} requests refused", asked) : "served: " + served);
  ctx.exercised(fmt::format("{} requests, plain and under glo- ciphering", asked));

  ctx.step("a wrong pass 3 must end the association");
  auto session = target.connect(client);
  ctx.require(session.has_value(), "connected", said(session));
  const auto pass_2 = session->associate(target.deadline(), ctx.stop());
  ctx.require(pass_2.has_value(), "pass_2", said(pass_2));
  session->interceptors().apdu_out = [](cosem::Bytes& apdu) {
    apdu.back() ^= std::byte{1};  // the last octet of f(StoC)
  };
  const auto pass_3 = session->authenticate(target.deadline(), ctx.stop());
  session->interceptors() = {};
  ctx.expect(!pass_3, "wrong_pass_3_is_refused", said(pass_3));
  const auto after = session->exchange(
      cosem::encode_apdu(cosem::GetRequestNormal{.attribute = objects::energy(ctx.type())}),
      target.deadline(), ctx.stop());
  ctx.expect(!after || !gives_something(after->plain), "no_rights_after_a_wrong_pass_3",
             said(after));
  (void)session->disconnect_transport(target.deadline(), ctx.stop());
  ctx.exercised("GET after a wrong pass 3");
  target.control_after(client);
}

const harness::Registration k_sec_auth_011{security_procedure(
    "SEC_AUTH_011",
    [](harness::Procedure& p) {
      p.needs = {"auth.hls_gmac"};
      p.declaration.consumes = {"invocation_counter"};
      p.declaration.disturbs = harness::Disturbs::communication;
      p.variants = over_each_interface();
      p.not_exercised = {{"ACCESS service", "not built yet"},
                         {"ded- ciphering", "dedicated keys are not built yet"}};
      p.mutants = {{"MUT_AUTH_011", "no_rights_before_pass_3", {}}};
    },
    requests_before_pass_3)};

}  // namespace
}  // namespace meterproof::suites
