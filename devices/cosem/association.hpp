// ClientAssociation: the client's side of one application association as a state machine without
// I/O. It makes the octets to send and digests the octets that came; it never waits and never draws
// random numbers itself (the challenge is given), so that every step can be tested and attacked.
//
//   idle -> aarq() -> awaiting AARE -> accept_aare() -> open, or authenticating with HLS
//   authenticating -> hls_request() -> accept_hls_reply() -> open -> rlrq() -> accept_rlre() ->
//   idle
#pragma once

#include <chrono>
#include <memory>
#include <optional>

#include "devices/cosem/acse.hpp"
#include "devices/cosem/apdu.hpp"
#include "devices/cosem/ciphering.hpp"
#include "devices/cosem/counter_ledger.hpp"
#include "devices/cosem/general_layers.hpp"
#include "devices/cosem/hls.hpp"
#include "devices/cosem/initiate.hpp"
#include "devices/cosem/interceptors.hpp"

namespace meterproof::cosem {

// How requests name objects: by logical name (contexts 1 and 3) or by short name (2 and 4).
enum class Referencing { logical_name, short_name };

// general-block-transfer, offered when window is not 0 and used when the server agrees.
struct GeneralBlockSettings {
  std::uint8_t window = 0;  // blocks that the client takes in one stream: 1..63
  bool short_requests =
      true;  // also those that fit into one APDU: the first block tells the window
  std::chrono::milliseconds patience{3000};  // of silence before the client reminds
  int reminders = 3;                         // in a row, then the deadline decides
};

// general-ciphering and general-signing of requests. Answers in these forms are opened whatever is
// chosen here, as far as the keys go; signing keys are those of ClientSettings.
struct GeneralSettings {
  GeneralForm form;
  std::optional<SymmetricKey> broadcast, master;  // GBEK; KEK of wrapped keys
  std::optional<PrivateKey> agreement_key;        // the client's own, static key agreement
  std::optional<PublicKey> server_agreement_key;
  // Pass 3 of HLS too. False: it goes in ClientSettings::form, for servers that take no other.
  bool also_in_pass_3 = true;
};

struct ClientSettings {
  Referencing referencing = Referencing::logical_name;
  std::uint8_t mechanism = mechanism::k_none;  // none, LLS or HLS 3..7
  bool ciphered = false;                       // application context LN with ciphering
  // Protection of requests once a key is in use: 0, 0x10, 0x20 or 0x30.
  std::uint8_t control = security_control::k_authenticated_encrypted;
  CipherForm form = CipherForm::global;  // unless general says general-ciphering
  GeneralSettings general;
  Bytes system_title;                     // 8 octets; needed with ciphering or HLS 5, 6, 7
  Bytes password;                         // LLS, and the secret of HLS 3, 4, 6
  std::optional<SecurityKeys> keys;       // needed with ciphering or HLS-GMAC
  std::optional<PrivateKey> signing_key;  // HLS-ECDSA, general-signing, one-pass: the client's own
  std::optional<PublicKey> server_signing_key;  // the server's
  Bytes challenge;                              // CtoS, 8..64 octets; needed with HLS
  Bytes server_system_title;                    // known beforehand; else taken from the AARE
  std::uint32_t invocation_counter = 1;         // of the first protected APDU
  // Used instead of invocation_counter when set: associations under the same keys share one
  // counter, since the meter remembers the greatest it has seen of all of them.
  std::shared_ptr<InvocationCounter> shared_counter;
  bool check_server_counter = true;
  GeneralBlockSettings general_blocks;
  InitiateRequest initiate;
  // No AARQ and no release: both ends know the context from elsewhere, and the server grants what
  // initiate proposes (IEC 62056-5-3, 4.2.5).
  bool pre_established = false;
};

enum class AssociationState { idle, awaiting_aare, authenticating, open, releasing };

class ClientAssociation {
 public:
  explicit ClientAssociation(ClientSettings settings);

  AssociationState state() const { return state_; }
  const ClientSettings& settings() const { return settings_; }

