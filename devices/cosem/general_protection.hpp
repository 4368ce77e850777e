// General protection (IEC 62056-5-3): APDUs that carry any other APDU end to end between two
// systems, whoever stands between them.
//
//   general-ciphering DD  header, key-info, ciphered content: the key is named (identified-key),
//                         sent along wrapped under the master key (wrapped-key), or agreed by ECDH
//                         (agreed-key: one-pass C(1e,1s) with a signed ephemeral key, or static
//                         C(0e,2s)); key agreement needs security suite 1 or 2
//   general-signing   DF  header, content, ECDSA signature
//
// The header (transaction, originator, recipient, date-time, other information) is part of what is
// authenticated and signed, each field with its length; the content follows without one. No public
// example of the authenticated form reproduces: what is certain of it are the key agreement and the
// ciphertext.
#pragma once

#include <variant>

#include "devices/cosem/elliptic.hpp"

namespace meterproof::cosem {

struct GeneralHeader {
  Bytes transaction_id;
  Bytes originator_title, recipient_title;  // system titles, 8 octets
  Bytes date_time;                          // 12 octets or none
  Bytes other_information;
  bool operator==(const GeneralHeader&) const = default;
};

struct IdentifiedKey {
  std::uint8_t id = 0;  // 0 global unicast, 1 global broadcast
  bool operator==(const IdentifiedKey&) const = default;
};
struct WrappedKey {
  std::uint8_t kek = 0;  // 0 master key
  Bytes wrapped;
  bool operator==(const WrappedKey&) const = default;
};
struct AgreedKey {
  Bytes parameters;     // one octet: 01 one-pass, 02 static
  Bytes ciphered_data;  // one-pass: ephemeral public key || signature; static: none
  bool operator==(const AgreedKey&) const = default;
};
using KeyInfo = std::variant<IdentifiedKey, WrappedKey, AgreedKey>;

struct GeneralCiphering {
  GeneralHeader header;
  std::optional<KeyInfo> key_info;  // nothing: both sides know which key
  Bytes content;                    // SC || IC || ciphertext || tag
  bool operator==(const GeneralCiphering&) const = default;
};
struct GeneralSigning {
  GeneralHeader header;
  Bytes content;    // a whole APDU
  Bytes signature;  // r || s
  bool operator==(const GeneralSigning&) const = default;
};

Bytes encode_general_ciphering(const GeneralCiphering& apdu);
Bytes encode_general_signing(const GeneralSigning& apdu);
Result<GeneralCiphering> decode_general_ciphering(BytesView octets);
Result<GeneralSigning> decode_general_signing(BytesView octets);

// What one side has. Only what the chosen way needs must be there, else missing_secret.
struct GeneralKeys {
  SecuritySuite suite = SecuritySuite::suite_0;
  SymmetricKey authentication;              // GAK
  std::optional<SymmetricKey> unicast;      // GUEK
  std::optional<SymmetricKey> broadcast;    // GBEK
  std::optional<SymmetricKey> master;       // KEK of wrapped keys
  std::optional<PrivateKey> agreement_key;  // own static key agreement key
  std::optional<PublicKey> peer_agreement_key;
  std::optional<PrivateKey> signing_key;
  std::optional<PublicKey> peer_signing_key;
};

enum class KeyChoice { none, unicast, broadcast, wrapped, one_pass, static_agreement };

// Originator's side. The key of `wrapped` and the ephemeral key of `one_pass` are drawn anew.
// bad_value when the control octet protects nothing, wrong_system_title when the header's titles
// are not 8 octets each.
Result<GeneralCiphering> protect_general(const GeneralKeys& own, const GeneralHeader& header,
                                         KeyChoice choice, std::uint8_t control,
                                         std::uint32_t invocation_counter, BytesView plain);
// Recipient's side. Errors: as unprotect(), and bad_signature for the ephemeral key, bad_public_key
// for one that is not on the curve, bad_authentication_tag for a key that does not unwrap.
Result<Unprotected> unprotect_general(const GeneralKeys& own, const GeneralCiphering& apdu);

Result<GeneralSigning> sign_general(const GeneralKeys& own, const GeneralHeader& header,
                                    BytesView content);
// bad_signature, bad_length, missing_secret.
Result<void> verify_general(const GeneralKeys& own, const GeneralSigning& apdu);

}  // namespace meterproof::cosem
