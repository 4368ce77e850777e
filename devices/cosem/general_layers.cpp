#include "devices/cosem/general_layers.hpp"

#include <algorithm>
#include <utility>

namespace meterproof::cosem {
namespace {

constexpr std::uint8_t k_ciphering_layer_tag = 0xDD, k_signing_layer_tag = 0xDF;
constexpr std::uint8_t k_both_protections = security_control::k_authenticated_encrypted;
// Of a header as this stack writes it: three times length and eight octets, two empty fields; then
// the length of the content.
constexpr std::size_t k_layer_octets = 1 + 3 * 9 + 2 + 3;
constexpr std::size_t k_wrapped_key_octets = 40, k_key_info_octets = 8;
constexpr std::size_t k_longest_transaction_id = 32;

GeneralHeader header_of(const MessageLayers& layers, const Bytes& transaction) {
  GeneralHeader header;
  header.transaction_id = transaction;
  header.originator_title.assign(layers.originator.begin(), layers.originator.end());
  header.recipient_title.assign(layers.recipient.begin(), layers.recipient.end());
  return header;
}

Result<void> signed_in_place(const GeneralKeys& own, const MessageLayers& layers, Bytes& apdu) {
  const auto layer = sign_general(own, header_of(layers, layers.transactions.signing), apdu);
  if (layer.has_error()) return layer.error();
  apdu = encode_general_signing(*layer);
  return {};
}

Result<Bytes> ciphered(const GeneralKeys& own, const MessageLayers& layers, BytesView apdu) {
  const auto layer =
      protect_general(own, header_of(layers, layers.transactions.ciphering), *layers.form.ciphering,
                      layers.control, layers.invocation_counter, apdu);
  if (layer.has_error()) return layer.error();
  return encode_general_ciphering(*layer);
}

KeyChoice choice_of(const GeneralCiphering& layer) {
  if (!layer.key_info) return KeyChoice::none;
  if (const auto* named = std::get_if<IdentifiedKey>(&*layer.key_info))
    return named->id == 1 ? KeyChoice::broadcast : KeyChoice::unicast;
  if (std::holds_alternative<WrappedKey>(*layer.key_info)) return KeyChoice::wrapped;
  const auto& agreed = std::get<AgreedKey>(*layer.key_info);
  return agreed.ciphered_data.empty() ? KeyChoice::static_agreement : KeyChoice::one_pass;
}

Result<void> check_header(const GeneralHeader& header, const SystemTitle& originator,
                          const SystemTitle& recipient) {
  if (!std::ranges::equal(header.originator_title, originator) ||
      !std::ranges::equal(header.recipient_title, recipient)) {
    return CosemError::wrong_system_title;
  }
  if (header.transaction_id.size() > k_longest_transaction_id) return CosemError::too_large;
  return {};
}

// Takes one layer after the other off.
struct Opening {
  const GeneralKeys& own;
  const SystemTitle& originator;
  const SystemTitle& recipient;
  const Decipher& decipher;
  OpenedLayers out;

  bool is_signed() const { return out.form.signing != Signing::none; }
  bool is_ciphered() const { return out.control != 0; }

