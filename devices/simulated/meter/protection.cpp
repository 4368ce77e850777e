#include "devices/simulated/meter/protection.hpp"

#include "devices/simulated/meter/refusals.hpp"

namespace meterproof::simulated {
namespace {

constexpr std::size_t k_weak_tag_octets = 4;

bool is_dedicated(cosem::CipherForm form) {
  return form == cosem::CipherForm::dedicated || form == cosem::CipherForm::general_dedicated;
}

std::optional<std::uint32_t> next_dedicated(DedicatedKey& key) {
  if (key.sent > UINT32_MAX) return std::nullopt;
  return static_cast<std::uint32_t>(key.sent++);
}

bool demanded(const Role& role, std::uint8_t control) {
  return cosem::check_protection(control, role.policy.request).has_value();
}

}  // namespace

cosem::Result<cosem::Unprotected> Protection::decipher(const Session& session,
                                                       const cosem::CipheredApdu& ciphered) const {
  if (ciphered.title && *ciphered.title != session.client_title)
    return cosem::CosemError::wrong_system_title;
  const bool dedicated = is_dedicated(ciphered.form);
  if (dedicated && !session.dedicated) return cosem::CosemError::missing_secret;
  return cosem::unprotect(
      dedicated ? session.dedicated->keys : session.keys->keys(), session.client_title,
      ciphered.protected_octets,
      policy_.whole_tag_compared ? cosem::k_authentication_tag_octets : k_weak_tag_octets);
}

std::variant<Opened, Refusal> Protection::open(Session& session, cosem::BytesView apdu) const {
  if (session.keys == nullptr || !session.role->ciphered) return deciphering_error();
  if (cosem::is_general_protection(apdu)) return open_layered(session, apdu);
  const auto ciphered = cosem::parse_ciphered(apdu);
  if (!ciphered) return deciphering_error();
  const bool dedicated = is_dedicated(ciphered->form);
  const auto opened = decipher(session, *ciphered);
  if (!opened) return deciphering_error();
  // The signature of what is inside has its say before the counter is taken.
  if (cosem::is_general_protection(opened->plain)) return open_layered(session, apdu);

  KeySet& keys = *session.keys;
  const std::uint64_t fresh_from =
      dedicated ? session.dedicated->received.next() : keys.next_received();
  const bool check = session.phase == Session::Phase::challenged ? policy_.counter_checked_at_login
                                                                 : policy_.counter_checked;
  if (check && opened->invocation_counter < fresh_from) {
    return counter_error(fresh_from);
  }
  if (!demanded(*session.role, opened->control) || session.role->policy.request_signed)
    return policy_not_met();
  if (dedicated) {
    (void)session.dedicated->received.accept(opened->invocation_counter);
  } else {
    keys.received(opened->invocation_counter);
  }
  const bool other_service =
      ciphered->plain_tag &&
      (opened->plain.empty() ||
       std::to_integer<std::uint8_t>(opened->plain.front()) != *ciphered->plain_tag);
  if (other_service && !policy_.application.any_service_tag) return deciphering_error();
  session.protection_seen = true;
  // A token of HLS is under the global key, whatever carries it.
  return Opened{opened->plain,
                ciphered->form,
                opened->invocation_counter,
                dedicated ? keys.next_received() : fresh_from,
                opened->control,
                {},
                {}};
}

std::optional<cosem::Bytes> Protection::close(Session& session, cosem::BytesView plain,
                                              cosem::CipherForm form) const {
  const bool dedicated = is_dedicated(form) && session.dedicated != nullptr;
  const auto counter = dedicated ? next_dedicated(*session.dedicated) : session.keys->next_sent();
  if (!counter) return std::nullopt;
  const auto closed =
      cosem::protect_apdu(dedicated ? session.dedicated->keys : session.keys->keys(), own_title_,
                          session.role->policy.response, *counter, plain, form);
  if (!closed) return std::nullopt;
  return *closed;
}

cosem::Result<cosem::Bytes> Protection::open_initiate(Session& session, Role& role,
                                                      cosem::BytesView user_information) const {
  const auto ciphered = cosem::parse_ciphered(user_information);
  if (!ciphered) return ciphered.error();
  if (ciphered->form != cosem::CipherForm::global) return cosem::CosemError::not_supported;
  cosem::Error last = cosem::CosemError::bad_authentication_tag;
  for (KeySet& keys : role.key_sets) {
    auto opened = cosem::unprotect(keys.keys(), session.client_title, ciphered->protected_octets);
    if (!opened) {
      last = opened.error();
      continue;
    }
    if (policy_.counter_checked_at_login && !keys.fresh(opened->invocation_counter))
      return cosem::CosemError::invocation_counter_not_greater;
    if (!demanded(role, opened->control)) return cosem::CosemError::not_ciphered;
    keys.received(opened->invocation_counter);
    session.keys = &keys;
    session.key_proven = true;
    return std::move(opened->plain);
  }
  return last;
}

}  // namespace meterproof::simulated
