// GET, SET and ACTION with their block transfers.
#include <algorithm>

#include "devices/cosem/apdu_reader.hpp"
#include "devices/cosem/client_impl.hpp"

namespace meterproof::cosem {

using harness::Deadline;

namespace {

// Choice, invoke id, descriptor, presence octets and block header, generously.
constexpr std::size_t k_service_header_octets = 40;

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

// Cuts a long value into numbered blocks.
class BlockSource {
 public:
  BlockSource(Bytes value, std::size_t block_octets)
      : value_(std::move(value)), block_octets_(block_octets) {}
  DataBlock next() {
    const std::size_t count = std::min(block_octets_, value_.size() - at_);
    const BytesView raw = BytesView(value_).subspan(at_, count);
    at_ += count;
    return {at_ == value_.size(), ++number_, Bytes(raw.begin(), raw.end())};
  }
  std::uint32_t number() const { return number_; }
  bool done() const { return at_ == value_.size(); }

 private:
  Bytes value_;
  std::size_t block_octets_;
  std::size_t at_ = 0;
  std::uint32_t number_ = 0;
};

// Puts a long value together; the error when a block is out of sequence or the value too long.
Result<void> append_block(Bytes& value, const Bytes& raw, std::uint32_t number,
                          std::uint32_t& expected) {
  if (number != expected) return CosemError::wrong_block;
  if (value.size() + raw.size() > k_max_transferred_octets) return CosemError::too_large;
  append(value, raw);
  ++expected;
  return {};
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
  const std::uint8_t invoke = impl_->next_invoke();
  const auto ask = [&](const Apdu& apdu) { return impl_->request(apdu, invoke, deadline, stop); };
  Bytes octets = parameters ? encode_data(*parameters) : Bytes{};
  const std::size_t room = impl_->room_for_value(k_service_header_octets);
  const bool is_long = octets.size() > room;
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
