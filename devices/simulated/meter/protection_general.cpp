// Protection's general-ciphering and general-signing: keys, counters and layers.
#include "devices/simulated/meter/refusals.hpp"

namespace meterproof::simulated {
namespace {

using cosem::GeneralForm;
using cosem::KeyChoice;
using cosem::KeyRun;
using cosem::Signing;

constexpr std::uint8_t k_both = cosem::security_control::k_authenticated_encrypted;
// What the other forms add: tag, length, title, SC, IC, authentication tag.
constexpr std::size_t k_ciphering_overhead = 32;

cosem::GeneralKeys general_keys(const Session& session) {
  const Role& role = *session.role;
  const cosem::SecurityKeys& keys = session.keys->keys();
  cosem::GeneralKeys own;
  own.suite = keys.suite;
  own.authentication = keys.authentication;
  own.unicast = keys.encryption;
  own.broadcast = role.broadcast_key;
  own.master = role.master_key;
  own.agreement_key = role.agreement_key;
  own.peer_agreement_key = role.client_agreement_key;
  own.signing_key = role.signing_key;
  own.peer_signing_key = role.client_signing_key;
  return own;
}

// The transaction id as a number; nothing when it cannot be one that rises.
std::optional<std::uint64_t> number_of(cosem::BytesView transaction_id) {
  if (transaction_id.empty() || transaction_id.size() > 8) return std::nullopt;
  std::uint64_t number = 0;
  for (const std::byte octet : transaction_id)
    number = number << 8 | std::to_integer<std::uint64_t>(octet);
  if (number == UINT64_MAX) return std::nullopt;
  return number;
}

bool is_dedicated_form(cosem::CipherForm form) {
  return form == cosem::CipherForm::dedicated || form == cosem::CipherForm::general_dedicated;
}

// Where the message's number is held against the ones before it.
struct Counted {
  std::uint64_t number = 0, fresh_from = 0;
  CounterPair* pair = nullptr;                         // null: of the dedicated key
  cosem::InvocationCounterCheck* dedicated = nullptr;  // set instead

  bool fresh() const { return number >= fresh_from; }
  void take() const {
    if (pair != nullptr) pair->received(number);
    if (dedicated != nullptr) (void)dedicated->accept(static_cast<std::uint32_t>(number));
  }
};

std::optional<Counted> counted(Session& session, const cosem::OpenedLayers& opened) {
  KeySet& keys = *session.keys;
  Counted found;
  if (opened.control == 0) {
    const auto number = number_of(opened.transactions.signing);
    if (!number) return std::nullopt;
    found.number = *number;
    found.pair = &keys.signed_only();
  } else {
    found.number = opened.invocation_counter;
    if (opened.cipher_form && is_dedicated_form(*opened.cipher_form)) {
      found.dedicated = &session.dedicated->received;
      found.fresh_from = found.dedicated->next();
      return found;
    }
    const KeyRun run =
        opened.form.ciphering ? cosem::key_run(*opened.form.ciphering) : KeyRun::unicast;
    found.pair = &keys.counters(run);
  }
  found.fresh_from = found.pair->next_received();
  return found;
}

}  // namespace

std::variant<Opened, Refusal> Protection::open_layered(Session& session,
                                                       cosem::BytesView apdu) const {
  auto opened = cosem::open_layers(
      general_keys(session), session.client_title, own_title_, apdu,
      [&](const cosem::CipheredApdu& ciphered) { return decipher(session, ciphered); });
  if (!opened) return deciphering_error();
  const auto number = counted(session, *opened);
  if (!number) return deciphering_error();
  const bool check = session.phase == Session::Phase::challenged ? policy_.counter_checked_at_login
                                                                 : policy_.counter_checked;
  if (check && !number->fresh()) return counter_error(number->fresh_from);
  const cosem::SecurityPolicy& demanded = session.role->policy;
  if (!cosem::check_protection(opened->control, demanded.request) ||
      (demanded.request_signed && opened->form.signing == Signing::none))
    return policy_not_met();
  const std::uint64_t unicast_from = session.keys->next_received();
  const bool unicast = number->pair == &session.keys->counters(KeyRun::unicast);
  number->take();
  const bool other_service =
      opened->plain_tag && opened->form.signing != Signing::inside &&
      std::to_integer<std::uint8_t>(opened->plain.front()) != *opened->plain_tag;
  if (other_service && !policy_.application.any_service_tag) return deciphering_error();
  session.protection_seen = true;
  return Opened{std::move(opened->plain),
                opened->cipher_form.value_or(cosem::CipherForm::global),
                unicast ? opened->invocation_counter : 0U,
                unicast_from,
                opened->control,
                opened->form,
                std::move(opened->transactions)};
}

std::optional<cosem::Bytes> Protection::close_like(Session& session, cosem::BytesView plain,
                                                   const Opened& request) const {
  const cosem::SecurityPolicy& policy = session.role->policy;
  GeneralForm form = request.general;
  const bool signed_unasked = policy.response_signed && form.signing == Signing::none;
  if (signed_unasked) form.signing = Signing::outside;
  if (!form.any()) {
    if (policy.response == 0) return cosem::Bytes(plain.begin(), plain.end());
    return close(session, plain, request.form);
  }
  // What one client says to many meters is answered by each with the key that it shares with none.
  if (form.ciphering == KeyChoice::broadcast) form.ciphering = KeyChoice::unicast;
  cosem::MessageLayers layers;
  layers.form = form;
  layers.originator = own_title_;
  layers.recipient = session.client_title;
  layers.transactions = request.transactions;
  layers.control = policy.response;
  if (form.ciphering && layers.control == 0) layers.control = request.control & k_both;
  const bool agreed = form.ciphering == KeyChoice::static_agreement;
  // A key that lives for one message takes any number; that of the unicast key never comes twice.
  if (form.ciphering || signed_unasked) {
    const auto counter =
        session.keys->counters(agreed ? KeyRun::agreed : KeyRun::unicast).next_sent();
    if (!counter) return std::nullopt;
    layers.invocation_counter = *counter;
    if (signed_unasked) layers.transactions.signing = cosem::transaction_id_of(*counter);
  }
  cosem::Cipher cipher;
  if (!form.ciphering && layers.control != 0) {
    cipher = [&](cosem::BytesView apdu) -> cosem::Result<cosem::Bytes> {
      auto closed = close(session, apdu, request.form);
      if (!closed) return cosem::CosemError::invocation_counter_exhausted;
      return std::move(*closed);
    };
  }
  auto closed = cosem::protect_in_layers(general_keys(session), layers,
                                         cosem::Bytes(plain.begin(), plain.end()), cipher);
  if (!closed) return std::nullopt;
  return std::move(*closed);
}

std::optional<cosem::Bytes> Protection::close_notification(Session& session,
                                                           cosem::BytesView plain) const {
  Opened unasked;
  unasked.form = cosem::CipherForm::general_global;
  return close_like(session, plain, unasked);
}

std::size_t Protection::room_for_answer(const Session& session, const Opened& request) {
  GeneralForm form = request.general;
  if (session.role->policy.response_signed && form.signing == Signing::none)
    form.signing = Signing::outside;
  const std::size_t overhead =
      k_ciphering_overhead + cosem::general_overhead(form, session.keys->keys().suite);
  return session.longest_pdu > overhead ? session.longest_pdu - overhead : 1;
}

}  // namespace meterproof::simulated
