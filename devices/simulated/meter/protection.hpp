// Protection: takes protected requests apart and protects answers, with the checks in the one safe
// order: form, tags and signatures, counter, policy, and only then the content. An answer has the
// form of its request, general-ciphering and general-signing included.
#pragma once

#include <variant>

#include "devices/simulated/meter/event_log.hpp"
#include "devices/simulated/meter/session.hpp"

namespace meterproof::simulated {

struct Opened {
  cosem::Bytes plain;
  cosem::CipherForm form = cosem::CipherForm::global;
  // Of the global unicast key; 0 when the message was under another one.
  std::uint32_t invocation_counter = 0;
  std::uint64_t fresh_from = 0;  // lowest acceptable counter of that key before this message
  std::uint8_t control = 0;      // security control; 0: signed and not ciphered
  cosem::GeneralForm general;
  cosem::Transactions transactions;
};

struct Refusal {
  cosem::ExceptionResponse answer;
  SecurityEvent event = SecurityEvent::decryption_failed;
};

class Protection {
 public:
  Protection(const Policy& policy, const cosem::SystemTitle& own_title)
      : policy_(policy), own_title_(own_title) {}

  // A protected request of a session that has keys. Advances the received counter on success only.
  std::variant<Opened, Refusal> open(Session& session, cosem::BytesView apdu) const;
  // An answer in the protection that the role demands. Nothing when the key is used up.
  std::optional<cosem::Bytes> close(Session& session, cosem::BytesView plain,
                                    cosem::CipherForm form) const;
  // The same in all layers of the request that it answers.
  std::optional<cosem::Bytes> close_like(Session& session, cosem::BytesView plain,
                                         const Opened& request) const;
  // A message that answers nothing: signed when the policy wants responses signed.
  std::optional<cosem::Bytes> close_notification(Session& session, cosem::BytesView plain) const;
  // Octets of an answer in the clear that fit into what the client takes.
  static std::size_t room_for_answer(const Session& session, const Opened& request);
  // User-information of an AARQ under one of the role's keys: InitiateRequest in the clear. On
  // success session.keys is set and the counter is taken. Tries every key of the role.
  cosem::Result<cosem::Bytes> open_initiate(Session& session, Role& role,
                                            cosem::BytesView user_information) const;

 private:
  using Checked = std::variant<Opened, Refusal>;
  Checked open_layered(Session& session, cosem::BytesView apdu) const;
  cosem::Result<cosem::Unprotected> decipher(const Session& session,
                                             const cosem::CipheredApdu& ciphered) const;
  Policy policy_;
  cosem::SystemTitle own_title_;
};

}  // namespace meterproof::simulated