  Result<Bytes> verify(BytesView octets) {
    if (is_signed()) return CosemError::unexpected_apdu;
    Result<GeneralSigning> layer = decode_general_signing(octets);
    if (layer.has_error()) return layer.error();
    const Result<void> ours = check_header(layer->header, originator, recipient);
    if (ours.has_error()) return ours.error();
    const Result<void> authentic = verify_general(own, *layer);
    if (authentic.has_error()) return authentic.error();
    out.form.signing = is_ciphered() ? Signing::inside : Signing::outside;
    out.transactions.signing = std::move(layer->header.transaction_id);
    return std::move(layer->content);
  }
  Result<Bytes> open_general(BytesView octets) {
    Result<GeneralCiphering> layer = decode_general_ciphering(octets);
    if (layer.has_error()) return layer.error();
    const Result<void> ours = check_header(layer->header, originator, recipient);
    if (ours.has_error()) return ours.error();
    Result<Unprotected> opened = unprotect_general(own, *layer);
    if (opened.has_error()) return opened.error();
    out.form.ciphering = choice_of(*layer);
    out.transactions.ciphering = std::move(layer->header.transaction_id);
    return take(std::move(*opened));
  }
  Result<Bytes> open_other(BytesView octets) {
    const Result<CipheredApdu> parsed = parse_ciphered(octets);
    if (parsed.has_error()) return parsed.error();
    Result<Unprotected> opened = decipher(*parsed);
    if (opened.has_error()) return opened.error();
    out.cipher_form = parsed->form;
    out.plain_tag = parsed->plain_tag;
    return take(std::move(*opened));
  }
  Result<Bytes> take(Unprotected&& opened) {
    out.control = opened.control;
    out.invocation_counter = opened.invocation_counter;
    return std::move(opened.plain);
  }
};

}  // namespace

std::size_t general_overhead(const GeneralForm& form, SecuritySuite suite) {
  const std::size_t point = 2 * field_octets(suite);
  std::size_t octets = 0;
  if (form.signing != Signing::none) octets += k_layer_octets + 1 + point;
  if (!form.ciphering) return octets;
  octets += k_layer_octets + k_key_info_octets;
  if (*form.ciphering == KeyChoice::wrapped) octets += k_wrapped_key_octets;
  if (*form.ciphering == KeyChoice::one_pass) octets += 2 * point;
  return octets;
}

bool is_general_protection(BytesView apdu) {
  return !apdu.empty() && (apdu.front() == std::byte{k_ciphering_layer_tag} ||
                           apdu.front() == std::byte{k_signing_layer_tag});
}

KeyRun key_run(KeyChoice choice) {
  switch (choice) {
    case KeyChoice::broadcast:
      return KeyRun::broadcast;
    case KeyChoice::static_agreement:
      return KeyRun::agreed;
    case KeyChoice::wrapped:
    case KeyChoice::one_pass:
      return KeyRun::fresh;
    case KeyChoice::none:
    case KeyChoice::unicast:
      break;
  }
  return KeyRun::unicast;
}

Bytes transaction_id_of(std::uint64_t number) {
  Bytes octets;
  append_integer(octets, number);
  return octets;
}

Result<Bytes> protect_in_layers(const GeneralKeys& own, const MessageLayers& layers, Bytes apdu,
                                const Cipher& cipher) {
  if (layers.form.signing == Signing::inside) {
    const Result<void> done = signed_in_place(own, layers, apdu);
    if (done.has_error()) return done.error();
  }
  if (cipher || (layers.form.ciphering && (layers.control & k_both_protections) != 0)) {
    Result<Bytes> done = layers.form.ciphering ? ciphered(own, layers, apdu) : cipher(apdu);
    if (done.has_error()) return done;
    apdu = std::move(*done);
  }
  if (layers.form.signing == Signing::outside) {
    const Result<void> done = signed_in_place(own, layers, apdu);
    if (done.has_error()) return done.error();
  }
  return apdu;
}

Result<OpenedLayers> open_layers(const GeneralKeys& own, const SystemTitle& originator,
                                 const SystemTitle& recipient, BytesView apdu,
                                 const Decipher& decipher) {
  Opening opening{own, originator, recipient, decipher, {}};
  opening.out.plain.assign(apdu.begin(), apdu.end());
  while (true) {
    const Bytes& octets = opening.out.plain;
    if (octets.empty()) return CosemError::truncated;
    const auto tag = std::to_integer<std::uint8_t>(octets.front());
    const bool general = tag == k_ciphering_layer_tag;
    if (tag != k_signing_layer_tag && !general && !is_ciphered(octets)) break;
    if (tag != k_signing_layer_tag && opening.is_ciphered()) return CosemError::unexpected_apdu;
    Result<Bytes> inner = tag == k_signing_layer_tag ? opening.verify(octets)
                          : general                  ? opening.open_general(octets)
                                                     : opening.open_other(octets);
    if (inner.has_error()) return inner.error();
    opening.out.plain = std::move(*inner);
  }
  return std::move(opening.out);
}

}  // namespace meterproof::cosem
