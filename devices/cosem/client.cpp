#include "devices/cosem/client.hpp"

#include <utility>

#include "devices/cosem/client_impl.hpp"

namespace meterproof::cosem {

using harness::Deadline;

Client::Client(std::unique_ptr<ApduTransport> transport, ClientSettings settings)
    : impl_(std::make_unique<Impl>(std::move(transport), std::move(settings))) {}
Client::~Client() = default;
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;

Result<void> Client::open(Deadline deadline, std::stop_token stop) {
  Result<void> done = connect_transport(deadline, stop);
  if (done.has_error()) return done;
  if (association().settings().pre_established) return impl_->association.establish();
  done = associate(deadline, stop);
  if (done.has_error()) return done;
  if (association().state() != AssociationState::authenticating) return done;
  return authenticate(deadline, stop);
}

Result<void> Client::close(Deadline deadline, std::stop_token stop) {
  const bool released_by_rlrq = !association().settings().pre_established;
  const bool associated = association().state() == AssociationState::open ||
                          association().state() == AssociationState::authenticating;
  const Result<void> released =
      associated && released_by_rlrq ? release(deadline, stop) : Result<void>{};
  const Result<void> disconnected = disconnect_transport(deadline, stop);
  return released.has_error() ? released : disconnected;
}

Result<void> Client::connect_transport(Deadline deadline, std::stop_token stop) {
  return impl_->transport->connect(deadline, stop);
}

Result<void> Client::disconnect_transport(Deadline deadline, std::stop_token stop) {
  impl_->association.reset();
  impl_->names.reset();
  return impl_->transport->disconnect(deadline, stop);
}

Result<void> Client::associate(Deadline deadline, std::stop_token stop) {
  impl_->names.reset();
  const Result<Bytes> aarq = impl_->association.aarq(impl_->interceptors);
  if (aarq.has_error()) return aarq.error();
  const Result<Bytes> answer = impl_->transfer_acse(*aarq, deadline, stop);
  if (answer.has_error()) return answer.error();
  return impl_->association.accept_aare(*answer);
}

Result<void> Client::authenticate(Deadline deadline, std::stop_token stop) {
  const Result<Bytes> request = impl_->association.hls_request(impl_->interceptors);
  if (request.has_error()) return request.error();
  const Result<Answer> answer = exchange(*request, deadline, stop);
  if (answer.has_error()) return answer.error();
  return impl_->association.accept_hls_reply(answer->plain);
}

Result<void> Client::release(Deadline deadline, std::stop_token stop) {
  const Result<Bytes> rlrq = impl_->association.rlrq(impl_->interceptors);
  if (rlrq.has_error()) return rlrq.error();
  const Result<Bytes> answer = impl_->transfer_acse(*rlrq, deadline, stop);
  if (answer.has_error()) return answer.error();
  return impl_->association.accept_rlre(*answer);
}

Result<Client::Answer> Client::exchange(BytesView plain_apdu, Deadline deadline,
                                        std::stop_token stop) {
  Result<Bytes> request = impl_->association.protect(plain_apdu, impl_->interceptors);
  if (request.has_error()) return request.error();
  const Result<void> sent = impl_->send_request(std::move(*request), deadline, stop);
  if (sent.has_error()) return sent.error();
  return impl_->next_answer(deadline, stop);
}

Result<Bytes> Client::raw_exchange(BytesView octets, Deadline deadline, std::stop_token stop) {
  const Result<void> sent = impl_->transport->send(octets, deadline, stop);
  if (sent.has_error()) return sent.error();
  return impl_->transport->receive(deadline, stop);
}

std::vector<Client::Notification> Client::take_notifications() {
  return std::exchange(impl_->notifications, {});
}

Result<Client::Notification> Client::wait_notification(Deadline deadline, std::stop_token stop) {
  while (impl_->notifications.empty()) {
    const Result<std::optional<Answer>> answer = impl_->receive_one(deadline, stop);
    if (answer.has_error()) return answer.error();
    if (answer->has_value()) return CosemError::unexpected_apdu;
  }
  Notification first = std::move(impl_->notifications.front());
  impl_->notifications.erase(impl_->notifications.begin());
  return first;
}

ClientAssociation& Client::association() { return impl_->association; }
const ClientAssociation& Client::association() const { return impl_->association; }
ApduTransport& Client::transport() { return *impl_->transport; }
Interceptors& Client::interceptors() { return impl_->interceptors; }
std::uint32_t Client::invocation_counter() const { return impl_->association.invocation_counter(); }
void Client::set_invocation_counter(std::uint32_t counter) {
  impl_->association.set_invocation_counter(counter);
}
void Client::accept_plain_answers(bool accept) { impl_->accept_plain = accept; }

}  // namespace meterproof::cosem
