#include "suites/conformance/appl_probe.hpp"

namespace meterproof::suites {

using cosem::Bytes;

namespace {

constexpr std::chrono::milliseconds k_silence_time{150};

struct KindOf {
  unsigned operator()(const cosem::GetResponseNormal& response) const {
    return std::holds_alternative<cosem::Data>(response.result) ? answer::k_value
                                                                : answer::k_refused;
  }
  unsigned operator()(const cosem::GetResponseWithBlock& response) const {
    return std::holds_alternative<Bytes>(response.result) ? answer::k_block : answer::k_refused;
  }
  unsigned operator()(const cosem::SetResponseNormal& response) const {
    return of(response.result == cosem::DataAccessResult::success);
  }
  unsigned operator()(const cosem::SetResponseLastBlock& response) const {
    return of(response.result == cosem::DataAccessResult::success);
  }
  unsigned operator()(const cosem::ActionResponseNormal& response) const {
    return of(response.outcome.result == cosem::ActionResult::success);
  }
  unsigned operator()(const cosem::SetResponseBlock&) const { return answer::k_block; }
  unsigned operator()(const cosem::ActionResponseNextPblock&) const { return answer::k_block; }
  unsigned operator()(const cosem::ActionResponseWithPblock&) const { return answer::k_block; }
  unsigned operator()(const cosem::GetResponseWithList&) const { return answer::k_list; }
  unsigned operator()(const cosem::SetResponseWithList&) const { return answer::k_list; }
  unsigned operator()(const cosem::ActionResponseWithList&) const { return answer::k_list; }
  unsigned operator()(const cosem::ExceptionResponse&) const { return answer::k_exception; }
  unsigned operator()(const cosem::ConfirmedServiceError&) const { return answer::k_service_error; }
  template <class Other>
  unsigned operator()(const Other&) const {
    return answer::k_other;
  }
  static unsigned of(bool success) { return success ? answer::k_success : answer::k_refused; }
};

}  // namespace

unsigned answer_kind(const std::optional<Bytes>& octets) {
  if (!octets || octets->empty()) return answer::k_silence;
  if (const auto acse = cosem::decode_acse(*octets)) {
    if (const auto* aare = std::get_if<cosem::Aare>(&*acse)) {
      return aare->result == cosem::association_result::k_accepted ? answer::k_aare_accepted
                                                                   : answer::k_aare_rejected;
    }
    return std::holds_alternative<cosem::Rlre>(*acse) ? answer::k_rlre : answer::k_other;
  }
  const auto apdu = cosem::decode_apdu(*octets);
  return apdu ? std::visit(KindOf{}, *apdu) : answer::k_other;
}

std::string answer_text(unsigned bits) {
  static const std::pair<unsigned, const char*> k_names[] = {
      {answer::k_silence, "silence"},
      {answer::k_aare_accepted, "AARE accepted"},
      {answer::k_aare_rejected, "AARE rejected"},
      {answer::k_exception, "exception-response"},
      {answer::k_service_error, "confirmedServiceError"},
      {answer::k_value, "a value"},
      {answer::k_block, "a block"},
      {answer::k_success, "success"},
      {answer::k_refused, "a refusal"},
      {answer::k_list, "a list"},
      {answer::k_rlre, "RLRE"},
      {answer::k_other, "something else"}};
  std::string text;
  for (const auto& [bit, name] : k_names) {
    if ((bits & bit) != 0) text += (text.empty() ? "" : " or ") + std::string(name);
  }
  return text;
}

ApplProbe::ApplProbe(Target& target, std::string client)
    : target_(target), client_(std::move(client)) {
  auto connected = target.connect(client_);
  target.context().require(connected.has_value(), "connected", said(connected));
  session_ = std::move(*connected);
  session_->accept_plain_answers(true);
}

void ApplProbe::associate(const std::function<void(cosem::ClientSettings&)>& change) {
  cosem::ClientSettings settings = target_.settings(client_);
  if (change) change(settings);
  (void)session_->disconnect_transport(target_.deadline(), target_.stop());
  session_.reset();
  auto opened = target_.login(client_, std::move(settings));
  target_.context().require(opened.has_value(), "association", said(opened));
  session_ = std::move(*opened);
  session_->accept_plain_answers(true);
  associated_ = true;
}

std::optional<Bytes> ApplProbe::send(const Bytes& apdu, bool with_patience) {
  const auto deadline = target_.deadline(with_patience ? k_answer_time : k_silence_time);
  if (associated_ && session_->association().settings().ciphered) {
    auto answered = session_->exchange(apdu, deadline, target_.stop());
    if (!answered) return std::nullopt;
    return std::move(answered->plain);
  }
  auto answered = session_->raw_exchange(apdu, deadline, target_.stop());
  if (!answered) return std::nullopt;
  return std::move(*answered);
}

Bytes ApplProbe::aarq() const {
  const auto octets = cosem::ClientAssociation(target_.settings(client_)).aarq();
  target_.context().require(octets.has_value(), "aarq", said(octets));
  return *octets;
}

Bytes changed_aarq(const ApplProbe& probe, const std::function<void(cosem::Aarq&)>& change) {
  cosem::Aarq aarq = std::get<cosem::Aarq>(cosem::decode_acse(probe.aarq()).value());
  change(aarq);
  return cosem::encode_acse(aarq);
}

Bytes changed_initiate(const ApplProbe& probe,
                       const std::function<void(cosem::InitiateRequest&)>& change) {
  return changed_aarq(probe, [&](cosem::Aarq& aarq) {
    cosem::InitiateRequest initiate = cosem::decode_initiate_request(aarq.user_information).value();
    change(initiate);
    aarq.user_information = cosem::encode(initiate);
  });
}

Bytes aarq_with(const Bytes& aarq, const Bytes& elements, bool first) {
  constexpr std::size_t k_context_element = 11;  // A1 09 06 07 and the object identifier
  Bytes contents(aarq.begin() + 2, aarq.end());
  contents.insert(contents.begin() + (first ? 0 : k_context_element), elements.begin(),
                  elements.end());
  Bytes out{aarq.front()};
  cosem::append_octets(out, contents);
  return out;
}

Bytes octets_of(std::initializer_list<unsigned> values) {
  Bytes octets;
  for (const unsigned value : values) octets.push_back(static_cast<std::byte>(value));
  return octets;
}

}  // namespace meterproof::suites
