#include "devices/simulated/meter/services.hpp"

#include <algorithm>
#include <utility>

#include "devices/cosem/initiate.hpp"

namespace meterproof::simulated {
namespace {

namespace conformance = cosem::conformance;
using cosem::ActionResult;
using cosem::Apdu;
using cosem::Bytes;
using cosem::BytesView;
using cosem::Data;
using cosem::DataAccessResult;
using cosem::DataOrResult;

constexpr std::size_t k_block_overhead = 16;       // of an answer with a block, before its octets
constexpr std::size_t k_longest_value = 8 * 1024;  // octets of a value received in blocks
constexpr std::size_t k_longest_list = 32;
constexpr cosem::DecodeLimits k_value_limits{8, 1000};

// One request at work: the members are what every service needs.
class Work {
 public:
  Work(const ObjectModel& model, Session& session, Notifications& notifications)
      : model_(model), session_(session), notifications_(notifications) {}

  Apdu operator()(const cosem::GetRequestNormal& request) {
    DataOrResult result = model_.get(*session_.role, {request.attribute, request.access});
    Bytes raw;
    if (const auto* data = std::get_if<Data>(&result)) raw = cosem::encode_data(*data);
    if (raw.size() + k_block_overhead <= session_.longest_answer)
      return cosem::GetResponseNormal{request.invoke, std::move(result)};
    return first_block(request.invoke, std::move(raw));
  }

  Apdu operator()(const cosem::GetRequestWithList& request) {
    if (!negotiated(conformance::k_multiple_references) ||
        request.attributes.size() > k_longest_list)
      return service_not_supported();
    cosem::GetResponseWithList answer{request.invoke, {}};
    for (const auto& attribute : request.attributes)
      answer.results.push_back(model_.get(*session_.role, attribute));
    Bytes encoded = cosem::encode_apdu(answer);
    if (encoded.size() <= session_.longest_answer) return answer;
    // The blocks carry what follows tag, choice and invoke-id: the list of results.
    encoded.erase(encoded.begin(), encoded.begin() + 3);
    return first_block(request.invoke, std::move(encoded));
  }

  Apdu operator()(const cosem::GetRequestNext& request) {
    auto& transfer = session_.long_get;
    if (!transfer) return get_refused(request, DataAccessResult::no_long_get_in_progress);
    if (request.block_number != transfer->number) {
      transfer.reset();
      return get_refused(request, DataAccessResult::data_block_number_invalid);
    }
    return next_block();
  }

  Apdu operator()(const cosem::SetRequestNormal& request) {
    return cosem::SetResponseNormal{
        request.invoke,
        model_.set(*session_.role, {request.attribute, request.access}, request.value)};
  }

  Apdu operator()(const cosem::SetRequestWithList& request) {
    if (!negotiated(conformance::k_multiple_references) ||
        request.attributes.size() > k_longest_list ||
        request.attributes.size() != request.values.size())
      return service_not_supported();
    cosem::SetResponseWithList answer{request.invoke, {}};
    for (std::size_t i = 0; i < request.attributes.size(); ++i)
      answer.results.push_back(
          model_.set(*session_.role, request.attributes[i], request.values[i]));
    return answer;
  }

  Apdu operator()(const cosem::SetRequestWithFirstBlock& request) {
    if (!negotiated(conformance::k_block_transfer_with_set)) return service_not_supported();
    session_.long_set = LongSet{{request.attribute, request.access}, {}, 0};
    return set_block(request.invoke, request.block);
  }

  Apdu operator()(const cosem::SetRequestWithBlock& request) {
    if (!session_.long_set)
      return cosem::SetResponseLastBlock{request.invoke, DataAccessResult::no_long_set_in_progress,
                                         request.block.number};
    return set_block(request.invoke, request.block);
  }

  Apdu operator()(const cosem::ActionRequestNormal& request) {
    return cosem::ActionResponseNormal{request.invoke, act(request.method, request.parameters)};
  }

  Apdu operator()(const cosem::ActionRequestWithList& request) {
    if (!negotiated(conformance::k_multiple_references) ||
        request.methods.size() > k_longest_list ||
        request.methods.size() != request.parameters.size())
      return service_not_supported();
    cosem::ActionResponseWithList answer{request.invoke, {}};
    for (std::size_t i = 0; i < request.methods.size(); ++i)
      answer.outcomes.push_back(act(request.methods[i], request.parameters[i]));
    return answer;
  }

