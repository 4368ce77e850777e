// Requests whose codecs are not those of apdu.hpp, short names and ACCESS: the same gates as for
// GET, SET and ACTION, then their services.
#include <utility>

#include "devices/simulated/meter/access_service.hpp"
#include "devices/simulated/meter/application.hpp"
#include "devices/simulated/meter/defective_application.hpp"

namespace meterproof::simulated {
namespace {

constexpr cosem::DecodeLimits k_short_name_limits{8, 1000};

// HLS pass 3: the token, when the request is nothing but that.
const cosem::Data* token_of_pass_3(const cosem::ShortNameApdu& request) {
  const auto* read = std::get_if<cosem::ReadRequest>(&request);
  if (read == nullptr || read->variables.size() != 1) return nullptr;
  const auto* call = std::get_if<cosem::ParameterizedAccess>(&read->variables.front());
  return call != nullptr && call->name == cosem::k_reply_to_hls_name ? &call->parameter : nullptr;
}

cosem::Bytes answer_of_pass_3(cosem::ActionOutcome outcome) {
  cosem::ReadResult result = cosem::DataAccessResult::read_write_denied;
  if (outcome.result == cosem::ActionResult::success && outcome.returned) {
    if (auto* token = std::get_if<cosem::Data>(&*outcome.returned)) result = std::move(*token);
  }
  return cosem::encode_short_name(cosem::ReadResponse{{std::move(result)}});
}

}  // namespace

std::optional<cosem::Bytes> MeterApplication::answer_short_names(Session& session,
                                                                 const Request& request,
                                                                 Notifications& notifications) {
  if (session.phase == Session::Phase::none || (demands_protection(session) && !request.opened))
    return cosem::encode_apdu(operation_not_possible());
  auto decoded = cosem::decode_short_name(request.plain, k_short_name_limits);
  if (!decoded) {
    const bool unknown = decoded.error() == cosem::CosemError::bad_tag;
    return cosem::encode_apdu(unknown ? service_not_supported() : operation_not_possible());
  }
  spoil_short_name(policy_.application, *decoded);
  if (session.phase != Session::Phase::challenged)
    return short_names_.answer(session, *decoded, notifications);
  const cosem::Data* token = token_of_pass_3(*decoded);
  if (token == nullptr) {
    if (policy_.rights_before_pass_3) return short_names_.answer(session, *decoded, notifications);
    return cosem::encode_apdu(operation_not_possible());
  }
  const std::uint64_t fresh_from = request.opened            ? request.opened->fresh_from
                                   : session.keys != nullptr ? session.keys->next_received()
                                                             : 0;
  const auto outer =
      request.opened ? std::optional(request.opened->invocation_counter) : std::nullopt;
  auto outcome = login_.reply_to_hls(session, *token, fresh_from, outer, request.now);
  if (session.phase == Session::Phase::none) note(SecurityEvent::login_failed, request.now);
  return answer_of_pass_3(std::move(outcome));
}

std::optional<cosem::Bytes> MeterApplication::answer_access_request(Session& session,
                                                                    const Request& request,
                                                                    Notifications& notifications) {
  const bool weakly_open = policy_.rights_before_pass_3;
  const bool open = session.phase == Session::Phase::open ||
                    (session.phase == Session::Phase::challenged && weakly_open);
  if (!open || (demands_protection(session) && !request.opened))
    return cosem::encode_apdu(operation_not_possible());
  cosem::Bytes octets(request.plain.begin(), request.plain.end());
  spoil_access(policy_.application, octets);
  return answer_access(model_, session, octets, notifications);
}

void MeterApplication::serve_octets(Session& session, const Request& request, Outcome& outcome) {
  // A refused proof ends the session, but is told under the keys it had.
  Session as_asked = session.as_asked();
  Notifications notifications;
  const bool relay_before = plant_.relay_closed();
  auto plain = session.short_names ? answer_short_names(session, request, notifications)
                                   : answer_access_request(session, request, notifications);
  if (plant_.relay_closed() != relay_before) note(SecurityEvent::relay_operated, request.now);
  if (plain) answer_octets(as_asked, std::move(*plain), request, outcome);
  notify(session, notifications, outcome);
}

}  // namespace meterproof::simulated
