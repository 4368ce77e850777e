// What the files of Client share: one connection's state and the transfer of single APDUs.
// Room-internal.
#pragma once

#include <vector>

#include "devices/cosem/client.hpp"

namespace meterproof::cosem {

// Longest value that a block transfer may add up to: a hostile meter never says "last block".
inline constexpr std::size_t k_max_transferred_octets = 16 * 1024 * 1024;

struct Client::Impl {
  Impl(std::unique_ptr<ApduTransport> transport_in, ClientSettings settings)
      : transport(std::move(transport_in)), association(std::move(settings)) {}

  // Sends octets that are never ciphered as a whole and gives the answer, notifications set aside.
  Result<Bytes> transfer_acse(BytesView octets, harness::Deadline deadline, std::stop_token stop);
  // One APDU from the transport, deciphered; nothing when it was a notification, which is queued.
  Result<std::optional<Answer>> receive_one(harness::Deadline deadline, std::stop_token stop);
  Result<Answer> next_answer(harness::Deadline deadline, std::stop_token stop);
  // One service request and its decoded answer. Exceptions are errors. Late answers to requests
  // that timed out are dropped.
  Result<Apdu> request(const Apdu& apdu, std::uint8_t invoke, harness::Deadline deadline,
                       std::stop_token stop);
  std::uint8_t next_invoke();
  // Octets of a value that fit into one APDU beside what else it carries.
  std::size_t room_for_value(std::size_t beside) const;

  std::unique_ptr<ApduTransport> transport;
  ClientAssociation association;
  Interceptors interceptors;
  std::vector<Notification> notifications;
  bool accept_plain = false;

 private:
  bool queue_notification(const Answer& answer, Bytes octets);

  std::uint8_t invoke_id_ = 0;
  std::uint16_t unanswered_ = 0;  // bit n: the request with invoke id n got no answer
};

}  // namespace meterproof::cosem
