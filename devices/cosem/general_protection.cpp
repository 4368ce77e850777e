#include "devices/cosem/general_protection.hpp"

#include <openssl/rand.h>

#include <algorithm>

#include "devices/cosem/gcm.hpp"
#include "harness/errors.hpp"

namespace meterproof::cosem {
namespace {

constexpr std::byte k_one_pass_parameter{1}, k_static_parameter{2};

// transaction-id ... other-information, each with its length.
Bytes header_octets(const GeneralHeader& header) {
  Bytes out;
  for (const Bytes* field :
       {&header.transaction_id, &header.originator_title, &header.recipient_title,
        &header.date_time, &header.other_information}) {
    append_octets(out, *field);
  }
  return out;
}

// The header's fields with their lengths, the content without: as it follows the header in the
// additional authenticated data of general-ciphering, and as Gurux signs.
Bytes signed_octets(const GeneralHeader& header, BytesView content) {
  Bytes out = header_octets(header);
  append(out, content);
  return out;
}

Bytes general_aad(const GeneralKeys& keys, const GeneralHeader& header, std::uint8_t control,
                  BytesView clear_text) {
  Bytes aad;
  append_u8(aad, control);
  append(aad, keys.authentication);
  append(aad, header_octets(header));
  append(aad, clear_text);
  return aad;
}

Result<GcmVector> general_vector(const GeneralHeader& header, std::uint32_t counter) {
  if (!system_title_from(header.originator_title) || !system_title_from(header.recipient_title)) {
    return CosemError::wrong_system_title;
  }
  Bytes octets = header.originator_title;
  append_integer(octets, counter);
  GcmVector vector{};
  std::copy(octets.begin(), octets.end(), vector.begin());
  return vector;
}

SymmetricKey agreed_key(SecuritySuite suite, const GeneralHeader& header, BytesView z,
                        bool with_transaction) {
  Bytes party_u = header.originator_title;
  if (with_transaction) append_octets(party_u, header.transaction_id);
  return derive_key(suite, KeyUse::cipher, z, party_u, header.recipient_title);
}

struct ChosenKey {
  SymmetricKey key;
  std::optional<KeyInfo> info;
};

Result<ChosenKey> named_key(const std::optional<SymmetricKey>& key, std::optional<KeyInfo> info,
                            SecuritySuite suite) {
  if (!key || key->size() != key_octets(suite)) return CosemError::missing_secret;
  return ChosenKey{*key, std::move(info)};
}

Result<ChosenKey> new_wrapped_key(const GeneralKeys& own) {
  if (!own.master) return CosemError::missing_secret;
  Bytes drawn(key_octets(own.suite));
  if (RAND_bytes(reinterpret_cast<unsigned char*>(drawn.data()), static_cast<int>(drawn.size())) !=
      1) {
    throw harness::InternalError("OpenSSL has no random numbers");
  }
  Result<Bytes> wrapped = wrap_key(*own.master, drawn);
  if (wrapped.has_error()) return wrapped.error();
  return ChosenKey{*SymmetricKey::from(drawn), WrappedKey{0, std::move(*wrapped)}};
}

Result<ChosenKey> new_one_pass_key(const GeneralKeys& own, const GeneralHeader& header) {
  if (!own.peer_agreement_key || !own.signing_key) return CosemError::missing_secret;
  const Result<PrivateKey> ephemeral = PrivateKey::generate(own.suite);
  if (ephemeral.has_error()) return ephemeral.error();
  const Result<Bytes> z = shared_secret(*ephemeral, *own.peer_agreement_key);
  if (z.has_error()) return z.error();
  AgreedKey info{Bytes{k_one_pass_parameter}, ephemeral->public_key().octets()};
  append(info.ciphered_data, sign(*own.signing_key, ephemeral->public_key().octets()));
  return ChosenKey{agreed_key(own.suite, header, *z, false), std::move(info)};
}

Result<ChosenKey> static_key(const GeneralKeys& own, const GeneralHeader& header) {
  if (!own.peer_agreement_key || !own.agreement_key) return CosemError::missing_secret;
  const Result<Bytes> z = shared_secret(*own.agreement_key, *own.peer_agreement_key);
  if (z.has_error()) return z.error();
  return ChosenKey{agreed_key(own.suite, header, *z, true),
                   AgreedKey{Bytes{k_static_parameter}, {}}};
}

Result<ChosenKey> choose_key(const GeneralKeys& own, const GeneralHeader& header,
                             KeyChoice choice) {
  switch (choice) {
    case KeyChoice::none:
      return named_key(own.unicast, std::nullopt, own.suite);
    case KeyChoice::unicast:
      return named_key(own.unicast, IdentifiedKey{0}, own.suite);
    case KeyChoice::broadcast:
      return named_key(own.broadcast, IdentifiedKey{1}, own.suite);
    case KeyChoice::wrapped:
      return new_wrapped_key(own);
    case KeyChoice::one_pass:
      return new_one_pass_key(own, header);
    case KeyChoice::static_agreement:
      return static_key(own, header);
  }
  return CosemError::not_supported;
}

// The recipient's way to the key that the key-info speaks of.
struct FindKey {
  const GeneralKeys& own;
  const GeneralHeader& header;

