// What the meter says inside a protected association must be protected: data, refusals and pushes.
#include <fmt/format.h>

#include "harness/catalogue.hpp"
#include "suites/security/catalogue_entry.hpp"
#include "suites/security/target.hpp"

namespace meterproof::suites {
namespace {

void answers_are_protected(Context& ctx) {
  Target target(ctx, ctx.variant());
  const std::string client = target.client_with("hls_gmac");
  target.control_before(client);
  auto session = target.login(client);
  ctx.require(session.has_value(), "association", said(session));
  session->accept_plain_answers(true);

  const std::vector<std::pair<std::string, cosem::Apdu>> requests{
      {"GET of the energy register",
       cosem::GetRequestNormal{.attribute = objects::energy(ctx.type())}},
      {"GET of the clock", cosem::GetRequestNormal{.attribute = objects::clock()}},
      {"GET of an unknown object",
       cosem::GetRequestNormal{.attribute = {3, {{1, 0, 199, 8, 0, 255}}, 2}}},
      {"GET of an unknown attribute",
       cosem::GetRequestNormal{.attribute = {3, cosem::names::k_active_import, 99}}},
      {"SET of a read-only object",
       cosem::SetRequestNormal{.attribute = objects::energy(ctx.type()),
                               .value = cosem::Data(std::uint32_t{0})}}};
  std::string clear;
  for (const auto& [name, apdu] : requests) {
    ctx.step(name);
    const auto answer = session->exchange(cosem::encode_apdu(apdu), target.deadline(), ctx.stop());
    ctx.require(answer.has_value(), "answered", name + ": " + said(answer));
    // An exception-response has no protected form in suite 0; it may be plain, since it carries no
    // data.
    const bool exception = !answer->plain.empty() &&
                           answer->plain.front() == std::byte{cosem::tags::k_exception_response};
    const bool protected_fully =
        answer->was_ciphered &&
        answer->control == cosem::security_control::k_authenticated_encrypted;
    if (!protected_fully && !(exception && answer->plain.size() <= 7)) {
      clear += (clear.empty() ? "" : "; ") + name;
    }
    ctx.exercised(name);
  }
  ctx.expect(clear.empty(), "answers_are_protected",
             clear.empty() ? fmt::format("{} answers", requests.size()) : "in clear: " + clear);

  ctx.step("triggering a push");
  const auto pushed =
      session->action(objects::push(), cosem::Data(std::int8_t{0}), target.deadline(), ctx.stop());
  ctx.require(pushed.has_value(), "push_triggered", said(pushed));
  const auto notification = session->wait_notification(target.deadline(), ctx.stop());
  ctx.require(notification.has_value(), "push_received", said(notification));
  ctx.expect(notification->was_ciphered &&
                 notification->control == cosem::security_control::k_authenticated_encrypted,
             "push_is_protected",
             notification->was_ciphered
                 ? fmt::format("security control {:02x}", notification->control)
                 : "data-notification in clear: " + cosem::to_hex(notification->octets));
  ctx.exercised("push of a data-notification");
  (void)session->close(target.deadline(), ctx.stop());
  target.control_after(client);
}

const harness::Registration k_sec_dlms_016{security_procedure(
    "SEC_DLMS_016",
    [](harness::Procedure& p) {
      p.needs = {"auth.hls_gmac"};
      p.declaration.consumes = {"invocation_counter"};
      p.declaration.disturbs = harness::Disturbs::communication;
      p.variants = over_each_interface();
      p.not_exercised = {
          {"event-notification", "the meters of the bench send none"},
          {"push to a destination of its own", "pushes come on the connection that asked"}};
      p.mutants = {{"MUT_DLMS_016", "push_is_protected", {}}};
    },
    answers_are_protected)};

}  // namespace
}  // namespace meterproof::suites
