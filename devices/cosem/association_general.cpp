// ClientAssociation's requests and answers in general-ciphering and general-signing.
#include <utility>

#include "devices/cosem/association.hpp"
#include "devices/cosem/short_name.hpp"

namespace meterproof::cosem {
namespace {

bool is_under_dedicated_key(CipherForm form) {
  return form == CipherForm::dedicated || form == CipherForm::general_dedicated;
}

bool comes_unasked(BytesView plain) {
  if (plain.empty()) return false;
  const auto tag = std::to_integer<std::uint8_t>(plain.front());
  return tag == tags::k_data_notification || tag == tags::k_event_notification ||
         tag == tags::k_information_report;
}

}  // namespace

// One number serves as invocation counter and as transaction id, so neither is ever used twice.
Result<Bytes> ClientAssociation::protect_general(Bytes plain, std::uint8_t control,
                                                 const Interceptors& interceptors) {
  const auto title = system_title_from(settings_.system_title);
  if (!title || !server_title_) return CosemError::missing_secret;
  if (negotiated_ && !negotiated(conformance::k_general_protection)) {
    return CosemError::not_negotiated;
  }
  MessageLayers layers;
  layers.form = settings_.general.form;
  if (layers.form.signing == Signing::none && control == 0) return plain;
  const Result<std::uint32_t> counter = next_counter(interceptors);
  if (counter.has_error()) return counter.error();
  layers.originator = *title;
  layers.recipient = *server_title_;
  layers.control = control;
  layers.invocation_counter = *counter;
  transaction_id_ = transaction_id_of(*counter);
  layers.transactions = {transaction_id_, transaction_id_};
  Cipher cipher;
  if (!layers.form.ciphering && control != 0) {
    cipher = [&](BytesView apdu) {
      return protect_apdu(keys_for(settings_.form), *title, control, *counter, apdu,
                          settings_.form);
    };
  }
  return protect_in_layers(general_keys_, layers, std::move(plain), cipher);
}

// Under a key that is new with each message, the transaction id alone tells a replay: the client
// never uses one twice.
Result<void> ClientAssociation::accept_counter(KeyRun run, std::uint32_t counter) {
  if (!settings_.check_server_counter || run == KeyRun::fresh) return {};
  return (run == KeyRun::unicast     ? server_counter_
          : run == KeyRun::broadcast ? server_broadcast_counter_
                                     : server_agreed_counter_)
      .accept(counter);
}

Result<ClientAssociation::Incoming> ClientAssociation::open_general(BytesView octets) {
  const auto title = system_title_from(settings_.system_title);
  if (!title || !server_title_ || !settings_.keys) return CosemError::missing_secret;
  Result<OpenedLayers> opened =
      open_layers(general_keys_, *server_title_, *title, octets,
                  [this](const CipheredApdu& parsed) { return decipher(parsed); });
  if (opened.has_error()) return opened.error();
  const GeneralForm& form = opened->form;
  const bool inside = form.signing == Signing::inside;
  if (opened->plain_tag && !inside && opened->plain.front() != std::byte{*opened->plain_tag}) {
    return CosemError::unexpected_apdu;
  }
  if (!comes_unasked(opened->plain)) {
    const Transactions& named = opened->transactions;
    if ((form.signing != Signing::none && named.signing != transaction_id_) ||
        (form.ciphering && named.ciphering != transaction_id_)) {
      return CosemError::wrong_transaction;
    }
  }
  Result<void> fresh{};
  if (form.ciphering) {
    fresh = accept_counter(key_run(*form.ciphering), opened->invocation_counter);
  } else if (opened->cipher_form && settings_.check_server_counter) {
    fresh =
        (is_under_dedicated_key(*opened->cipher_form) ? server_dedicated_counter_ : server_counter_)
            .accept(opened->invocation_counter);
  }
  if (fresh.has_error()) return fresh.error();
  return Incoming{std::move(opened->plain), opened->control != 0, opened->control,
                  opened->invocation_counter, opened->form};
}

Result<void> ClientAssociation::check_answer(bool was_ciphered, const GeneralForm& general) const {
  if (settings_.ciphered && settings_.control != 0 && !was_ciphered) {
    return CosemError::not_ciphered;
  }
  const bool must_be_signed = settings_.general.form.signing != Signing::none;
  if (must_be_signed && general.signing == Signing::none) return CosemError::policy_not_met;
  return {};
}

std::size_t ClientAssociation::protection_overhead() const {
  // Ciphering adds tag, length, SC, IC, authentication tag and, in the general form, the title.
  if (!settings_.ciphered) return 0;
  return 36 + general_overhead(settings_.general.form, general_keys_.suite);
}

}  // namespace meterproof::cosem
