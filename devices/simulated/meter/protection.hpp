// Protection: takes protected requests apart and protects answers (suite 0), with the checks in the
// one safe order: form, tag, counter, policy, and only then the content.
#pragma once

#include <variant>

#include "devices/simulated/meter/event_log.hpp"
#include "devices/simulated/meter/session.hpp"

namespace meterproof::simulated {

struct Opened {
  cosem::Bytes plain;
  cosem::CipherForm form = cosem::CipherForm::global;
  std::uint32_t invocation_counter = 0;
  std::uint64_t fresh_from = 0;  // lowest acceptable counter before this message
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
  // User-information of an AARQ under one of the role's keys: InitiateRequest in the clear. On
  // success session.keys is set and the counter is taken. Tries every key of the role.
  cosem::Result<cosem::Bytes> open_initiate(Session& session, Role& role,
                                            cosem::BytesView user_information) const;

 private:
  Policy policy_;
  cosem::SystemTitle own_title_;
};

}  // namespace meterproof::simulated
