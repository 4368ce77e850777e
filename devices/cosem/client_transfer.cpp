// Transfer of single APDUs: protection, notifications between answers, matching of answers.
#include "devices/cosem/client_impl.hpp"

namespace meterproof::cosem {
namespace {

// A meter must not fill the memory by notifying.
constexpr std::size_t k_max_queued_notifications = 1000;

std::uint8_t invoke_of(const Apdu& apdu) {
  return std::visit(
      [](const auto& one) -> std::uint8_t {
        if constexpr (requires { one.invoke; }) {
          return one.invoke;
        } else {
          return 0;
        }
      },
      apdu);
}

}  // namespace

Result<Bytes> Client::Impl::transfer_acse(BytesView octets, harness::Deadline deadline,
                                          std::stop_token stop) {
  const Result<void> sent = transport->send(octets, deadline, stop);
  if (sent.has_error()) return sent.error();
  Result<Answer> answer = next_answer(deadline, stop);
  if (answer.has_error()) return answer.error();
  return std::move(answer->plain);
}

Result<std::optional<Client::Answer>> Client::Impl::receive_one(harness::Deadline deadline,
                                                                std::stop_token stop) {
  Result<Bytes> octets = receive_whole(deadline, stop);
  if (octets.has_error()) return octets.error();
  Result<ClientAssociation::Incoming> incoming = association.unprotect(*octets);
  if (incoming.has_error()) return incoming.error();
  if (interceptors.apdu_in) interceptors.apdu_in(incoming->plain);
  Answer answer{std::move(incoming->plain), incoming->was_ciphered, incoming->control,
                incoming->invocation_counter, incoming->general};
  if (queue_notification(answer, std::move(*octets))) return std::optional<Answer>{};
  return std::optional<Answer>(std::move(answer));
}

bool Client::Impl::queue_notification(const Answer& answer, Bytes octets) {
  if (answer.plain.empty()) return false;
  const auto tag = std::to_integer<std::uint8_t>(answer.plain.front());
  if (tag != tags::k_data_notification && tag != tags::k_event_notification &&
      tag != tags::k_information_report) {
    return false;
  }
  if (tag == tags::k_information_report) return queue_report(answer, std::move(octets));
  const Result<Apdu> apdu = decode_apdu(answer.plain);
  if (apdu.has_error()) return false;
  Notification notification;
  if (const auto* data = std::get_if<DataNotification>(&*apdu)) notification.content = *data;
  if (const auto* event = std::get_if<EventNotification>(&*apdu)) notification.content = *event;
  queue(std::move(notification), answer, std::move(octets));
  return true;
}

bool Client::Impl::queue_report(const Answer& answer, Bytes octets) {
  Result<ShortNameApdu> apdu = decode_short_name(answer.plain);
  if (apdu.has_error()) return false;
  Notification notification;
  notification.content = std::get<InformationReport>(std::move(*apdu));
  queue(std::move(notification), answer, std::move(octets));
  return true;
}

void Client::Impl::queue(Notification notification, const Answer& answer, Bytes octets) {
  if (notifications.size() >= k_max_queued_notifications) return;
  notification.was_ciphered = answer.was_ciphered;
  notification.control = answer.control;
  notification.octets = std::move(octets);
  notifications.push_back(std::move(notification));
}

Result<Client::Answer> Client::Impl::next_answer(harness::Deadline deadline, std::stop_token stop) {
  while (true) {
    Result<std::optional<Answer>> answer = receive_one(deadline, stop);
    if (answer.has_error()) return answer.error();
    if (answer->has_value()) return std::move(**answer);
  }
}

Result<Apdu> Client::Impl::request(const Apdu& apdu, std::uint8_t invoke,
                                   harness::Deadline deadline, std::stop_token stop) {
  Result<Bytes> octets = association.protect(encode_apdu(apdu), interceptors);
  if (octets.has_error()) return octets.error();
  const Result<void> sent = send_request(std::move(*octets), deadline, stop);
  if (sent.has_error()) return sent.error();
  const auto id_bit = [](std::uint8_t id) { return static_cast<std::uint16_t>(1 << (id & 0x0F)); };
  unanswered_ |= id_bit(invoke);
  while (true) {
    const Result<Answer> answer = next_answer(deadline, stop);
    if (answer.has_error()) return answer.error();
    Result<Apdu> response = decode_apdu(answer->plain);
    if (response.has_error()) return response;
    if (const auto* exception = std::get_if<ExceptionResponse>(&*response)) {
      unanswered_ = 0;
      return to_error(*exception);
    }
    if (const auto* error = std::get_if<ConfirmedServiceError>(&*response)) {
      unanswered_ = 0;
      return to_error(*error);
    }
    const Result<void> as_asked = association.check_answer(answer->was_ciphered, answer->general);
    if (as_asked.has_error() && !accept_plain) return as_asked.error();
    const std::uint8_t answered = invoke_of(*response);
    if ((answered & 0x0F) == (invoke & 0x0F)) {
      unanswered_ = 0;
      return response;
    }
    if ((unanswered_ & id_bit(answered)) == 0) return CosemError::wrong_invoke_id;
    unanswered_ &= static_cast<std::uint16_t>(~id_bit(answered));
  }
}

Result<Client::Answer> Client::Impl::exchange_checked(BytesView plain, harness::Deadline deadline,
                                                      std::stop_token stop) {
  Result<Bytes> octets = association.protect(plain, interceptors);
  if (octets.has_error()) return octets.error();
  const Result<void> sent = send_request(std::move(*octets), deadline, stop);
  if (sent.has_error()) return sent.error();
  Result<Answer> answer = next_answer(deadline, stop);
  if (answer.has_error()) return answer;
  if (answer->plain.empty()) return CosemError::truncated;
  const auto tag = std::to_integer<std::uint8_t>(answer->plain.front());
  if (tag == tags::k_exception_response || tag == tags::k_confirmed_service_error) {
    const Result<Apdu> refusal = decode_apdu(answer->plain);
    if (refusal.has_error()) return refusal.error();
    if (const auto* exception = std::get_if<ExceptionResponse>(&*refusal))
      return to_error(*exception);
    return to_error(std::get<ConfirmedServiceError>(*refusal));
  }
  const Result<void> as_asked = association.check_answer(answer->was_ciphered, answer->general);
  if (as_asked.has_error() && !accept_plain) return as_asked.error();
  return answer;
}

std::uint8_t Client::Impl::next_invoke() {
  invoke_id_ = static_cast<std::uint8_t>(invoke_id_ % 15 + 1);
  return static_cast<std::uint8_t>(0xC0 | invoke_id_);
}

std::size_t Client::Impl::room_for_value(std::size_t beside) const {
  if (association.uses_general_blocks()) return k_max_transferred_octets;
  const std::size_t ciphering = association.protection_overhead();
  const std::size_t room = association.server_max_pdu();
  const std::size_t least = 16;
  return room > beside + ciphering + least ? room - beside - ciphering : least;
}

}  // namespace meterproof::cosem
