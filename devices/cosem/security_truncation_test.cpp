// The table of the decoders of security: ciphered APDUs, general protection, proofs, keys and
// certificates, cut anywhere, changed in any bit and followed by more.
#include "devices/cosem/certificate.hpp"
#include "devices/cosem/general_protection.hpp"
#include "devices/cosem/hls.hpp"
#include "devices/cosem/security_setup_client.hpp"
#include "devices/cosem/test_only/certificate_authority.hpp"
#include "devices/cosem/test_vectors.hpp"
#include "devices/test_only/hostile_octets.hpp"

namespace meterproof::cosem {
namespace {

using test::field;
using test::hex;
using test_only::bears_anything;
using test_only::Cuts;
using test_only::Decoded;
using test_only::decoded;
using test_only::DecoderCase;

const SystemTitle k_sender = system_title_from(hex("4D4D4D0000BC614E")).value();

SecurityKeys published_keys() {
  return security_keys_from(field("gb-t40-auth", "EK"), field("gb-t40-auth", "AK")).value();
}

Bytes encode_parsed(const CipheredApdu& apdu) {
  if (apdu.form == CipherForm::global || apdu.form == CipherForm::dedicated) {
    return encode_ciphered(apdu.tag, apdu.protected_octets);
  }
  Bytes out{std::byte{apdu.tag}};
  append_octets(out, apdu.title ? BytesView(*apdu.title) : BytesView());
  append_octets(out, apdu.protected_octets);
  return out;
}

void add_ciphered(std::vector<DecoderCase>& cases) {
  const Bytes get = field("gb-t40-auth", "plaintext_apdu");
  for (const CipherForm form : {CipherForm::global, CipherForm::dedicated,
                                CipherForm::general_global, CipherForm::general_dedicated}) {
    cases.push_back(
        {"parse_ciphered", to_hex(BytesView(get).first(1)),
         protect_apdu(published_keys(), k_sender, 0x30, 7, get, form).value(),
         [](BytesView octets) { return decoded(parse_ciphered(octets), encode_parsed); }});
  }
  cases.push_back(
      {"parse_ciphered", "two octets of length", field("tirol-push", "apdu"),
       [](BytesView octets) { return decoded(parse_ciphered(octets), encode_parsed); }});
  for (const std::uint8_t control : {std::uint8_t{0x10}, std::uint8_t{0x20}, std::uint8_t{0x30}}) {
    // What is encrypted and not authenticated may be cut by anybody: it opens to a shorter text.
    const bool authenticated = control != 0x20;
    cases.push_back(
        {"unprotect", "control " + to_hex(Bytes{std::byte{control}}),
         protect(published_keys(), k_sender, control, 7, get).value(),
         [](BytesView octets) {
           return decoded(unprotect(published_keys(), k_sender, octets), [](const Unprotected& o) {
             return protect(published_keys(), k_sender, o.control, o.invocation_counter, o.plain)
                 .value();
           });
         },
         authenticated ? Cuts::none_decodes : Cuts::some_decode, !authenticated});
  }
  cases.push_back({"unwrap_key", "", field("rfc3394-128", "wrapped"), [](BytesView octets) {
                     const Bytes kek = field("rfc3394-128", "kek");
                     return decoded(unwrap_key(kek, octets),
                                    [kek](const Bytes& key) { return wrap_key(kek, key).value(); });
                   }});
}

void add_proofs(std::vector<DecoderCase>& cases) {
  const Bytes challenge = hex("503677524A323146");
  cases.push_back({"verify_hls_gmac_token", "",
                   hls_gmac_token(published_keys(), k_sender, 3, challenge).value(),
                   [challenge](BytesView octets) {
                     return decoded(
                         verify_hls_gmac_token(published_keys(), k_sender, challenge, octets));
                   }});
  HlsCredentials secret;
  secret.mechanism = 6;
  secret.secret = to_bytes("secret");
  const HlsExchange exchange{k_sender, k_sender, challenge, hex("01")};
  cases.push_back({"verify_hls_token", "SHA-256", hls_token(secret, exchange, 0).value(),
                   [secret, exchange](BytesView octets) {
                     return decoded(verify_hls_token(secret, exchange, octets));
                   }});
  const auto key = PublicKey::from(SecuritySuite::suite_1, field("gb-c1-sig", "pub")).value();
  const Bytes message = field("gb-c1-sig", "message");
  cases.push_back({"verify_signature", "P-256", field("gb-c1-sig", "sig_r_s"),
                   [key, message](BytesView octets) {
                     return decoded(verify_signature(key, message, octets));
                   }});
}

void add_keys(std::vector<DecoderCase>& cases) {
  const Bytes title = hex("4D4D4D0000BC614E"), key = Bytes(16, std::byte{0x5A});
  cases.push_back({"system_title_from", "", title, [](BytesView octets) {
                     return decoded(system_title_from(octets), [](const SystemTitle& made) {
                       return Bytes(made.begin(), made.end());
                     });
                   }});
  cases.push_back({"SymmetricKey::from", "", key, [](BytesView octets) {
                     return decoded(SymmetricKey::from(octets), [](const SymmetricKey& made) {
                       return Bytes(made.begin(), made.end());
                     });
                   }});
  cases.push_back({"security_keys_from", "", key,
                   [key](BytesView octets) { return decoded(security_keys_from(octets, key)); }});
  for (const auto& [suite, octets] :
       {std::pair{SecuritySuite::suite_1, field("gb-c1-sig", "pub")},
        std::pair{SecuritySuite::suite_2, field("suiteb-p384", "pub")}}) {
    cases.push_back(
        {"PublicKey::from", std::to_string(octets.size()), octets, [suite = suite](BytesView one) {
           return decoded(PublicKey::from(suite, one),
                          [](const PublicKey& made) { return made.octets(); });
         }});
  }
  cases.push_back({"PrivateKey::from", "", field("gb-c1-sig", "priv"), [](BytesView octets) {
                     return decoded(PrivateKey::from(SecuritySuite::suite_1, octets),
                                    [](const PrivateKey& made) { return made.octets(); });
                   }});
}

GeneralKeys keys_of_one_system() {
  GeneralKeys keys;
  keys.suite = SecuritySuite::suite_1;
  keys.unicast = keys.broadcast = keys.master = SymmetricKey();
  keys.agreement_key = PrivateKey::generate(keys.suite).value();
  keys.peer_agreement_key = keys.agreement_key->public_key();
  keys.signing_key = keys.agreement_key;
  keys.peer_signing_key = keys.agreement_key->public_key();
  return keys;
}

void add_general_protection(std::vector<DecoderCase>& cases) {
  const GeneralKeys keys = keys_of_one_system();
  const GeneralHeader header{hex("0102030405060708"), hex("4D4D4D0000BC614E"),
                             hex("4D4D4D0000000001"), hex("07EA0504010A000000FFC400"), hex("AA")};
  for (const KeyChoice choice : {KeyChoice::none, KeyChoice::unicast, KeyChoice::wrapped,
                                 KeyChoice::one_pass, KeyChoice::static_agreement}) {
    const GeneralCiphering made =
        protect_general(keys, header, choice, 0x30, 7, hex("C001C1")).value();
    cases.push_back({"decode_general_ciphering", std::to_string(static_cast<int>(choice)),
                     encode_general_ciphering(made), [](BytesView octets) {
                       return decoded(decode_general_ciphering(octets), encode_general_ciphering);
                     }});
  }
  cases.push_back({"decode_general_signing", "",
                   encode_general_signing(sign_general(keys, header, hex("C001C1")).value()),
                   [](BytesView octets) {
                     return decoded(decode_general_signing(octets), encode_general_signing);
                   }});
}

void add_certificates(std::vector<DecoderCase>& cases) {
  for (const auto suite : {SecuritySuite::suite_1, SecuritySuite::suite_2}) {
    const test::CertificateAuthority authority(suite);
    cases.push_back({"Certificate::from_der", authority.name, authority.certificate.der(),
                     [](BytesView octets) {
                       const auto certificate = Certificate::from_der(octets);
                       if (certificate) {
                         (void)certificate->system_title();
                       }
                       return decoded(certificate,
                                      [](const Certificate& made) { return made.der(); });
                     }});
  }
  const auto key = PrivateKey::generate(SecuritySuite::suite_1).value();
  cases.push_back({"read_certificate_request", "", certificate_request(key, k_sender),
                   [](BytesView octets) { return decoded(read_certificate_request(octets)); }});
}

// What a meter answers to key_agreement.
void add_key_agreement(std::vector<DecoderCase>& cases) {
  const auto suite = SecuritySuite::suite_1;
  const auto signing = PrivateKey::generate(suite).value();
  const KeyAgreement ours{SymmetricKeyId::unicast_encryption, PrivateKey::generate(suite).value()};
  const KeyAgreement theirs{SymmetricKeyId::unicast_encryption,
                            PrivateKey::generate(suite).value()};
  cases.push_back({"KeyAgreement::key", "answer to key_agreement",
                   encode_data(theirs.parameters(signing)), [ours, signing](BytesView octets) {
                     const auto answer = decode_data(octets);
                     if (!answer) return decoded(answer);
                     return decoded(ours.key(*answer, signing.public_key(), k_sender, k_sender));
                   }});
}

TEST(Truncation, CipheredApdusAndProofs) {
  std::vector<DecoderCase> cases;
  add_ciphered(cases);
  add_proofs(cases);
  for (const DecoderCase& one : cases) bears_anything(one);
}

TEST(Truncation, KeysAndGeneralProtection) {
  std::vector<DecoderCase> cases;
  add_keys(cases);
  add_general_protection(cases);
  add_key_agreement(cases);
  for (const DecoderCase& one : cases) bears_anything(one);
}

TEST(Truncation, CertificatesAndTheirRequests) {
  std::vector<DecoderCase> cases;
  add_certificates(cases);
  for (const DecoderCase& one : cases) bears_anything(one);
}

}  // namespace
}  // namespace meterproof::cosem
