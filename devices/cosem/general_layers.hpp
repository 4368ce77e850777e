// The layers of protection that general-ciphering DD and general-signing DF put around an APDU
// inside an association (IEC 62056-5-3): at most one signature and one ciphering, either inside the
// other. Both ends use these functions; which keys they have and which counters they accept is
// theirs.
//
//   general-ciphering instead of the service-specific and general-glo forms: GeneralForm::ciphering
//   general-signing of the plain APDU                     Signing::inside, or outside without
//   cipher
//   ... of the ciphered APDU, in whatever form            Signing::outside
//   ciphering, in whatever form, of the signed APDU       Signing::inside
//
// Each general layer has a header; a response mirrors the transaction ids of its request and swaps
// the system titles.
#pragma once

#include <functional>

#include "devices/cosem/general_protection.hpp"

namespace meterproof::cosem {

enum class Signing { none, outside, inside };

struct GeneralForm {
  std::optional<KeyChoice> ciphering;  // nothing: no general-ciphering
  Signing signing = Signing::none;
  bool any() const { return ciphering || signing != Signing::none; }
  bool operator==(const GeneralForm&) const = default;
};

// What key agreement of a message in this form, its headers and its signature add, at most; octets.
std::size_t general_overhead(const GeneralForm& form, SecuritySuite suite);
bool is_general_protection(BytesView apdu);  // starts with DD or DF

// Keys under which invocation counters run separately. A key that is drawn or agreed anew for each
// message has no run of its own; all of them together have one.
enum class KeyRun { unicast, broadcast, agreed, fresh };
KeyRun key_run(KeyChoice choice);

// The transaction ids of the two layers' headers.
struct Transactions {
  Bytes signing, ciphering;
  bool operator==(const Transactions&) const = default;
};
// Eight octets of a number that the originator does not use twice.
Bytes transaction_id_of(std::uint64_t number);

struct MessageLayers {
  GeneralForm form;
  SystemTitle originator{}, recipient{};
  Transactions transactions;
  std::uint8_t control = 0;  // of general-ciphering; 0: nothing is ciphered in that form
  std::uint32_t invocation_counter = 0;
};
using Cipher = std::function<Result<Bytes>(BytesView)>;
// Originator's side. `cipher`: the other forms, used when the form has no general-ciphering; empty:
// none. Errors: as protect_general() and sign_general().
Result<Bytes> protect_in_layers(const GeneralKeys& own, const MessageLayers& layers, Bytes apdu,
                                const Cipher& cipher);

struct OpenedLayers {
  Bytes plain;
  GeneralForm form;
  Transactions transactions;
  std::optional<CipherForm> cipher_form;  // of ciphering in another form than general-ciphering
  std::optional<std::uint8_t> plain_tag;  // what that form says is inside
  std::uint8_t control = 0;               // 0: not ciphered
  std::uint32_t invocation_counter = 0;
};
using Decipher = std::function<Result<Unprotected>(const CipheredApdu&)>;
// Recipient's side: verifies every signature and authentication tag, and that each header names
// these two systems (wrong_system_title); bad_signature, unexpected_apdu for more layers than one
// of each, and the errors of unprotect_general() and decipher. Counters, transaction ids and the
// service inside are for the caller to judge.
Result<OpenedLayers> open_layers(const GeneralKeys& own, const SystemTitle& originator,
                                 const SystemTitle& recipient, BytesView apdu,
                                 const Decipher& decipher);

}  // namespace meterproof::cosem
