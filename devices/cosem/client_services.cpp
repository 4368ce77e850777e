// GET, SET and ACTION with their block transfers.
#include "devices/cosem/apdu_reader.hpp"
#include "devices/cosem/client_impl.hpp"
#include "devices/cosem/service_blocks.hpp"

namespace meterproof::cosem {

using harness::Deadline;

namespace {

Result<Data> data_of(DataOrResult result) {
  if (auto* data = std::get_if<Data>(&result)) return std::move(*data);
  const DataAccessResult refusal = std::get<DataAccessResult>(result);
  if (refusal == DataAccessResult::success) return CosemError::unexpected_apdu;
  return refusal;
}

Result<void> set_outcome(DataAccessResult result) {
  if (result == DataAccessResult::success) return {};
  return result;
}

Result<std::optional<Data>> action_outcome(ActionOutcome outcome) {
  if (outcome.result != ActionResult::success) return outcome.result;
  if (!outcome.returned) return std::optional<Data>{};
  if (auto* data = std::get_if<Data>(&*outcome.returned)) {
    return std::optional<Data>(std::move(*data));
  }
  const DataAccessResult refusal = std::get<DataAccessResult>(*outcome.returned);
  if (refusal == DataAccessResult::success) return std::optional<Data>{};
  return refusal;
}

// The value of a long ACTION answer. Meters differ in what they put in the blocks: the bare return
// value, or result and return value as in the short answer.
Result<std::optional<Data>> long_action_outcome(const Bytes& octets) {
  Result<Data> bare = decode_data(octets);
  if (bare.has_value()) return std::optional<Data>(std::move(*bare));
  ApduReader in(octets, {});
  ActionOutcome outcome = in.outcome();
  if (in.failed() || in.left() > 0) return bare.error();
  return action_outcome(std::move(outcome));
}

// All blocks of a long GET answer, of which response is the first.
template <class Ask>
Result<Bytes> collect_blocks(GetResponseWithBlock response, std::uint8_t invoke, Ask ask) {
  Bytes value;
  std::uint32_t expected = 1;
  while (true) {
    if (const auto* refusal = std::get_if<DataAccessResult>(&response.result)) return *refusal;
    const Result<void> added =
        append_block(value, std::get<Bytes>(response.result), response.block_number, expected);
    if (added.has_error()) return added.error();
    if (response.last) return value;
    Result<Apdu> next = ask(GetRequestNext{invoke, response.block_number});
    if (next.has_error()) return next.error();
    if (auto* block = std::get_if<GetResponseWithBlock>(&*next)) {
      response = std::move(*block);
    } else if (const auto* ended = std::get_if<GetResponseNormal>(&*next)) {
      const Result<Data> refusal = data_of(ended->result);
      return refusal.has_error() ? refusal.error() : make_error_code(CosemError::unexpected_apdu);
    } else {
      return CosemError::unexpected_apdu;
    }
  }
}

}  // namespace

Result<Data> Client::get(const AttributeDescriptor& attribute, Deadline deadline,
                         std::stop_token stop, std::optional<SelectiveAccess> access) {
  if (impl_->association.short_names()) {
    Result<std::vector<DataOrResult>> read =
        impl_->get_short({{attribute, std::move(access)}}, deadline, stop);
    if (read.has_error()) return read.error();
    return data_of(std::move(read->front()));
  }
  if (!impl_->association.negotiated(conformance::k_get) ||
      (access && !impl_->association.negotiated(conformance::k_selective_access))) {
    return CosemError::not_negotiated;
  }
  const std::uint8_t invoke = impl_->next_invoke();
  const auto ask = [&](const Apdu& apdu) { return impl_->request(apdu, invoke, deadline, stop); };
  Result<Apdu> response = ask(GetRequestNormal{invoke, attribute, std::move(access)});
  if (response.has_error()) return response.error();
  if (auto* normal = std::get_if<GetResponseNormal>(&*response)) {
    return data_of(std::move(normal->result));
  }
  auto* first = std::get_if<GetResponseWithBlock>(&*response);
  if (first == nullptr) return CosemError::unexpected_apdu;
  const Result<Bytes> octets = collect_blocks(std::move(*first), invoke, ask);
  if (octets.has_error()) return octets.error();
  return decode_data(*octets);
}

Result<std::vector<DataOrResult>> Client::get_list(const std::vector<SelectedAttribute>& attributes,
                                                   Deadline deadline, std::stop_token stop) {
  if (impl_->association.short_names()) return impl_->get_short(attributes, deadline, stop);
  if (!impl_->association.negotiated(conformance::k_get) ||
      !impl_->association.negotiated(conformance::k_multiple_references)) {
    return CosemError::not_negotiated;
  }
  const std::uint8_t invoke = impl_->next_invoke();
  const auto ask = [&](const Apdu& apdu) { return impl_->request(apdu, invoke, deadline, stop); };
  Result<Apdu> response = ask(GetRequestWithList{invoke, attributes});
  if (response.has_error()) return response.error();
  std::vector<DataOrResult> results;
  if (auto* list = std::get_if<GetResponseWithList>(&*response)) {
    results = std::move(list->results);
  } else if (auto* first = std::get_if<GetResponseWithBlock>(&*response)) {
    const Result<Bytes> octets = collect_blocks(std::move(*first), invoke, ask);
    if (octets.has_error()) return octets.error();
    ApduReader in(*octets, {});
    results = in.list<DataOrResult>([&] { return in.data_or_result(); });
    if (in.failed()) return CosemError::truncated;
  } else {
    return CosemError::unexpected_apdu;
  }
  if (results.size() != attributes.size()) return CosemError::bad_length;
  return results;
}

Result<void> Client::set(const AttributeDescriptor& attribute, const Data& value, Deadline deadline,
                         std::stop_token stop, std::optional<SelectiveAccess> access) {
  if (impl_->association.short_names()) {
    const auto written =
        impl_->set_short({{attribute, std::move(access)}}, {value}, deadline, stop);
    if (written.has_error()) return written.error();
    return set_outcome(written->front());
  }
  if (!impl_->association.negotiated(conformance::k_set) ||
      (access && !impl_->association.negotiated(conformance::k_selective_access))) {
    return CosemError::not_negotiated;
  }
  const std::uint8_t invoke = impl_->next_invoke();
  const auto ask = [&](const Apdu& apdu) { return impl_->request(apdu, invoke, deadline, stop); };
  Bytes octets = encode_data(value);
  const std::size_t selection = access ? encode_data(access->parameters).size() : 0;
  const std::size_t room = impl_->room_for_value(k_service_header_octets + selection);
  if (octets.size() <= room) {
    const Result<Apdu> response =
        ask(SetRequestNormal{invoke, attribute, std::move(access), value});
    if (response.has_error()) return response.error();
    const auto* normal = std::get_if<SetResponseNormal>(&*response);
    if (normal == nullptr) return CosemError::unexpected_apdu;
    return set_outcome(normal->result);
  }
  if (!impl_->association.negotiated(conformance::k_block_transfer_with_set)) {
    return CosemError::not_negotiated;
  }
  BlockSource blocks(std::move(octets), room);
  Result<Apdu> response =
      ask(SetRequestWithFirstBlock{invoke, attribute, std::move(access), blocks.next()});
  while (true) {
    if (response.has_error()) return response.error();
    if (const auto* last = std::get_if<SetResponseLastBlock>(&*response)) {
      return set_outcome(last->result);
    }
    if (const auto* normal = std::get_if<SetResponseNormal>(&*response)) {
      return set_outcome(normal->result);
    }
    const auto* more = std::get_if<SetResponseBlock>(&*response);
    if (more == nullptr) return CosemError::unexpected_apdu;
    if (blocks.done() || more->block_number != blocks.number()) return CosemError::wrong_block;
    response = ask(SetRequestWithBlock{invoke, blocks.next()});
  }
}

Result<std::optional<Data>> Client::action(const MethodDescriptor& method,
                                           const std::optional<Data>& parameters, Deadline deadline,
                                           std::stop_token stop) {
  if (impl_->association.short_names()) {
    return impl_->action_short(method, parameters, deadline, stop);
  }
  if (!impl_->association.negotiated(conformance::k_action)) return CosemError::not_negotiated;
  const std::uint8_t invoke = impl_->next_invoke();
  const auto ask = [&](const Apdu& apdu) { return impl_->request(apdu, invoke, deadline, stop); };
  Bytes octets = parameters ? encode_data(*parameters) : Bytes{};
  const std::size_t room = impl_->room_for_value(k_service_header_octets);
  const bool is_long = octets.size() > room;
  if (is_long && !impl_->association.negotiated(conformance::k_block_transfer_with_action)) {
    return CosemError::not_negotiated;
  }
  BlockSource blocks(std::move(octets), room);
  Result<Apdu> response = is_long ? ask(ActionRequestWithFirstPblock{invoke, method, blocks.next()})
                                  : ask(ActionRequestNormal{invoke, method, parameters});
  Bytes value;
  std::uint32_t expected = 1;
  while (true) {
    if (response.has_error()) return response.error();
    if (auto* normal = std::get_if<ActionResponseNormal>(&*response)) {
      return action_outcome(std::move(normal->outcome));
    }
    if (const auto* more = std::get_if<ActionResponseNextPblock>(&*response)) {
      if (!is_long || blocks.done() || more->block_number != blocks.number()) {
        return CosemError::wrong_block;
      }
      response = ask(ActionRequestWithPblock{invoke, blocks.next()});
    } else if (const auto* part = std::get_if<ActionResponseWithPblock>(&*response)) {
      const Result<void> added = append_block(value, part->block.raw, part->block.number, expected);
      if (added.has_error()) return added.error();
      if (part->block.last) return long_action_outcome(value);
      response = ask(ActionRequestNextPblock{invoke, part->block.number});
    } else {
      return CosemError::unexpected_apdu;
    }
  }
}

}  // namespace meterproof::cosem