  Apdu operator()(const cosem::ActionRequestWithFirstPblock& request) {
    if (!negotiated(conformance::k_block_transfer_with_action)) return service_not_supported();
    session_.long_action = LongAction{request.method, {}, 0};
    return action_block(request.invoke, request.block);
  }

  Apdu operator()(const cosem::ActionRequestWithPblock& request) {
    if (!session_.long_action)
      return action_refused(request.invoke, ActionResult::no_long_action_in_progress);
    return action_block(request.invoke, request.block);
  }

  // Answers, notifications and errors are not for a server; no method's answer is long.
  template <class Other>
  Apdu operator()(const Other&) {
    return service_not_supported();
  }

 private:
  bool negotiated(std::uint32_t bit) const { return (session_.conformance & bit) != 0; }

  cosem::ActionOutcome act(const cosem::MethodDescriptor& method,
                           const std::optional<Data>& parameters) {
    return model_.action(*session_.role, method, parameters, notifications_);
  }

  static Apdu get_refused(const cosem::GetRequestNext& request, DataAccessResult why) {
    return cosem::GetResponseWithBlock{request.invoke, true, request.block_number, why};
  }
  static Apdu action_refused(std::uint8_t invoke, ActionResult why) {
    return cosem::ActionResponseNormal{invoke, {why, {}}};
  }

  Apdu first_block(std::uint8_t invoke, Bytes raw) {
    if (!negotiated(conformance::k_block_transfer_with_get))
      return cosem::GetResponseNormal{invoke, DataAccessResult::other_reason};
    session_.long_get = LongGet{invoke, std::move(raw), 0, 0};
    return next_block();
  }

  Apdu next_block() {
    LongGet& transfer = *session_.long_get;
    const std::size_t room = session_.longest_answer > k_block_overhead
                                 ? session_.longest_answer - k_block_overhead
                                 : std::size_t{1};
    const std::size_t size = std::min(room, transfer.raw.size() - transfer.sent);
    const BytesView block = BytesView(transfer.raw).subspan(transfer.sent, size);
    transfer.sent += size;
    ++transfer.number;
    const cosem::GetResponseWithBlock answer{transfer.invoke, transfer.sent == transfer.raw.size(),
                                             transfer.number, Bytes(block.begin(), block.end())};
    if (answer.last) session_.long_get.reset();
    return answer;
  }

  // Appends a received block; what is wrong with it, or nothing.
  template <class Transfer>
  static std::optional<DataAccessResult> take(Transfer& transfer, const cosem::DataBlock& block) {
    if (block.number != transfer.number + 1) return DataAccessResult::data_block_number_invalid;
    if (transfer.raw.size() + block.raw.size() > k_longest_value)
      return DataAccessResult::other_reason;
    transfer.number = block.number;
    cosem::append(transfer.raw, block.raw);
    return std::nullopt;
  }

  Apdu set_block(std::uint8_t invoke, const cosem::DataBlock& block) {
    LongSet& transfer = *session_.long_set;
    DataAccessResult result = DataAccessResult::success;
    if (const auto wrong = take(transfer, block)) {
      result = *wrong;
    } else if (!block.last) {
      return cosem::SetResponseBlock{invoke, block.number};
    } else if (const auto value = cosem::decode_data(transfer.raw, k_value_limits)) {
      result = model_.set(*session_.role, transfer.attribute, *value);
    } else {
      result = DataAccessResult::type_unmatched;
    }
    session_.long_set.reset();
    return cosem::SetResponseLastBlock{invoke, result, block.number};
  }

  Apdu action_block(std::uint8_t invoke, const cosem::DataBlock& block) {
    LongAction& transfer = *session_.long_action;
    if (take(transfer, block)) {
      session_.long_action.reset();
      return action_refused(invoke, ActionResult::long_action_aborted);
    }
    if (!block.last) return cosem::ActionResponseNextPblock{invoke, block.number};
    const LongAction whole = std::move(transfer);
    session_.long_action.reset();
    const auto parameters = cosem::decode_data(whole.raw, k_value_limits);
    if (!parameters) return action_refused(invoke, ActionResult::type_unmatched);
    return cosem::ActionResponseNormal{invoke, act(whole.method, *parameters)};
  }

  const ObjectModel& model_;
  Session& session_;
  Notifications& notifications_;
};

}  // namespace

cosem::ExceptionResponse service_not_supported() { return {2, 2, {}}; }
cosem::ExceptionResponse operation_not_possible() { return {1, 1, {}}; }

Apdu Services::answer(Session& session, const Apdu& request, Notifications& notifications) const {
  return std::visit(Work(model_, session, notifications), request);
}

}  // namespace meterproof::simulated
