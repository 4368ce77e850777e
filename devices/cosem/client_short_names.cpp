// Short-name referencing under the client's services: Read and Write with their blocks, and GET,
// SET and ACTION mapped onto them by the meter's object list.
#include <algorithm>
#include <utility>

#include "devices/cosem/apdu_reader.hpp"
#include "devices/cosem/client_impl.hpp"

namespace meterproof::cosem {

using harness::Deadline;

namespace {

// Tag, counts, choice octets, block header.
constexpr std::size_t k_short_name_overhead = 24;
// Names that one Read may ask of a meter at a time: answers count in one octet.
constexpr std::size_t k_most_names = 120;

// What follows the tag: it is what travels in blocks.
Bytes body_of(const ShortNameApdu& apdu) {
  Bytes octets = encode_short_name(apdu);
  octets.erase(octets.begin());
  return octets;
}

Result<std::vector<DataOrResult>> plain_results(std::vector<ReadResult> results) {
  std::vector<DataOrResult> plain;
  for (ReadResult& result : results) {
    if (auto* data = std::get_if<Data>(&result)) {
      plain.emplace_back(std::move(*data));
    } else if (const auto* refusal = std::get_if<DataAccessResult>(&result)) {
      plain.emplace_back(*refusal);
    } else {
      return CosemError::unexpected_apdu;
    }
  }
  return plain;
}

template <class T>
const T* single(const auto& results) {
  return results.size() == 1 ? std::get_if<T>(&results.front()) : nullptr;
}

}  // namespace

Result<ShortNameApdu> Client::Impl::ask_short(const ShortNameApdu& apdu, Deadline deadline,
                                              std::stop_token stop) {
  const Result<Answer> answer = exchange_checked(encode_short_name(apdu), deadline, stop);
  if (answer.has_error()) return answer.error();
  Result<ShortNameApdu> response = decode_short_name(answer->plain);
  // Another service's answer, well-formed or not, does not belong here.
  if (response.has_error() && response.error() == CosemError::bad_tag &&
      decode_apdu(answer->plain).has_value()) {
    return CosemError::unexpected_apdu;
  }
  return response;
}

// Sends what is too long for one APDU in blocks: the answer to the last one.
template <class Request>
Result<ShortNameApdu> Client::Impl::send_short(const Request& request, Deadline deadline,
                                               std::stop_token stop) {
  constexpr bool is_read = std::is_same_v<Request, ReadRequest>;
  const std::size_t room = room_for_value(k_short_name_overhead);
  const Bytes body = body_of(request);
  if (body.size() <= room + k_short_name_overhead - 1) return ask_short(request, deadline, stop);
  if (!association.negotiated(is_read ? conformance::k_block_transfer_with_get
                                      : conformance::k_block_transfer_with_set)) {
    return CosemError::not_negotiated;
  }
  std::uint16_t number = 0;
  for (std::size_t at = 0;;) {
    const std::size_t size = std::min(room, body.size() - at);
    const BytesView part = BytesView(body).subspan(at, size);
    at += size;
    const bool last = at == body.size();
    Request block;
    if constexpr (is_read) {
      block.variables = {ReadDataBlockAccess{last, ++number, Bytes(part.begin(), part.end())}};
    } else {
      block.variables = {WriteDataBlockAccess{last, ++number}};
      block.values = {octet_string(part)};
    }
    Result<ShortNameApdu> response = ask_short(block, deadline, stop);
    if (response.has_error() || last) return response;
    const BlockNumber* received = nullptr;
    const DataAccessResult* refusal = nullptr;
    if (const auto* read = std::get_if<ReadResponse>(&*response)) {
      received = single<BlockNumber>(read->results);
      refusal = single<DataAccessResult>(read->results);
    } else if (const auto* write = std::get_if<WriteResponse>(&*response)) {
      received = single<BlockNumber>(write->results);
      refusal = single<DataAccessResult>(write->results);
    }
    if (refusal != nullptr && *refusal != DataAccessResult::success) return *refusal;
    if (received == nullptr) return CosemError::unexpected_apdu;
    if (received->number != number || number == 0xFFFF) return CosemError::wrong_block;
  }
}

Result<std::vector<DataOrResult>> Client::Impl::read_short(const ReadRequest& request,
                                                           Deadline deadline,
                                                           std::stop_token stop) {
  if (!association.negotiated(conformance::k_read)) return CosemError::not_negotiated;
  Result<ShortNameApdu> response = send_short(request, deadline, stop);
  Bytes whole;
  std::uint16_t expected = 1;
  while (true) {
    if (response.has_error()) return response.error();
    auto* read = std::get_if<ReadResponse>(&*response);
    if (read == nullptr) return CosemError::unexpected_apdu;
    const auto* block = single<DataBlockResult>(read->results);
    if (block == nullptr) {
      if (expected == 1 && read->results.size() == request.variables.size()) {
        return plain_results(std::move(read->results));
      }
      // Instead of a further block only a refusal may come.
      const auto* refusal = single<DataAccessResult>(read->results);
      if (refusal == nullptr || *refusal == DataAccessResult::success) {
        return expected == 1 ? CosemError::bad_length : CosemError::unexpected_apdu;
      }
      return *refusal;
    }
    if (block->number != expected) return CosemError::wrong_block;
    if (whole.size() + block->raw.size() > k_max_transferred_octets) return CosemError::too_large;
    append(whole, block->raw);
    if (block->last) break;
    if (expected == 0xFFFF) return CosemError::too_large;
    ++expected;
    const std::uint16_t received = block->number;
    response = ask_short(ReadRequest{{BlockNumberAccess{received}}}, deadline, stop);
  }
  Bytes octets{std::byte{tags::k_read_response}};
  append(octets, whole);
  Result<ShortNameApdu> assembled = decode_short_name(octets);
  if (assembled.has_error()) {
    // Some servers (Gurux) put the value itself into the blocks instead of the list of results.
    if (request.variables.size() == 1) {
      if (Result<Data> bare = decode_data(whole))
        return std::vector<DataOrResult>{std::move(*bare)};
    }
    return assembled.error();
  }
  auto& results = std::get<ReadResponse>(*assembled).results;
  if (results.size() != request.variables.size()) return CosemError::bad_length;
  return plain_results(std::move(results));
}

Result<std::vector<DataAccessResult>> Client::Impl::write_short(const WriteRequest& request,
                                                                Deadline deadline,
                                                                std::stop_token stop) {
  if (!association.negotiated(conformance::k_write)) return CosemError::not_negotiated;
  const Result<ShortNameApdu> response = send_short(request, deadline, stop);
  if (response.has_error()) return response.error();
  const auto* write = std::get_if<WriteResponse>(&*response);
  if (write == nullptr) return CosemError::unexpected_apdu;
  if (write->results.size() != request.variables.size()) return CosemError::bad_length;
  std::vector<DataAccessResult> results;
  for (const WriteResult& result : write->results) {
    const auto* access = std::get_if<DataAccessResult>(&result);
    if (access == nullptr) return CosemError::unexpected_apdu;
    results.push_back(*access);
  }
  return results;
}

// The objects' base names, read from the association object once in an association.
Result<const ShortNames*> Client::Impl::short_names(Deadline deadline, std::stop_token stop) {
  if (association.state() != AssociationState::open) return CosemError::not_associated;
  if (names) return &*names;
  const auto name = attribute_short_name(base_names::k_association, 2);
  const auto read = read_short(ReadRequest{{VariableName{*name}}}, deadline, stop);
  if (read.has_error()) return read.error();
  if (const auto* refusal = std::get_if<DataAccessResult>(&read->front())) return *refusal;
  Result<ShortNames> list = ShortNames::from_object_list(std::get<Data>(read->front()));
  if (list.has_error()) return list.error();
  names = std::move(*list);
  return &*names;
}

// Attribute -> variable. An object that the list does not have is object-undefined.
Result<VariableAccess> Client::Impl::variable_of(const SelectedAttribute& wanted, Deadline deadline,
                                                 std::stop_token stop) {
  const Result<const ShortNames*> known = short_names(deadline, stop);
  if (known.has_error()) return known.error();
  const auto& [class_id, name, attribute] = wanted.attribute;
  const ShortNameObject* object = (*known)->find(class_id, name);
  if (object == nullptr) return DataAccessResult::object_undefined;
  const auto short_name = attribute_short_name(object->base, attribute);
  if (!short_name) return DataAccessResult::object_undefined;
  if (!wanted.access) return VariableAccess(VariableName{*short_name});
  if (!association.negotiated(conformance::k_parameterized_access)) {
    return CosemError::not_negotiated;
  }
  return VariableAccess(
      ParameterizedAccess{*short_name, wanted.access->selector, wanted.access->parameters});
}

Result<std::vector<DataOrResult>> Client::Impl::get_short(
    const std::vector<SelectedAttribute>& attributes, Deadline deadline, std::stop_token stop) {
  if (attributes.size() > k_most_names) return CosemError::too_large;
  if (attributes.size() > 1 && !association.negotiated(conformance::k_multiple_references)) {
    return CosemError::not_negotiated;
  }
  ReadRequest request;
  for (const SelectedAttribute& attribute : attributes) {
    Result<VariableAccess> variable = variable_of(attribute, deadline, stop);
    if (variable.has_error()) return variable.error();
    request.variables.push_back(std::move(*variable));
  }
  return read_short(request, deadline, stop);
}

Result<std::vector<DataAccessResult>> Client::Impl::set_short(
    const std::vector<SelectedAttribute>& attributes, const std::vector<Data>& values,
    Deadline deadline, std::stop_token stop) {
  WriteRequest request;
  for (const SelectedAttribute& attribute : attributes) {
    Result<VariableAccess> variable = variable_of(attribute, deadline, stop);
    if (variable.has_error()) return variable.error();
    request.variables.push_back(std::move(*variable));
  }
  request.values = values;
  return write_short(request, deadline, stop);
}

Result<std::optional<Data>> Client::Impl::action_short(const MethodDescriptor& method,
                                                       const std::optional<Data>& parameters,
                                                       Deadline deadline, std::stop_token stop) {
  const Result<const ShortNames*> known = short_names(deadline, stop);
  if (known.has_error()) return known.error();
  const ShortNameObject* object = (*known)->find(method.class_id, method.instance);
  if (object == nullptr) return DataAccessResult::object_undefined;
  const auto name = method_short_name(object->base, method.class_id, method.method);
  if (!name) return DataAccessResult::object_undefined;
  const Data value = parameters.value_or(Data(std::int8_t{0}));
  if (method_returns(method.class_id, method.method)) {
    auto read = read_short(ReadRequest{{ParameterizedAccess{*name, 0, value}}}, deadline, stop);
    if (read.has_error()) return read.error();
    if (const auto* refusal = std::get_if<DataAccessResult>(&read->front())) return *refusal;
    return std::optional<Data>(std::get<Data>(std::move(read->front())));
  }
  const auto written = write_short(WriteRequest{{VariableName{*name}}, {value}}, deadline, stop);
  if (written.has_error()) return written.error();
  if (written->front() != DataAccessResult::success) return written->front();
  return std::optional<Data>{};
}

Result<std::vector<DataOrResult>> Client::read(const std::vector<VariableAccess>& variables,
                                               Deadline deadline, std::stop_token stop) {
  return impl_->read_short(ReadRequest{variables}, deadline, stop);
}

Result<std::vector<DataAccessResult>> Client::write(const std::vector<VariableAccess>& variables,
                                                    const std::vector<Data>& values,
                                                    Deadline deadline, std::stop_token stop) {
  return impl_->write_short(WriteRequest{variables, values}, deadline, stop);
}

Result<void> Client::write_unconfirmed(const std::vector<VariableAccess>& variables,
                                       const std::vector<Data>& values, Deadline deadline,
                                       std::stop_token stop) {
  if (!impl_->association.negotiated(conformance::k_unconfirmed_write)) {
    return CosemError::not_negotiated;
  }
  Result<Bytes> octets = impl_->association.protect(
      encode_short_name(UnconfirmedWriteRequest{variables, values}), impl_->interceptors);
  if (octets.has_error()) return octets.error();
  return impl_->transport->send(*octets, deadline, stop);
}

Result<const ShortNames*> Client::short_names(Deadline deadline, std::stop_token stop) {
  return impl_->short_names(deadline, stop);
}

}  // namespace meterproof::cosem
