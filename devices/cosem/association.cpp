#include "devices/cosem/association.hpp"

#include <algorithm>
#include <utility>

#include "devices/cosem/hls.hpp"

namespace meterproof::cosem {
namespace {

void intercept(const std::function<void(Bytes&)>& interceptor, Bytes& octets) {
  if (interceptor) interceptor(octets);
}

// What a peer says instead of an ACSE answer.
Error refusal_in(BytesView octets) {
  const Result<Apdu> apdu = decode_apdu(octets);
  if (apdu.has_error()) return apdu.error();
  if (const auto* exception = std::get_if<ExceptionResponse>(&*apdu)) return to_error(*exception);
  if (const auto* error = std::get_if<ConfirmedServiceError>(&*apdu)) return to_error(*error);
  return CosemError::unexpected_apdu;
}

constexpr AttributeDescriptor k_association_object{15, names::k_current_association, 1};

}  // namespace

ClientAssociation::ClientAssociation(ClientSettings settings) : settings_(std::move(settings)) {
  server_title_ = system_title_from(settings_.server_system_title);
}

void ClientAssociation::reset() {
  state_ = AssociationState::idle;
  aare_.reset();
  negotiated_.reset();
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
  return {};
}

Result<Bytes> ClientAssociation::aarq(const Interceptors& interceptors) {
  reset();
  const Result<void> complete = missing_for_association();
  if (complete.has_error()) return complete.error();
  Aarq aarq;
  aarq.application_context = settings_.ciphered ? context::k_ln_ciphered : context::k_ln;
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

// The InitiateRequest, protected when the association is.
Result<Bytes> ClientAssociation::user_information(const Interceptors& interceptors) {
  const Bytes initiate = encode(settings_.initiate);
  if (!settings_.ciphered || settings_.control == 0) return initiate;
  const Result<std::uint32_t> counter = next_counter(interceptors);
  if (counter.has_error()) return counter.error();
  // There is no dedicated key yet.
  const CipherForm form = settings_.form == CipherForm::general_global ? CipherForm::general_global
                                                                       : CipherForm::global;
  return protect_apdu(*settings_.keys, *system_title_from(settings_.system_title),
                      settings_.control, *counter, initiate, form);
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

Result<Bytes> ClientAssociation::hls_request(const Interceptors& interceptors) {
  if (state_ != AssociationState::authenticating || !aare_) return CosemError::not_associated;
  if (settings_.mechanism != mechanism::k_hls_gmac) return CosemError::not_supported;
  if (!aare_->responding_authentication_value) return CosemError::peer_not_authentic;
  const Result<std::uint32_t> counter = next_counter(interceptors);
  if (counter.has_error()) return counter.error();
  const Result<Bytes> token =
      hls_gmac_token(*settings_.keys, *system_title_from(settings_.system_title), *counter,
                     *aare_->responding_authentication_value);
  if (token.has_error()) return token.error();
  ActionRequestNormal reply_to_hls;
  reply_to_hls.method = {k_association_object.class_id, k_association_object.instance, 1};
  reply_to_hls.parameters = octet_string(*token);
  return encode_apdu(reply_to_hls);
}

Result<void> ClientAssociation::accept_hls_reply(BytesView plain) {
  if (state_ != AssociationState::authenticating) return CosemError::unexpected_apdu;
  state_ = AssociationState::idle;
  const Result<Apdu> apdu = decode_apdu(plain);
  if (apdu.has_error()) return apdu.error();
  const auto* response = std::get_if<ActionResponseNormal>(&*apdu);
  if (response == nullptr) return refusal_in(plain);
  if (response->outcome.result != ActionResult::success) return response->outcome.result;
  const auto& returned = response->outcome.returned;
  const Data* data = returned ? std::get_if<Data>(&*returned) : nullptr;
  const auto token = data != nullptr ? data->octets() : std::nullopt;
  if (!token || !server_title_) return CosemError::peer_not_authentic;
  const auto verified =
      verify_hls_gmac_token(*settings_.keys, *server_title_, settings_.challenge, *token);
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
  std::uint32_t counter = settings_.shared_counter ? settings_.shared_counter->fetch_add(1)
                                                   : settings_.invocation_counter++;
  counter_exhausted_ = counter == UINT32_MAX;
  if (interceptors.invocation_counter) interceptors.invocation_counter(counter);
  return counter;
}

std::uint32_t ClientAssociation::invocation_counter() const {
  return settings_.shared_counter ? settings_.shared_counter->load() : settings_.invocation_counter;
}

void ClientAssociation::set_invocation_counter(std::uint32_t counter) {
  if (settings_.shared_counter) settings_.shared_counter->store(counter);
  settings_.invocation_counter = counter;
  counter_exhausted_ = false;
}

SecurityKeys ClientAssociation::keys_for(CipherForm form) const {
  SecurityKeys keys = settings_.keys.value_or(SecurityKeys{});
  const bool dedicated = form == CipherForm::dedicated || form == CipherForm::general_dedicated;
  const Bytes& dedicated_key = settings_.initiate.dedicated_key;
  if (dedicated && dedicated_key.size() == keys.encryption.size()) {
    std::copy(dedicated_key.begin(), dedicated_key.end(), keys.encryption.begin());
  }
  return keys;
}

Result<Bytes> ClientAssociation::protect(BytesView plain, const Interceptors& interceptors) {
  Bytes octets(plain.begin(), plain.end());
  intercept(interceptors.apdu_out, octets);
  std::uint8_t control = settings_.ciphered ? settings_.control : std::uint8_t{0};
  if (interceptors.security_control) interceptors.security_control(control);
  if (control != 0) {
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

Result<ClientAssociation::Incoming> ClientAssociation::unprotect(BytesView octets) {
  Incoming incoming;
  if (!is_ciphered(octets)) {
    incoming.plain.assign(octets.begin(), octets.end());
    return incoming;
  }
  const Result<CipheredApdu> parsed = parse_ciphered(octets);
  if (parsed.has_error()) return parsed.error();
  const auto title = parsed->title ? parsed->title : server_title_;
  if (!settings_.keys || !title) return CosemError::missing_secret;
  Result<Unprotected> opened =
      cosem::unprotect(keys_for(parsed->form), *title, parsed->protected_octets);
  if (opened.has_error()) return opened.error();
  if (parsed->plain_tag &&
      (opened->plain.empty() || opened->plain.front() != std::byte{*parsed->plain_tag})) {
    return CosemError::unexpected_apdu;
  }
  if (settings_.check_server_counter) {
    const Result<void> fresh = server_counter_.accept(opened->invocation_counter);
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
