// SET and ACTION with lists, with their block transfers, and the ACCESS service.
#include "devices/cosem/apdu_reader.hpp"
#include "devices/cosem/client_impl.hpp"
#include "devices/cosem/service_blocks.hpp"

namespace meterproof::cosem {

using harness::Deadline;

namespace {

Bytes encode_values(const std::vector<Data>& values) {
  Bytes octets;
  append_length(octets, values.size());
  for (const Data& value : values) append_data(octets, value);
  return octets;
}

std::optional<Result<std::vector<DataAccessResult>>> set_list_end(Apdu& response,
                                                                  std::size_t wanted) {
  std::vector<DataAccessResult> results;
  if (auto* list = std::get_if<SetResponseWithList>(&response)) {
    results = std::move(list->results);
  } else if (auto* last = std::get_if<SetResponseLastBlockWithList>(&response)) {
    results = std::move(last->results);
  } else if (const auto* refused = std::get_if<SetResponseLastBlock>(&response)) {
    // One result for the whole list: the transfer was given up.
    return refused->result == DataAccessResult::success ? make_error_code(CosemError::bad_length)
                                                        : make_error_code(refused->result);
  } else {
    return std::nullopt;
  }
  if (results.size() != wanted) return CosemError::bad_length;
  return results;
}

Result<std::vector<ActionOutcome>> outcomes_in(const Bytes& octets) {
  ApduReader in(octets, {});
  std::vector<ActionOutcome> outcomes = in.list<ActionOutcome>([&] { return in.outcome(); });
  return in.finish(std::move(outcomes));
}

}  // namespace

Result<std::vector<DataAccessResult>> Client::set_list(
    const std::vector<SelectedAttribute>& attributes, const std::vector<Data>& values,
    Deadline deadline, std::stop_token stop) {
  if (attributes.size() != values.size() || attributes.empty()) return CosemError::bad_length;
  if (impl_->association.short_names()) {
    return impl_->set_short(attributes, values, deadline, stop);
  }
  if (!impl_->association.negotiated(conformance::k_set) ||
      !impl_->association.negotiated(conformance::k_multiple_references)) {
    return CosemError::not_negotiated;
  }
  const std::uint8_t invoke = impl_->next_invoke();
  const auto ask = [&](const Apdu& apdu) { return impl_->request(apdu, invoke, deadline, stop); };
  const SetRequestWithList whole{invoke, attributes, values};
  Bytes list = encode_values(values);
  const std::size_t beside = encode_apdu(whole).size() - list.size() + k_service_header_octets;
  const std::size_t room = impl_->room_for_value(beside);
  if (list.size() <= room) {
    Result<Apdu> response = ask(whole);
    if (response.has_error()) return response.error();
    auto end = set_list_end(*response, attributes.size());
    return end ? std::move(*end) : CosemError::unexpected_apdu;
  }
  if (!impl_->association.negotiated(conformance::k_block_transfer_with_set)) {
    return CosemError::not_negotiated;
  }
  BlockSource blocks(std::move(list), room);
  Result<Apdu> response = ask(SetRequestWithListAndFirstBlock{invoke, attributes, blocks.next()});
  while (true) {
    if (response.has_error()) return response.error();
    if (auto end = set_list_end(*response, attributes.size())) return std::move(*end);
    const auto* more = std::get_if<SetResponseBlock>(&*response);
    if (more == nullptr) return CosemError::unexpected_apdu;
    if (blocks.done() || more->block_number != blocks.number()) return CosemError::wrong_block;
    response = ask(SetRequestWithBlock{invoke, blocks.next()});
  }
}

Result<std::vector<ActionOutcome>> Client::action_list(const std::vector<MethodDescriptor>& methods,
                                                       const std::vector<Data>& parameters,
                                                       Deadline deadline, std::stop_token stop) {
  if (methods.size() != parameters.size() || methods.empty()) return CosemError::bad_length;
  // Short names have no list of methods.
  if (impl_->association.short_names()) return CosemError::not_supported;
  if (!impl_->association.negotiated(conformance::k_action) ||
      !impl_->association.negotiated(conformance::k_multiple_references)) {
    return CosemError::not_negotiated;
  }
  const std::uint8_t invoke = impl_->next_invoke();
  const auto ask = [&](const Apdu& apdu) { return impl_->request(apdu, invoke, deadline, stop); };
  const ActionRequestWithList whole{invoke, methods, parameters};
  Bytes list = encode_values(parameters);
  const std::size_t beside = encode_apdu(whole).size() - list.size() + k_service_header_octets;
  const std::size_t room = impl_->room_for_value(beside);
  const bool is_long = list.size() > room;
  if (is_long && !impl_->association.negotiated(conformance::k_block_transfer_with_action)) {
    return CosemError::not_negotiated;
  }
  BlockSource blocks(std::move(list), room);
  Result<Apdu> response =
      is_long ? ask(ActionRequestWithListAndFirstPblock{invoke, methods, blocks.next()})
              : ask(whole);
  Bytes value;
  std::uint32_t expected = 1;
  while (true) {
    if (response.has_error()) return response.error();
    Result<std::vector<ActionOutcome>> outcomes = CosemError::unexpected_apdu;
    if (auto* answer = std::get_if<ActionResponseWithList>(&*response)) {
      outcomes = std::move(answer->outcomes);
    } else if (const auto* refused = std::get_if<ActionResponseNormal>(&*response)) {
      if (refused->outcome.result != ActionResult::success) return refused->outcome.result;
    } else if (const auto* more = std::get_if<ActionResponseNextPblock>(&*response)) {
      if (!is_long || blocks.done() || more->block_number != blocks.number()) {
        return CosemError::wrong_block;
      }
      response = ask(ActionRequestWithPblock{invoke, blocks.next()});
      continue;
    } else if (const auto* part = std::get_if<ActionResponseWithPblock>(&*response)) {
      const Result<void> added = append_block(value, part->block.raw, part->block.number, expected);
      if (added.has_error()) return added.error();
      if (!part->block.last) {
        response = ask(ActionRequestNextPblock{invoke, part->block.number});
        continue;
      }
      outcomes = outcomes_in(value);
    }
    if (outcomes.has_value() && outcomes->size() != methods.size()) return CosemError::bad_length;
    return outcomes;
  }
}

Result<AccessResponse> Client::access(AccessRequest request, Deadline deadline,
                                      std::stop_token stop) {
  if (request.specifications.size() != request.values.size()) return CosemError::bad_length;
  if (impl_->association.short_names() || !impl_->association.negotiated(conformance::k_access)) {
    return CosemError::not_negotiated;
  }
  request.long_invoke_id = (request.long_invoke_id & ~long_invoke::k_id) |
                           impl_->next_long_invoke() | long_invoke::k_confirmed;
  const Bytes plain = encode_access(request);
  if (plain.size() > impl_->room_for_value(0)) return CosemError::too_large;
  const Result<Answer> answer = impl_->exchange_checked(plain, deadline, stop);
  if (answer.has_error()) return answer.error();
  Result<AccessResponse> response = decode_access_response(answer->plain);
  if (response.has_error()) return response;
  if (((response->long_invoke_id ^ request.long_invoke_id) & long_invoke::k_id) != 0) {
    return CosemError::wrong_invoke_id;
  }
  if (response->values.size() != request.specifications.size() ||
      response->results.size() != request.specifications.size()) {
    return CosemError::bad_length;
  }
  return response;
}

Result<void> Client::confirm(const DataNotification& notification, Deadline deadline,
                             std::stop_token stop) {
  const DataNotificationConfirm confirm{notification.long_invoke_id, notification.date_time};
  Result<Bytes> octets = impl_->association.protect(encode_apdu(confirm), impl_->interceptors);
  if (octets.has_error()) return octets.error();
  return impl_->transport->send(*octets, deadline, stop);
}

}  // namespace meterproof::cosem
