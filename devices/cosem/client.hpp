// Client: a blocking DLMS/COSEM client over any ApduTransport. Plain functions with a Deadline and
// a stop token; refusals and nonsense of the meter are values.
//
// Two levels. For legitimate use: open(), get(), set(), action(), close(). For procedures that
// attack: the steps of opening one by one, exchange() for a plain APDU of one's own under the
// association's protection, raw_exchange() for octets as they are, and interceptors at each
// boundary.
#pragma once

#include <deque>
#include <memory>
#include <stop_token>

#include "devices/cosem/access.hpp"
#include "devices/cosem/apdu_transport.hpp"
#include "devices/cosem/association.hpp"
#include "devices/cosem/short_names.hpp"
#include "harness/deadline.hpp"

namespace meterproof::cosem {

class Client {
 public:
  Client(std::unique_ptr<ApduTransport> transport, ClientSettings settings);
  // Does not send anything; close() first when the meter should know.
  ~Client();
  Client(Client&&) noexcept;
  Client& operator=(Client&&) noexcept;

  // Transport, association and, with HLS, mutual authentication.
  Result<void> open(harness::Deadline deadline, std::stop_token stop);
  // Release and disconnect. Goes on to the disconnect when the release fails, and reports the first
  // error.
  Result<void> close(harness::Deadline deadline, std::stop_token stop);

  Result<Data> get(const AttributeDescriptor& attribute, harness::Deadline deadline,
                   std::stop_token stop, std::optional<SelectiveAccess> access = {});
  Result<std::vector<DataOrResult>> get_list(const std::vector<SelectedAttribute>& attributes,
                                             harness::Deadline deadline, std::stop_token stop);
  Result<void> set(const AttributeDescriptor& attribute, const Data& value,
                   harness::Deadline deadline, std::stop_token stop,
                   std::optional<SelectiveAccess> access = {});
  // One result for each attribute.
  Result<std::vector<DataAccessResult>> set_list(const std::vector<SelectedAttribute>& attributes,
                                                 const std::vector<Data>& values,
                                                 harness::Deadline deadline, std::stop_token stop);
  // What the method returned; nothing when it returns nothing.
  Result<std::optional<Data>> action(const MethodDescriptor& method,
                                     const std::optional<Data>& parameters,
                                     harness::Deadline deadline, std::stop_token stop);

  Result<std::vector<ActionOutcome>> action_list(const std::vector<MethodDescriptor>& methods,
                                                 const std::vector<Data>& parameters,
                                                 harness::Deadline deadline, std::stop_token stop);
  // The ACCESS service. The invoke id is the client's, the other bits of long_invoke_id are taken.
  Result<AccessResponse> access(AccessRequest request, harness::Deadline deadline,
                                std::stop_token stop);
  // Of a data-notification that asks for it (long_invoke::k_confirmed). Nothing comes back.
  Result<void> confirm(const DataNotification& notification, harness::Deadline deadline,
                       std::stop_token stop);

  // Short names. In an association with short-name referencing (ClientSettings::referencing) get,
  // set and action work as above, over the object list of the meter; these are the services
  // themselves.
  Result<std::vector<DataOrResult>> read(const std::vector<VariableAccess>& variables,
                                         harness::Deadline deadline, std::stop_token stop);
  Result<std::vector<DataAccessResult>> write(const std::vector<VariableAccess>& variables,
                                              const std::vector<Data>& values,
                                              harness::Deadline deadline, std::stop_token stop);
  // Nothing comes back.
  Result<void> write_unconfirmed(const std::vector<VariableAccess>& variables,
                                 const std::vector<Data>& values, harness::Deadline deadline,
                                 std::stop_token stop);
  // Read once in an association; valid until it ends.
  Result<const ShortNames*> short_names(harness::Deadline deadline, std::stop_token stop);

  // The steps of open(), in order.
  Result<void> connect_transport(harness::Deadline deadline, std::stop_token stop);
  Result<void> associate(harness::Deadline deadline, std::stop_token stop);     // AARQ, AARE
  Result<void> authenticate(harness::Deadline deadline, std::stop_token stop);  // HLS pass 3, 4
  Result<void> release(harness::Deadline deadline, std::stop_token stop);       // RLRQ, RLRE
  Result<void> disconnect_transport(harness::Deadline deadline, std::stop_token stop);

  // A plain APDU under the association's protection; the answer as plain octets. Exceptions and
  // refusals are answers here.
  struct Answer {
    Bytes plain;
    bool was_ciphered = false;
    std::uint8_t control = 0;
    std::uint32_t invocation_counter = 0;
    GeneralForm general;  // general-ciphering and general-signing that it came in
  };
  Result<Answer> exchange(BytesView plain_apdu, harness::Deadline deadline, std::stop_token stop);
  // Octets as they are; the answer as it came. No interceptors.
  Result<Bytes> raw_exchange(BytesView octets, harness::Deadline deadline, std::stop_token stop);

  // Notifications that came between answers, oldest first, and whether they were protected.
  struct Notification {
    std::variant<DataNotification, EventNotification, InformationReport> content;
    bool was_ciphered = false;
    std::uint8_t control = 0;
    Bytes octets;  // as they came
  };
  std::vector<Notification> take_notifications();
  // Waits for one.
  Result<Notification> wait_notification(harness::Deadline deadline, std::stop_token stop);

  ClientAssociation& association();
  const ClientAssociation& association() const;
  ApduTransport& transport();
  Interceptors& interceptors();
  std::uint32_t invocation_counter() const;
  void set_invocation_counter(std::uint32_t counter);
  // Answers that come plain inside a ciphered association are refused with CosemError::not_ciphered
  // by get, set and action (exception-response excepted). True lets them pass.
  void accept_plain_answers(bool accept);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace meterproof::cosem