  // Octets of the AARQ. missing_secret when keys, password, title or challenge are missing.
  Result<Bytes> aarq(const Interceptors& interceptors = {});
  // Opens a pre-established association. missing_secret as aarq().
  Result<void> establish();
  // Digests the answer. A refusal is an error of association_category().
  Result<void> accept_aare(BytesView octets);
  // Pass 3, plain; give it to protect() like any request.
  Result<Bytes> hls_request(const Interceptors& interceptors = {});
  // Pass 4: the plain answer to it. peer_not_authentic when f(CtoS) is wrong or missing.
  Result<void> accept_hls_reply(BytesView plain);
  Result<Bytes> rlrq(const Interceptors& interceptors = {});
  Result<void> accept_rlre(BytesView octets);
  void reset();

  // Plain request -> what goes to the transport. Uses and advances the invocation counter when it
  // ciphers.
  Result<Bytes> protect(BytesView plain, const Interceptors& interceptors = {}) {
    return protect(Bytes(plain.begin(), plain.end()), interceptors);
  }
  Result<Bytes> protect(Bytes&& plain, const Interceptors& interceptors = {});
  struct Incoming {
    Bytes plain;
    bool was_ciphered = false;
    std::uint8_t control = 0;
    std::uint32_t invocation_counter = 0;
    GeneralForm general;  // what it came in
  };
  // What came from the transport -> plain APDU. A plain APDU is passed on, marked as such: the
  // caller judges it (a procedure wants to see it, a careful client refuses it). An answer in a
  // general form must name the two systems and the transaction of the last request
  // (wrong_system_title, wrong_transaction); notifications have transactions of their own.
  Result<Incoming> unprotect(BytesView octets);

  // Of the next protected APDU or HLS token.
  std::uint32_t invocation_counter() const;
  void set_invocation_counter(std::uint32_t counter);

  const std::optional<Aare>& aare() const { return aare_; }  // StoC, title, oddities
  const std::optional<InitiateResponse>& negotiated() const { return negotiated_; }
  const std::optional<SystemTitle>& server_title() const { return server_title_; }
  bool short_names() const { return settings_.referencing == Referencing::short_name; }
  // Whether a service was negotiated; a bit of namespace conformance. True when the server sent no
  // InitiateResponse: then there is nothing to go by.
  bool negotiated(std::uint32_t conformance_bit) const {
    return !negotiated_ || (negotiated_->conformance & conformance_bit) != 0;
  }
  bool uses_general_blocks() const {
    return settings_.general_blocks.window > 0 && negotiated_ &&
           negotiated(conformance::k_general_block_transfer);
  }
  // Whether the answer to a request came with less than the request had: plain, or not signed.
  Result<void> check_answer(bool was_ciphered, const GeneralForm& general) const;
  // Octets that protection adds to a request, at most.
  std::size_t protection_overhead() const;
  // Longest APDU that the server takes; 0xFFFF when it states no limit.
  std::size_t server_max_pdu() const;

 private:
  Result<std::uint32_t> next_counter(const Interceptors& interceptors);
  Result<Bytes> cipher(BytesView plain, std::uint8_t control, const Interceptors& interceptors);
  Result<void> missing_for_association() const;
  Result<Bytes> user_information(const Interceptors& interceptors);
  SecurityKeys keys_for(CipherForm form) const;
  Result<Bytes> protect_general(Bytes plain, std::uint8_t control,
                                const Interceptors& interceptors);
  Result<Unprotected> decipher(const CipheredApdu& parsed) const;
  Result<void> accept_counter(KeyRun run, std::uint32_t counter);
  Result<Incoming> open_general(BytesView octets);
  HlsCredentials hls_credentials() const;

  ClientSettings settings_;
  AssociationState state_ = AssociationState::idle;
  std::optional<Aare> aare_;
  std::optional<InitiateResponse> negotiated_;
  std::optional<SystemTitle> server_title_;
  InvocationCounterCheck server_counter_, server_dedicated_counter_,  // one for each key
      server_broadcast_counter_, server_agreed_counter_;
  GeneralKeys general_keys_;
  Bytes transaction_id_;  // of the last request in a general form
  bool counter_exhausted_ = false;
};

}  // namespace meterproof::cosem
