#include "devices/cosem/association.hpp"

#include <utility>

#include "devices/cosem/hls.hpp"
#include "devices/cosem/reply_to_hls.hpp"

namespace meterproof::cosem {
namespace {

void intercept(const std::function<void(Bytes&)>& interceptor, Bytes& octets) {
  if (interceptor) interceptor(octets);
}

GeneralKeys general_keys_of(const ClientSettings& settings) {
  GeneralKeys own;
  if (!settings.keys) return own;
  own.suite = settings.keys->suite;
  own.authentication = settings.keys->authentication;
  own.unicast = settings.keys->encryption;
  own.broadcast = settings.general.broadcast;
  own.master = settings.general.master;
  own.agreement_key = settings.general.agreement_key;
  own.peer_agreement_key = settings.general.server_agreement_key;
  own.signing_key = settings.signing_key;
  own.peer_signing_key = settings.server_signing_key;
  return own;
}

// To make the request and to open its answer.
bool has_keys_of(const GeneralForm& form, const GeneralKeys& own) {
  const bool signs = own.signing_key && own.peer_signing_key;
  if (form.signing != Signing::none && !signs) return false;
  if (!form.ciphering) return true;
  switch (*form.ciphering) {
    case KeyChoice::broadcast:
      return own.broadcast.has_value();
    case KeyChoice::wrapped:
      return own.master.has_value();
    case KeyChoice::one_pass:
      return signs && own.agreement_key && own.peer_agreement_key;
    case KeyChoice::static_agreement:
      return own.agreement_key && own.peer_agreement_key;
    case KeyChoice::none:
    case KeyChoice::unicast:
      break;
  }
  return true;
}

bool is_dedicated_form(CipherForm form) {
  return form == CipherForm::dedicated || form == CipherForm::general_dedicated;
}

}  // namespace

ClientAssociation::ClientAssociation(ClientSettings settings) : settings_(std::move(settings)) {
  server_title_ = system_title_from(settings_.server_system_title);
  general_keys_ = general_keys_of(settings_);
}

void ClientAssociation::reset() {
  state_ = AssociationState::idle;
  aare_.reset();
  negotiated_.reset();
  server_dedicated_counter_ = {};  // a dedicated key lives as long as its association
  server_title_ = system_title_from(settings_.server_system_title);
}

Result<void> ClientAssociation::missing_for_association() const {
  const bool with_keys = settings_.ciphered || settings_.mechanism == mechanism::k_hls_gmac;
  if (with_keys && (!settings_.keys || !system_title_from(settings_.system_title))) {
    return CosemError::missing_secret;
  }
  if (settings_.mechanism > mechanism::k_lls && settings_.challenge.empty()) {
    return CosemError::missing_secret;
  }
  if (hls_uses_system_titles(settings_.mechanism) && !system_title_from(settings_.system_title)) {
    return CosemError::missing_secret;
  }
  if (hls_uses_secret(settings_.mechanism) && settings_.password.empty()) {
    return CosemError::missing_secret;
  }
  if (settings_.mechanism == mechanism::k_hls_ecdsa &&
      (!settings_.signing_key || !settings_.server_signing_key)) {
    return CosemError::missing_secret;
  }
  if (settings_.general.form.any() &&
      (!settings_.ciphered || !has_keys_of(settings_.general.form, general_keys_) ||
       (settings_.pre_established && !server_title_))) {
    return CosemError::missing_secret;
  }
  return {};
}

Result<Bytes> ClientAssociation::aarq(const Interceptors& interceptors) {
  reset();
  const Result<void> complete = missing_for_association();
  if (complete.has_error()) return complete.error();
  Aarq aarq;
  aarq.application_context = settings_.ciphered ? context::k_ln_ciphered : context::k_ln;
  if (short_names()) {
    aarq.application_context = settings_.ciphered ? context::k_sn_ciphered : context::k_sn;
  }
  if (settings_.ciphered || settings_.mechanism > mechanism::k_lls) {
    aarq.calling_ap_title = settings_.system_title;
  }
  if (settings_.mechanism != mechanism::k_none) {
    aarq.sender_acse_requirements = true;
    aarq.mechanism = settings_.mechanism;
    aarq.calling_authentication_value =
        settings_.mechanism == mechanism::k_lls ? settings_.password : settings_.challenge;
  }
  Result<Bytes> information = user_information(interceptors);
  if (information.has_error()) return information;
  aarq.user_information = std::move(*information);
  Bytes octets = encode_acse(std::move(aarq));
  intercept(interceptors.apdu_out, octets);
  intercept(interceptors.ciphered_out, octets);
  state_ = AssociationState::awaiting_aare;
  return octets;
}

Result<void> ClientAssociation::establish() {
  reset();
  const Result<void> complete = missing_for_association();
  if (complete.has_error()) return complete;
  InitiateResponse granted;
  granted.conformance = settings_.initiate.conformance;
  if (settings_.general.form.any()) granted.conformance |= conformance::k_general_protection;
  negotiated_ = granted;
  state_ = AssociationState::open;
  return {};
}

// The InitiateRequest, protected when the association is.
Result<Bytes> ClientAssociation::user_information(const Interceptors& interceptors) {
  InitiateRequest request = settings_.initiate;
  if (short_names() && request.conformance == conformance::k_offered) {
    request.conformance = conformance::k_offered_short_names;
  }
  if (settings_.general_blocks.window > 0) {
    request.conformance |= conformance::k_general_block_transfer;
  }
  if (settings_.general.form.any()) request.conformance |= conformance::k_general_protection;
  const Bytes initiate = encode(request);
  std::uint8_t control = settings_.control;
  // Requests may be signed only; the InitiateRequest, which nobody can sign, is ciphered even then.
  if (settings_.general.form.signing != Signing::none && control == 0) {
    control = security_control::k_authenticated_encrypted;
  }
  if (!settings_.ciphered || control == 0) return initiate;
  const Result<std::uint32_t> counter = next_counter(interceptors);
  if (counter.has_error()) return counter.error();
  // There is no dedicated key yet; and of the general forms not every meter takes one here (jDLMS
  // closes the connection), while glo-initiateRequest is the form of the AARQ in IEC 62056-5-3.
  return protect_apdu(*settings_.keys, *system_title_from(settings_.system_title), control,
                      *counter, initiate, CipherForm::global);
}

Result<void> ClientAssociation::accept_aare(BytesView octets) {
  if (state_ != AssociationState::awaiting_aare) return CosemError::unexpected_apdu;
  state_ = AssociationState::idle;
  Result<AcseApdu> apdu = decode_acse(octets);
  if (apdu.has_error()) {
    const Error refusal = refusal_in(octets);
    return is_refusal(refusal) ? refusal : apdu.error();
  }
  Aare* const aare = std::get_if<Aare>(&*apdu);
  if (aare == nullptr) return CosemError::unexpected_apdu;
  aare_ = std::move(*aare);
  if (const auto title = system_title_from(aare_->responding_ap_title)) server_title_ = title;
  Bytes information = aare_->user_information;
  if (const Error refusal = to_error(*aare_)) {
    // A confirmedServiceError inside says more than "no reason given".
    const Result<InitiateResponse> initiate = decode_initiate_response(information);
    const bool says_more =
        initiate.has_error() && initiate.error().category() == service_error_category();
    return says_more ? initiate.error() : refusal;
  }
  if (is_ciphered(information)) {
    Result<Incoming> incoming = unprotect(information);
    if (incoming.has_error()) return incoming.error();
    information = std::move(incoming->plain);
  }
  if (!information.empty()) {
    const Result<InitiateResponse> initiate = decode_initiate_response(information);
    if (initiate.has_error()) return initiate.error();
    negotiated_ = *initiate;
  }
  state_ = settings_.mechanism > mechanism::k_lls ? AssociationState::authenticating
                                                  : AssociationState::open;
  return {};
}

HlsCredentials ClientAssociation::hls_credentials() const {
  return {settings_.mechanism, settings_.password, settings_.keys, settings_.signing_key,
          settings_.server_signing_key};
}

Result<Bytes> ClientAssociation::hls_request(const Interceptors& interceptors) {
  if (state_ != AssociationState::authenticating || !aare_) return CosemError::not_associated;
  if (!is_hls(settings_.mechanism)) return CosemError::not_supported;
  const auto& challenge = aare_->responding_authentication_value;
  // A server that plays our challenge back wants to be told what to answer.
  if (!challenge || *challenge == settings_.challenge) return CosemError::peer_not_authentic;
  if (hls_uses_system_titles(settings_.mechanism) && !server_title_) {
    return CosemError::peer_not_authentic;
  }
  std::uint32_t counter = 0;
  if (hls_uses_counter(settings_.mechanism)) {
    const Result<std::uint32_t> next = next_counter(interceptors);
    if (next.has_error()) return next.error();
    counter = *next;
  }
  const HlsExchange pass_3{system_title_from(settings_.system_title).value_or(SystemTitle{}),
                           server_title_.value_or(SystemTitle{}), *challenge, settings_.challenge};
  const Result<Bytes> token = hls_token(hls_credentials(), pass_3, counter);
  if (token.has_error()) return token.error();
  return encode_reply_to_hls(settings_.referencing, *token);
}

Result<void> ClientAssociation::accept_hls_reply(BytesView plain) {
  if (state_ != AssociationState::authenticating) return CosemError::unexpected_apdu;
  state_ = AssociationState::idle;
  const Result<Bytes> token = token_of_hls_answer(settings_.referencing, plain);
  if (token.has_error()) return token.error();
  if (hls_uses_system_titles(settings_.mechanism) && !server_title_) {
    return CosemError::peer_not_authentic;
  }
  const HlsExchange pass_4{server_title_.value_or(SystemTitle{}),
                           system_title_from(settings_.system_title).value_or(SystemTitle{}),
                           settings_.challenge, *aare_->responding_authentication_value};
  const auto verified = verify_hls_token(hls_credentials(), pass_4, *token);
  if (verified.has_error()) return CosemError::peer_not_authentic;
  state_ = AssociationState::open;
  return {};
}

Result<Bytes> ClientAssociation::rlrq(const Interceptors& interceptors) {
  Rlrq rlrq;
  if (settings_.ciphered) {
    // Protected, so that nobody else can release the association.
    Result<Bytes> information = user_information(interceptors);
    if (information.has_error()) return information;
    rlrq.user_information = std::move(*information);
  }
  Bytes octets = encode_acse(std::move(rlrq));
  intercept(interceptors.apdu_out, octets);
  intercept(interceptors.ciphered_out, octets);
  state_ = AssociationState::releasing;
  return octets;
}

Result<void> ClientAssociation::accept_rlre(BytesView octets) {
  if (state_ != AssociationState::releasing) return CosemError::unexpected_apdu;
  state_ = AssociationState::idle;
  const Result<AcseApdu> apdu = decode_acse(octets);
  if (apdu.has_error()) {
    const Error refusal = refusal_in(octets);
    return is_refusal(refusal) ? refusal : apdu.error();
  }
  if (!std::holds_alternative<Rlre>(*apdu)) return CosemError::unexpected_apdu;
  return {};
}

Result<std::uint32_t> ClientAssociation::next_counter(const Interceptors& interceptors) {
  if (counter_exhausted_) return CosemError::invocation_counter_exhausted;
  std::uint32_t counter = settings_.invocation_counter;
  if (settings_.shared_counter) {
    const auto taken = settings_.shared_counter->take();
    if (!taken) return CosemError::invocation_counter_exhausted;
    counter = *taken;
  } else {
    ++settings_.invocation_counter;
  }
  counter_exhausted_ = counter == UINT32_MAX;
  if (interceptors.invocation_counter) interceptors.invocation_counter(counter);
  return counter;
}

std::uint32_t ClientAssociation::invocation_counter() const {
  return settings_.shared_counter ? settings_.shared_counter->next() : settings_.invocation_counter;
}

void ClientAssociation::set_invocation_counter(std::uint32_t counter) {
  if (settings_.shared_counter) settings_.shared_counter->set(counter);
  settings_.invocation_counter = counter;
  counter_exhausted_ = false;
}

SecurityKeys ClientAssociation::keys_for(CipherForm form) const {
  SecurityKeys keys = settings_.keys.value_or(SecurityKeys{});
  const bool dedicated = is_dedicated_form(form);
  const Bytes& dedicated_key = settings_.initiate.dedicated_key;
  if (dedicated && dedicated_key.size() == keys.encryption.size()) {
    keys.encryption = *SymmetricKey::from(dedicated_key);
  }
  return keys;
}

Result<Bytes> ClientAssociation::protect(Bytes&& plain, const Interceptors& interceptors) {
  Bytes octets = std::move(plain);
  intercept(interceptors.apdu_out, octets);
  std::uint8_t control = settings_.ciphered ? settings_.control : std::uint8_t{0};
  if (interceptors.security_control) interceptors.security_control(control);
  const bool is_pass_3 = state_ == AssociationState::authenticating;
  if (settings_.general.form.any() && (!is_pass_3 || settings_.general.also_in_pass_3)) {
    Result<Bytes> layered = protect_general(std::move(octets), control, interceptors);
    if (layered.has_error()) return layered;
    octets = std::move(*layered);
  } else if (control != 0) {
    Result<Bytes> ciphered = cipher(octets, control, interceptors);
    if (ciphered.has_error()) return ciphered;
    octets = std::move(*ciphered);
  }
  intercept(interceptors.ciphered_out, octets);
  return octets;
}

Result<Bytes> ClientAssociation::cipher(BytesView plain, std::uint8_t control,
                                        const Interceptors& interceptors) {
  const auto title = system_title_from(settings_.system_title);
  if (!settings_.keys || !title) return CosemError::missing_secret;
  const Result<std::uint32_t> counter = next_counter(interceptors);
  if (counter.has_error()) return counter.error();
  return protect_apdu(keys_for(settings_.form), *title, control, *counter, plain, settings_.form);
}

Result<Unprotected> ClientAssociation::decipher(const CipheredApdu& parsed) const {
  const auto title = parsed.title ? parsed.title : server_title_;
  if (!settings_.keys || !title) return CosemError::missing_secret;
  return cosem::unprotect(keys_for(parsed.form), *title, parsed.protected_octets);
}

Result<ClientAssociation::Incoming> ClientAssociation::unprotect(BytesView octets) {
  const bool is_signed_inside = settings_.general.form.signing == Signing::inside;
  if (is_general_protection(octets) || (is_signed_inside && is_ciphered(octets))) {
    return open_general(octets);
  }
  Incoming incoming;
  if (!is_ciphered(octets)) {
    incoming.plain.assign(octets.begin(), octets.end());
    return incoming;
  }
  const Result<CipheredApdu> parsed = parse_ciphered(octets);
  if (parsed.has_error()) return parsed.error();
  Result<Unprotected> opened = decipher(*parsed);
  if (opened.has_error()) return opened.error();
  if (parsed->plain_tag &&
      (opened->plain.empty() || opened->plain.front() != std::byte{*parsed->plain_tag})) {
    return CosemError::unexpected_apdu;
  }
  if (settings_.check_server_counter) {
    const Result<void> fresh =
        (is_dedicated_form(parsed->form) ? server_dedicated_counter_ : server_counter_)
            .accept(opened->invocation_counter);
    if (fresh.has_error()) return fresh.error();
  }
  incoming.plain = std::move(opened->plain);
  incoming.was_ciphered = true;
  incoming.control = opened->control;
  incoming.invocation_counter = opened->invocation_counter;
  return incoming;
}

std::size_t ClientAssociation::server_max_pdu() const {
  if (!negotiated_ || negotiated_->max_pdu == 0) return 0xFFFF;
  return negotiated_->max_pdu;
}

}  // namespace meterproof::cosem