  Result<SymmetricKey> operator()(const IdentifiedKey& info) const {
    if (info.id > 1) return CosemError::not_supported;
    const auto& key = info.id == 0 ? own.unicast : own.broadcast;
    if (!key || key->size() != key_octets(own.suite)) return CosemError::missing_secret;
    return *key;
  }
  Result<SymmetricKey> operator()(const WrappedKey& info) const {
    if (info.kek != 0) return CosemError::not_supported;
    if (!own.master) return CosemError::missing_secret;
    const Result<Bytes> octets = unwrap_key(*own.master, info.wrapped);
    if (octets.has_error()) return octets.error();
    const auto key = SymmetricKey::from(*octets);
    if (!key || key->size() != key_octets(own.suite)) return CosemError::bad_length;
    return *key;
  }
  Result<SymmetricKey> operator()(const AgreedKey& info) const {
    if (info.parameters.size() != 1) return CosemError::not_supported;
    if (!own.agreement_key) return CosemError::missing_secret;
    if (info.parameters.front() == k_one_pass_parameter) return one_pass(info.ciphered_data);
    if (info.parameters.front() != k_static_parameter) return CosemError::not_supported;
    if (!own.peer_agreement_key) return CosemError::missing_secret;
    if (!info.ciphered_data.empty()) return CosemError::bad_length;
    const Result<Bytes> z = shared_secret(*own.agreement_key, *own.peer_agreement_key);
    if (z.has_error()) return z.error();
    return agreed_key(own.suite, header, *z, true);
  }
  Result<SymmetricKey> one_pass(BytesView data) const {
    if (!own.peer_signing_key) return CosemError::missing_secret;
    const std::size_t point = 2 * field_octets(own.suite);
    if (data.size() != 2 * point) return CosemError::bad_length;
    const Result<PublicKey> ephemeral = PublicKey::from(own.suite, data.first(point));
    if (ephemeral.has_error()) return ephemeral.error();
    const Result<void> authentic =
        verify_signature(*own.peer_signing_key, data.first(point), data.subspan(point));
    if (authentic.has_error()) return authentic.error();
    const Result<Bytes> z = shared_secret(*own.agreement_key, *ephemeral);
    if (z.has_error()) return z.error();
    return agreed_key(own.suite, header, *z, false);
  }
};

}  // namespace

Result<GeneralCiphering> protect_general(const GeneralKeys& own, const GeneralHeader& header,
                                         KeyChoice choice, std::uint8_t control,
                                         std::uint32_t invocation_counter, BytesView plain) {
  const bool authenticated = (control & security_control::k_authenticated) != 0;
  const bool encrypted = (control & security_control::k_encrypted) != 0;
  if (!authenticated && !encrypted) return CosemError::bad_value;
  if ((control & security_control::k_suite) == 0) {
    control = static_cast<std::uint8_t>(control | static_cast<std::uint8_t>(own.suite));
  }
  const Result<GcmVector> vector = general_vector(header, invocation_counter);
  if (vector.has_error()) return vector.error();
  Result<ChosenKey> chosen = choose_key(own, header, choice);
  if (chosen.has_error()) return chosen.error();
  GeneralCiphering apdu{header, std::move(chosen->info), {}};
  append_u8(apdu.content, control);
  append_integer(apdu.content, invocation_counter);
  const Bytes aad =
      authenticated ? general_aad(own, header, control, encrypted ? BytesView{} : plain) : Bytes{};
  if (!encrypted) append(apdu.content, plain);
  const auto tag =
      gcm_encrypt(chosen->key, *vector, aad, encrypted ? plain : BytesView{}, apdu.content);
  if (authenticated) append(apdu.content, tag);
  return apdu;
}

Result<Unprotected> unprotect_general(const GeneralKeys& own, const GeneralCiphering& apdu) {
  Reader reader(apdu.content);
  const auto control = reader.u8();
  const auto counter = reader.u32();
  if (!counter) return CosemError::truncated;
  const bool authenticated = (*control & security_control::k_authenticated) != 0;
  const bool encrypted = (*control & security_control::k_encrypted) != 0;
  if ((*control & security_control::k_compressed) != 0) {
    return CosemError::compression_not_supported;
  }
  if ((*control & security_control::k_suite) != static_cast<std::uint8_t>(own.suite)) {
    return CosemError::wrong_security_suite;
  }
  if (!authenticated && !encrypted) return CosemError::not_supported;
  const Result<GcmVector> vector = general_vector(apdu.header, *counter);
  if (vector.has_error()) return vector.error();
  BytesView body = reader.rest(), tag;
  if (authenticated) {
    if (body.size() < k_authentication_tag_octets) return CosemError::truncated;
    tag = body.last(k_authentication_tag_octets);
    body = body.first(body.size() - k_authentication_tag_octets);
  }
  const KeyInfo info = apdu.key_info.value_or(IdentifiedKey{0});
  const Result<SymmetricKey> key = std::visit(FindKey{own, apdu.header}, info);
  if (key.has_error()) return key.error();
  Unprotected out{*control, *counter, {}};
  const Bytes aad = authenticated
                        ? general_aad(own, apdu.header, *control, encrypted ? BytesView{} : body)
                        : Bytes{};
  if (!encrypted) {
    out.plain.assign(body.begin(), body.end());
    body = {};
  }
  if (!gcm_decrypt(*key, *vector, aad, body, tag, out.plain)) {
    return CosemError::bad_authentication_tag;
  }
  return out;
}

Result<GeneralSigning> sign_general(const GeneralKeys& own, const GeneralHeader& header,
                                    BytesView content) {
  if (!own.signing_key) return CosemError::missing_secret;
  return GeneralSigning{header, Bytes(content.begin(), content.end()),
                        sign(*own.signing_key, signed_octets(header, content))};
}

Result<void> verify_general(const GeneralKeys& own, const GeneralSigning& apdu) {
  if (!own.peer_signing_key) return CosemError::missing_secret;
  return verify_signature(*own.peer_signing_key, signed_octets(apdu.header, apdu.content),
                          apdu.signature);
}

}  // namespace meterproof::cosem
