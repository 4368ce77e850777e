#include "devices/simulated/meter/defective_application.hpp"

#include <algorithm>

#include "devices/cosem/acse.hpp"
#include "devices/cosem/ciphering.hpp"
#include "devices/cosem/initiate.hpp"
#include "devices/simulated/meter/class_ids.hpp"

namespace meterproof::simulated {
namespace {

using cosem::Bytes;

constexpr std::uint32_t k_every_service = 0xFFFFFF;
constexpr std::size_t k_get_normal_octets = 13;  // without selective access
constexpr std::size_t k_no_limit = 2048;

void spoil_aarq(const ApplicationDefects& defects, Bytes& apdu) {
  auto decoded = cosem::decode_acse(apdu);
  auto* aarq = decoded ? std::get_if<cosem::Aarq>(&*decoded) : nullptr;
  if (aarq == nullptr) return;
  const std::uint8_t context = aarq->application_context.value_or(0);
  if (defects.any_context && context != cosem::context::k_ln_ciphered) {
    aarq->application_context = cosem::context::k_ln;
  }
  auto initiate = cosem::decode_initiate_request(aarq->user_information);
  if (defects.any_version && initiate) {
    initiate->dlms_version = 6;
    aarq->user_information = cosem::encode(*initiate);
  }
  apdu = cosem::encode_acse(*aarq);
}

void open_for_everybody(Session& session, std::vector<Role>& roles) {
  const auto role = std::find_if(roles.begin(), roles.end(), [](const Role& one) {
    return one.mechanism == cosem::mechanism::k_none;
  });
  if (role == roles.end()) return;
  session.phase = Session::Phase::open;
  session.role = &*role;
  session.client_sap = role->client_sap;
  session.longest_pdu = session.longest_answer = k_no_limit;
  session.conformance = k_every_service;
}

}  // namespace

bool ApplicationDefects::any() const {
  return serves_early || any_context || any_version || own_conformance || empty_password ||
         same_invoke_id || trailing_octets || read_only_success || any_method || any_block_number ||
         any_service || outlives_release || any_length || answers_unknown || spins ||
         always_global || any_service_tag || own_challenge || wrong_type || denies_listed ||
         wrong_context_name || wrong_deviation || any_columns || any_request_block ||
         any_general_block || access_goes_on || any_short_name;
}

bool unknown_apdu(cosem::BytesView apdu) {
  const auto tag = std::to_integer<std::uint8_t>(apdu.front());
  const bool known = tag == cosem::tags::k_aarq || tag == cosem::tags::k_rlrq ||
                     tag == cosem::tags::k_get_request || tag == cosem::tags::k_set_request ||
                     tag == cosem::tags::k_action_request;
  return !known && !cosem::is_ciphered(apdu) && !cosem::is_general_protection(apdu);
}

Bytes spoiled_request(const ApplicationDefects& defects, Session& session, std::vector<Role>& roles,
                      cosem::BytesView came) {
  Bytes apdu(came.begin(), came.end());
  const auto tag = std::to_integer<std::uint8_t>(apdu.front());
  if (tag == cosem::tags::k_aarq) spoil_aarq(defects, apdu);
  if (tag == cosem::tags::k_get_request) {
    if (defects.serves_early && session.phase == Session::Phase::none) {
      open_for_everybody(session, roles);
    }
    const bool whole = apdu.size() > k_get_normal_octets && apdu[1] == std::byte{1} &&
                       apdu[k_get_normal_octets - 1] == std::byte{0};
    if (defects.trailing_octets && whole) apdu.resize(k_get_normal_octets);
    auto decoded = cosem::decode_apdu(apdu);
    auto* next = decoded ? std::get_if<cosem::GetRequestNext>(&*decoded) : nullptr;
    auto* get = decoded ? std::get_if<cosem::GetRequestNormal>(&*decoded) : nullptr;
    if (defects.any_columns && get != nullptr && get->access && get->access->selector == 2) {
      if (auto* parts = std::get_if<cosem::Structure>(&get->access->parameters.value);
          parts != nullptr && parts->elements.size() == 4) {
        parts->elements[3] = cosem::Data(std::uint16_t{0});
        apdu = cosem::encode_apdu(*get);
      }
    }
    if (defects.any_block_number && next != nullptr && session.long_get) {
      next->block_number = session.long_get->number;
      apdu = cosem::encode_apdu(*next);
    }
  }
  if (session.phase == Session::Phase::open && defects.any_service) {
    session.conformance = k_every_service;
  }
  if (session.phase == Session::Phase::open && defects.any_length) {
    session.longest_pdu = session.longest_answer = k_no_limit;
  }
  return apdu;
}

cosem::Apdu spoiled_service(const ApplicationDefects& defects, const Session& session,
                            cosem::Apdu request) {
  if (!defects.any_request_block) return request;
  if (auto* first = std::get_if<cosem::SetRequestWithFirstBlock>(&request)) {
    first->block.number = 1;
  } else if (auto* set = std::get_if<cosem::SetRequestWithBlock>(&request)) {
    if (session.long_set) set->block.number = session.long_set->number + 1;
  } else if (auto* start = std::get_if<cosem::ActionRequestWithFirstPblock>(&request)) {
    start->block.number = 1;
  } else if (auto* action = std::get_if<cosem::ActionRequestWithPblock>(&request)) {
    if (session.long_action) action->block.number = session.long_action->number + 1;
  }
  return request;
}

void spoil_access(const ApplicationDefects& defects, Bytes& request) {
  constexpr std::byte k_break_on_error{0x20};  // in the first octet of long-invoke-id-and-priority
  if (defects.access_goes_on && request.size() > 1) request[1] &= ~k_break_on_error;
}

void spoil_short_name(const ApplicationDefects& defects, cosem::ShortNameApdu& request) {
  auto* read = std::get_if<cosem::ReadRequest>(&request);
  if (!defects.any_short_name || read == nullptr) return;
  for (auto& variable : read->variables) {
    if (auto* name = std::get_if<cosem::VariableName>(&variable))
      name->name = static_cast<std::uint16_t>(name->name & ~7U);
  }
}

cosem::Apdu spoiled_answer(const ApplicationDefects& defects, cosem::Apdu answer) {
  if (auto* get = std::get_if<cosem::GetResponseNormal>(&answer)) {
    if (defects.same_invoke_id) get->invoke = 0xC1;
  }
  if (auto* set = std::get_if<cosem::SetResponseNormal>(&answer)) {
    if (defects.read_only_success && set->result == cosem::DataAccessResult::read_write_denied) {
      set->result = cosem::DataAccessResult::success;
    }
  }
  if (auto* action = std::get_if<cosem::ActionResponseNormal>(&answer)) {
    if (defects.any_method && action->outcome.result == cosem::ActionResult::object_undefined) {
      action->outcome.result = cosem::ActionResult::success;
    }
  }
  return answer;
}

Bytes spoiled_value(const ApplicationDefects& defects, cosem::BytesView request, Bytes answer) {
  const auto asked = cosem::decode_apdu(request);
  const auto* get = asked ? std::get_if<cosem::GetRequestNormal>(&*asked) : nullptr;
  auto decoded = cosem::decode_apdu(answer);
  auto* response = decoded ? std::get_if<cosem::GetResponseNormal>(&*decoded) : nullptr;
  auto* value = response == nullptr ? nullptr : std::get_if<cosem::Data>(&response->result);
  if (get == nullptr || value == nullptr) return answer;
  const auto& [class_id, name, id] = get->attribute;
  if (defects.wrong_type && class_id == k_class_register && id == 3) {
    *value = cosem::structure({cosem::Data(std::int16_t{0}), cosem::Data(cosem::Enum{30})});
  } else if (defects.denies_listed && class_id == k_class_register && id == 3) {
    response->result = cosem::DataAccessResult::read_write_denied;
  } else if (defects.wrong_context_name && class_id == k_class_association && id == 4) {
    if (auto* octets = std::get_if<cosem::OctetString>(&value->value);
        octets != nullptr && !octets->octets.empty()) {
      octets->octets.back() = std::byte{cosem::context::k_sn};
    }
  } else if (defects.wrong_deviation && class_id == k_class_clock && id == 2) {
    if (auto time = value->date_time()) {
      time->deviation = 77;
      *value = cosem::octet_string(cosem::octets_of(*time));
    }
  }
  return cosem::encode_apdu(*response);
}

Bytes spoiled_aare(const ApplicationDefects& defects, Bytes octets) {
  auto decoded = cosem::decode_acse(octets);
  auto* aare = decoded ? std::get_if<cosem::Aare>(&*decoded) : nullptr;
  if (aare == nullptr || !defects.own_conformance) return octets;
  auto response = cosem::decode_initiate_response(aare->user_information);
  if (!response) return octets;
  response->conformance |= cosem::conformance::k_get | cosem::conformance::k_set;
  aare->user_information = cosem::encode(*response);
  return cosem::encode_acse(*aare);
}

}  // namespace meterproof::simulated
