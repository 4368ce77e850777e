#include "devices/simulated/meter/application.hpp"

#include <algorithm>
#include <utility>

#include "devices/cosem/access.hpp"
#include "devices/simulated/meter/class_ids.hpp"
#include "devices/simulated/meter/declared_objects.hpp"
#include "devices/simulated/meter/defective_application.hpp"
#include "devices/simulated/meter/pre_established.hpp"

namespace meterproof::simulated {
namespace {

using cosem::Bytes;
using cosem::BytesView;
using cosem::Data;

constexpr cosem::DecodeLimits k_request_limits{8, 1000};
constexpr std::size_t k_receive_buffer = 4096;
constexpr std::size_t k_octets_beyond = 64;
constexpr std::size_t k_shelf_rows = 960;  // ten days
// Writing one entry of a log to flash, when it is done at once for every failed login.
constexpr std::chrono::milliseconds k_flash_write{40};

std::uint8_t first_octet(BytesView apdu) { return std::to_integer<std::uint8_t>(apdu.front()); }

bool replies_to_hls(const cosem::Apdu& apdu) {
  const auto* action = std::get_if<cosem::ActionRequestNormal>(&apdu);
  if (action == nullptr) return false;
  const auto& name = action->method.instance.groups;
  return action->method.class_id == k_class_association && action->method.method == 1 &&
         name[0] == 0 && name[1] == 0 && name[2] == 40;
}

bool denied(const cosem::Apdu& answer) {
  if (const auto* set = std::get_if<cosem::SetResponseNormal>(&answer))
    return set->result == cosem::DataAccessResult::read_write_denied;
  if (const auto* action = std::get_if<cosem::ActionResponseNormal>(&answer))
    return action->outcome.result == cosem::ActionResult::read_write_denied;
  return std::holds_alternative<cosem::ExceptionResponse>(answer);
}

}  // namespace

MeterApplication::MeterApplication(const MeterUnit& unit, MeterPlant& plant, const Policy& policy,
                                   Memory memory, harness::WallTime now)
    : unit_(unit),
      plant_(plant),
      policy_(policy),
      memory_(memory),
      roles_(make_roles(unit, policy, memory.numbers)),
      events_(memory.numbers),
      scratch_(cosem::octet_string(cosem::to_bytes("harmless"))),
      clock_(
          memory.numbers, [&plant] { return plant.clock(); }, policy.clock_saves_daylight),
      image_(memory.numbers, unit.firmware, policy.any_image),
      hdlc_setup_(memory.numbers, *unit.type),
      services_(model_),
      short_names_(model_),
      protection_(policy, unit.system_title),
      login_(unit, policy, roles_, memory.numbers, events_, now),
      receive_buffer_(k_receive_buffer) {
  const MeterParts parts{unit_,    plant_,      roles_, memory_.profile, events_,
                         scratch_, push_setup_, clock_, image_,          hdlc_setup_};
  add_identity_objects(model_, parts);
  add_metering_objects(model_, parts);
  add_control_objects(model_, parts);
  add_association_objects(model_, parts);
  // 0-0:43.0.0.255 is that of the first role with keys, as 0-0:43.1.0.255 is its counter.
  std::uint8_t setup_number = 0;
  for (Role& role : roles_) {
    if (role.key_sets.empty()) continue;
    security_setups_.emplace_back(role, unit_, memory_.numbers, [this] { return plant_.clock(); });
    role.security_setup = {{0, 0, 43, 0, setup_number++, 255}};
    model_.add(security_setups_.back().object(role.security_setup));
  }
  hold_to_declared_objects(model_, parts);
  if (policy_.clock_of_another_version) show_another_clock_version(model_);
  if (policy_.writable_serial_number) let_serial_number_be_written(model_, roles_);
  short_names_.assign_names();

  const auto calendar = std::chrono::floor<std::chrono::seconds>(plant_.clock());
  const std::uint64_t digits = register_digits(*unit_.type, plant_.import_energy_wh());
  if (memory_.profile.size() == 0) {
    memory_.profile.fill_shelf_life(calendar, digits, k_shelf_rows);
  } else {
    memory_.profile.resume(calendar);
  }
  note(SecurityEvent::power_up, now);
  memory_.numbers.commit();
}

void MeterApplication::note(SecurityEvent event, harness::WallTime now) {
  events_.note(event, now, plant_.clock());
}

void MeterApplication::tick() {
  memory_.profile.tick(std::chrono::floor<std::chrono::seconds>(plant_.clock()),
                       register_digits(*unit_.type, plant_.import_energy_wh()));
}

// What a processor that trusts a length reads: the request and what older requests left behind it.
Bytes MeterApplication::memory_beyond(BytesView apdu) const {
  const std::size_t size = std::min(apdu.size() + k_octets_beyond, receive_buffer_.size());
  return {receive_buffer_.begin(), receive_buffer_.begin() + static_cast<std::ptrdiff_t>(size)};
}

Outcome MeterApplication::on_whole_apdu(Session& session, Addressing addressing, BytesView apdu,
                                        harness::WallTime now) {
  return policy_.application.any() ? handle_with_defects(session, addressing, apdu, now)
                                   : handle(session, addressing, apdu, now);
}

Outcome MeterApplication::handle_with_defects(Session& session, Addressing addressing,
                                              BytesView apdu, harness::WallTime now) {
  const ApplicationDefects& defects = policy_.application;
  const std::uint8_t tag = first_octet(apdu);
  hangs_ = hangs_ || (defects.spins && apdu.size() == 1 && tag == cosem::tags::k_get_request);
  if (hangs_) return {};
  if (defects.answers_unknown && unknown_apdu(apdu)) {
    Outcome outcome;
    outcome.replies.push_back(cosem::encode_apdu(cosem::GetResponseNormal{.result = Data(true)}));
    return outcome;
  }
  const Session before = session;
  const Bytes request = spoiled_request(defects, session, roles_, apdu);
  Outcome outcome = handle(session, addressing, request, now);
  if (tag == cosem::tags::k_aarq && !outcome.replies.empty()) {
    outcome.replies.front() = spoiled_aare(defects, std::move(outcome.replies.front()));
  }
  if (tag == cosem::tags::k_get_request && !outcome.replies.empty()) {
    outcome.replies.front() = spoiled_value(defects, request, std::move(outcome.replies.front()));
  }
  const bool released = defects.outlives_release && tag == cosem::tags::k_rlrq;
  if (released || (defects.serves_early && before.phase == Session::Phase::none &&
                   tag == cosem::tags::k_get_request)) {
    session = before;
  }
  return outcome;
}

Outcome MeterApplication::handle(Session& session, Addressing addressing, BytesView apdu,
                                 harness::WallTime now) {
  Outcome outcome;
  std::copy_n(apdu.begin(), std::min(apdu.size(), receive_buffer_.size()), receive_buffer_.begin());
  const bool known_server = addressing.server_sap == unit_.type->server_sap;
  const std::uint8_t tag = first_octet(apdu);
  if (known_server && tag != cosem::tags::k_aarq)
    establish_without_aarq(session, roles_, *unit_.type, addressing.client_sap, apdu);
  if (tag == cosem::tags::k_aarq) {
    LoginAnswer answer =
        login_.aarq(session, addressing.client_sap, known_server, apdu, now, plant_.clock());
    if (answer.lied_in_length && policy_.echo_beyond_buffer) {
      const Bytes leaked = memory_beyond(apdu);
      cosem::append(answer.octets, leaked);
    }
    outcome.delay = answer.delay;
    if (answer.failed && !policy_.defend_connections) outcome.stall = k_flash_write;
    outcome.replies.push_back(std::move(answer.octets));
  } else if (session.phase != Session::Phase::none &&
             (!known_server || session.client_sap != addressing.client_sap)) {
    // The connection belongs to another client's association.
    outcome.replies.push_back(cosem::encode_apdu(operation_not_possible()));
  } else if (tag == cosem::tags::k_rlrq) {
    outcome.replies.push_back(Login::rlrq(session, apdu));
  } else if (cosem::is_ciphered(apdu) || cosem::is_general_protection(apdu)) {
    auto opened = session.phase == Session::Phase::none
                      ? std::variant<Opened, Refusal>(
                            Refusal{operation_not_possible(), SecurityEvent::not_permitted})
                      : protection_.open(session, apdu);
    if (const auto* refusal = std::get_if<Refusal>(&opened)) {
      note(refusal->event, now);
      outcome.replies.push_back(cosem::encode_apdu(refusal->answer));
    } else {
      const Bytes plain = std::get<Opened>(opened).plain;
      const std::size_t usual_room = session.longest_answer;
      if (std::get<Opened>(opened).general.any() || session.role->policy.response_signed)
        session.longest_answer = Protection::room_for_answer(session, std::get<Opened>(opened));
      serve(session, {plain, std::get<Opened>(std::move(opened)), now}, outcome);
      session.longest_answer = usual_room;
    }
  } else {
    serve(session, {apdu, std::nullopt, now}, outcome);
  }
  for (SecuritySetup& setup : security_setups_) setup.activate_keys();
  memory_.numbers.commit();
  return outcome;
}

void MeterApplication::serve(Session& session, const Request& request, Outcome& outcome) {
  if (request.plain.empty()) return;
  if (session.short_names || first_octet(request.plain) == cosem::tags::k_access_request)
    return serve_octets(session, request, outcome);
  const auto decoded = cosem::decode_apdu(request.plain, k_request_limits);
  if (!decoded) {
    const bool length_lies = decoded.error() == cosem::CosemError::truncated ||
                             decoded.error() == cosem::CosemError::bad_length ||
                             decoded.error() == cosem::CosemError::too_large;
    if (length_lies && policy_.echo_beyond_buffer) {
      const std::uint8_t invoke =
          request.plain.size() > 2 ? std::to_integer<std::uint8_t>(request.plain[2]) : 0xC1;
      answer_plain(session,
                   cosem::GetResponseNormal{
                       invoke, cosem::Data(cosem::OctetString{memory_beyond(request.plain)})},
                   request, outcome);
      return;
    }
    const bool unknown = decoded.error() == cosem::CosemError::bad_tag;
    outcome.replies.push_back(
        cosem::encode_apdu(unknown ? service_not_supported() : operation_not_possible()));
    return;
  }
  // A refused proof ends the session, but is told under the keys it had.
  Session as_asked = session.as_asked();
  Notifications notifications;
  const bool relay_before = plant_.relay_closed();
  const auto answered = answer(session, request, *decoded, notifications);
  if (plant_.relay_closed() != relay_before) note(SecurityEvent::relay_operated, request.now);
  if (!answered) return;
  if (denied(*answered)) note(SecurityEvent::not_permitted, request.now);
  answer_plain(as_asked, *answered, request, outcome);
  notify(session, notifications, outcome);
}

bool MeterApplication::demands_protection(const Session& session) const {
  const bool weakly_open =
      session.phase == Session::Phase::challenged && policy_.rights_before_pass_3;
  const cosem::SecurityPolicy& policy = session.role->policy;
  return (policy.request != 0 || policy.request_signed) && !weakly_open &&
         (policy_.protection_always_demanded || !session.protection_seen);
}

std::optional<cosem::Apdu> MeterApplication::answer(Session& session, const Request& request,
                                                    const cosem::Apdu& decoded,
                                                    Notifications& notifications) {
  const auto* action = std::get_if<cosem::ActionRequestNormal>(&decoded);
  if (policy_.open_disconnect && action != nullptr &&
      action->method.class_id == k_class_disconnect) {
    return cosem::ActionResponseNormal{
        action->invoke, model_.force(action->method, action->parameters, notifications)};
  }
  if (session.phase == Session::Phase::none) return operation_not_possible();

  const bool before_pass_3 = session.phase == Session::Phase::challenged;
  // Pass 3 itself is protected like any request of a ciphered context.
  if (demands_protection(session) && !request.opened) return operation_not_possible();

  if (before_pass_3 && replies_to_hls(decoded)) {
    const std::uint64_t fresh_from = request.opened            ? request.opened->fresh_from
                                     : session.keys != nullptr ? session.keys->next_received()
                                                               : 0;
    const auto outer =
        request.opened ? std::optional(request.opened->invocation_counter) : std::nullopt;
    auto outcome = login_.reply_to_hls(session, action->parameters, fresh_from, outer, request.now);
    if (session.phase == Session::Phase::none) note(SecurityEvent::login_failed, request.now);
    return cosem::ActionResponseNormal{action->invoke, std::move(outcome)};
  }
  if (before_pass_3 && !policy_.rights_before_pass_3) return operation_not_possible();
  // The client has taken a notification; it expects nothing.
  if (std::holds_alternative<cosem::DataNotificationConfirm>(decoded)) return std::nullopt;
  if (policy_.application.any())
    return services_.answer(session, spoiled_service(policy_.application, session, decoded),
                            notifications);
  return services_.answer(session, decoded, notifications);
}

void MeterApplication::answer_plain(Session& session, const cosem::Apdu& answer,
                                    const Request& request, Outcome& outcome) {
  const bool spoils = policy_.application.any();
  answer_octets(session,
                cosem::encode_apdu(spoils ? spoiled_answer(policy_.application, answer) : answer),
                request, outcome);
}

void MeterApplication::answer_octets(Session& session, Bytes plain, const Request& request,
                                     Outcome& outcome) {
  const bool exception = !plain.empty() && first_octet(plain) == cosem::tags::k_exception_response;
  const bool associated = session.phase != Session::Phase::none;
  if (exception || !associated || !request.opened) {
    outcome.replies.push_back(std::move(plain));
    return;
  }
  auto closed = policy_.application.always_global && session.role->policy.response != 0
                    ? protection_.close(session, plain, cosem::CipherForm::global)
                    : protection_.close_like(session, plain, *request.opened);
  outcome.replies.push_back(closed ? std::move(*closed)
                                   : cosem::encode_apdu(operation_not_possible()));
}

void MeterApplication::notify(Session& session, const Notifications& notifications,
                              Outcome& outcome) {
  for (const auto& notification : notifications) {
    Bytes octets = cosem::encode_apdu(notification);
    if (session.phase == Session::Phase::none) return;
    const cosem::SecurityPolicy& policy = session.role->policy;
    if ((policy.response != 0 || policy.response_signed) && policy_.notifications_protected) {
      auto closed = protection_.close_notification(session, octets);
      if (!closed) continue;
      octets = std::move(*closed);
    }
    if (push_setup_.destination.empty()) {
      outcome.replies.push_back(std::move(octets));
    } else if (send_push_) {
      send_push_(push_setup_, std::move(octets));
    }
  }
}

}  // namespace meterproof::simulated
