// What the files of Client share: one connection's state and the transfer of single APDUs.
// Room-internal.
#pragma once

#include <optional>
#include <vector>

#include "devices/cosem/block_transfer.hpp"
#include "devices/cosem/client.hpp"

namespace meterproof::cosem {

// Longest value that a block transfer may add up to: a hostile meter never says "last block".
inline constexpr std::size_t k_max_transferred_octets = 16 * 1024 * 1024;

struct Client::Impl {
  Impl(std::unique_ptr<ApduTransport> transport_in, ClientSettings settings)
      : transport(std::move(transport_in)), association(std::move(settings)) {}

  // Sends octets that are never ciphered as a whole and gives the answer, notifications set aside.
  Result<Bytes> transfer_acse(BytesView octets, harness::Deadline deadline, std::stop_token stop);
  // Protected octets of a request, in blocks when general-block-transfer is used.
  Result<void> send_request(Bytes octets, harness::Deadline deadline, std::stop_token stop);
  // The next whole APDU from the transport, put together from its blocks when it came in blocks.
  Result<Bytes> receive_whole(harness::Deadline deadline, std::stop_token stop);
  // One APDU from the transport, deciphered; nothing when it was a notification, which is queued.
  Result<std::optional<Answer>> receive_one(harness::Deadline deadline, std::stop_token stop);
  Result<Answer> next_answer(harness::Deadline deadline, std::stop_token stop);
  // One service request and its decoded answer. Exceptions are errors. Late answers to requests
  // that timed out are dropped.
  Result<Apdu> request(const Apdu& apdu, std::uint8_t invoke, harness::Deadline deadline,
                       std::stop_token stop);
  // Sends a plain request and gives the answer, whatever its service: exceptions and errors of the
  // meter are errors, and so is a plain answer where a ciphered one is due.
  Result<Answer> exchange_checked(BytesView plain, harness::Deadline deadline,
                                  std::stop_token stop);
  // The same without invoke ids.
  Result<ShortNameApdu> ask_short(const ShortNameApdu& apdu, harness::Deadline deadline,
                                  std::stop_token stop);
  template <class Request>
  Result<ShortNameApdu> send_short(const Request& request, harness::Deadline deadline,
                                   std::stop_token stop);
  Result<std::vector<DataOrResult>> read_short(const ReadRequest& request,
                                               harness::Deadline deadline, std::stop_token stop);
  Result<std::vector<DataAccessResult>> write_short(const WriteRequest& request,
                                                    harness::Deadline deadline,
                                                    std::stop_token stop);
  Result<const ShortNames*> short_names(harness::Deadline deadline, std::stop_token stop);
  Result<VariableAccess> variable_of(const SelectedAttribute& wanted, harness::Deadline deadline,
                                     std::stop_token stop);
  Result<std::vector<DataOrResult>> get_short(const std::vector<SelectedAttribute>& attributes,
                                              harness::Deadline deadline, std::stop_token stop);
  Result<std::vector<DataAccessResult>> set_short(const std::vector<SelectedAttribute>& attributes,
                                                  const std::vector<Data>& values,
                                                  harness::Deadline deadline, std::stop_token stop);
  Result<std::optional<Data>> action_short(const MethodDescriptor& method,
                                           const std::optional<Data>& parameters,
                                           harness::Deadline deadline, std::stop_token stop);
  std::uint8_t next_invoke();
  std::uint32_t next_long_invoke() { return long_invoke_id_ = (long_invoke_id_ + 1) & 0xFFFFFF; }
  // Octets of a value that fit into one APDU beside what else it carries.
  std::size_t room_for_value(std::size_t beside) const;

  std::unique_ptr<ApduTransport> transport;
  ClientAssociation association;
  Interceptors interceptors;
  std::vector<Notification> notifications;
  bool accept_plain = false;
  std::optional<ShortNames> names;  // of the association, when they were read

 private:
  bool queue_notification(const Answer& answer, Bytes octets);
  bool queue_report(const Answer& answer, Bytes octets);
  void queue(Notification notification, const Answer& answer, Bytes octets);
  BlockTransfer new_block_transfer() const;
  Result<void> send_all(const std::vector<Bytes>& blocks, harness::Deadline deadline,
                        std::stop_token stop);
  // Takes a block; the whole APDU when it was the last one missing.
  Result<std::optional<Bytes>> take_block(BytesView octets, harness::Deadline deadline,
                                          std::stop_token stop);

  std::optional<BlockTransfer> blocks_;  // of the exchange under way

  std::uint8_t invoke_id_ = 0;
  std::uint32_t long_invoke_id_ = 0;
  std::uint16_t unanswered_ = 0;  // bit n: the request with invoke id n got no answer
};

}  // namespace meterproof::cosem
