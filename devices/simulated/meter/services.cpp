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
constexpr std::size_t k_longest_whole_answer = 4 * 1024 * 1024;
constexpr std::size_t k_longest_list = 32;
constexpr cosem::DecodeLimits k_value_limits{8, 1000};

// One request at work: the members are what every service needs.
class Work {
 public:
  Work(const ObjectModel& model, Session& session, Notifications& notifications)
      : model_(model), session_(session), notifications_(notifications) {}

  Apdu operator()(const cosem::GetRequestNormal& request) {
    if (!negotiated(conformance::k_get)) return service_not_supported();
    if (request.access && !negotiated(conformance::k_selective_access))
      return cosem::GetResponseNormal{request.invoke, DataAccessResult::scope_of_access_violated};
    DataOrResult result = model_.get(*session_.role, {request.attribute, request.access});
    Bytes raw;
    if (const auto* data = std::get_if<Data>(&result)) raw = cosem::encode_data(*data);
    if (raw.size() + k_block_overhead <= room())
      return cosem::GetResponseNormal{request.invoke, std::move(result)};
    return first_block(request.invoke, std::move(raw));
  }

  Apdu operator()(const cosem::GetRequestWithList& request) {
    if (!listed(conformance::k_get, request.attributes.size())) return service_not_supported();
    cosem::GetResponseWithList answer{request.invoke, {}};
    for (const auto& attribute : request.attributes)
      answer.results.push_back(model_.get(*session_.role, attribute));
    Bytes encoded = cosem::encode_apdu(answer);
    if (encoded.size() <= room()) return answer;
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
    if (!negotiated(conformance::k_set)) return service_not_supported();
    return cosem::SetResponseNormal{
        request.invoke,
        model_.set(*session_.role, {request.attribute, request.access}, request.value)};
  }

  Apdu operator()(const cosem::SetRequestWithList& request) {
    if (!listed(conformance::k_set, request.attributes.size()) ||
        request.attributes.size() != request.values.size())
      return service_not_supported();
    return cosem::SetResponseWithList{request.invoke, set_all(request.attributes, request.values)};
  }

  Apdu operator()(const cosem::SetRequestWithFirstBlock& request) {
    if (!negotiated(conformance::k_set) || !negotiated(conformance::k_block_transfer_with_set))
      return service_not_supported();
    session_.long_set = LongSet{{{request.attribute, request.access}}, false, {}, 0};
    return set_block(request.invoke, request.block);
  }

  Apdu operator()(const cosem::SetRequestWithListAndFirstBlock& request) {
    if (!listed(conformance::k_set, request.attributes.size()) ||
        !negotiated(conformance::k_block_transfer_with_set))
      return service_not_supported();
    session_.long_set = LongSet{request.attributes, true, {}, 0};
    return set_block(request.invoke, request.block);
  }

  Apdu operator()(const cosem::SetRequestWithBlock& request) {
    if (!session_.long_set)
      return cosem::SetResponseLastBlock{request.invoke, DataAccessResult::no_long_set_in_progress,
                                         request.block.number};
    return set_block(request.invoke, request.block);
  }

  Apdu operator()(const cosem::ActionRequestNormal& request) {
    if (!negotiated(conformance::k_action)) return service_not_supported();
    return action_answer(request.invoke, act(request.method, request.parameters));
  }

  Apdu operator()(const cosem::ActionRequestWithList& request) {
    if (!listed(conformance::k_action, request.methods.size()) ||
        request.methods.size() != request.parameters.size())
      return service_not_supported();
    return act_on_all(request.invoke, request.methods, request.parameters);
  }

  Apdu operator()(const cosem::ActionRequestWithFirstPblock& request) {
    if (!negotiated(conformance::k_action) ||
        !negotiated(conformance::k_block_transfer_with_action))
      return service_not_supported();
    session_.long_action = LongAction{{request.method}, false, {}, 0};
    return action_block(request.invoke, request.block);
  }

  Apdu operator()(const cosem::ActionRequestWithListAndFirstPblock& request) {
    if (!listed(conformance::k_action, request.methods.size()) ||
        !negotiated(conformance::k_block_transfer_with_action))
      return service_not_supported();
    session_.long_action = LongAction{request.methods, true, {}, 0};
    return action_block(request.invoke, request.block);
  }

  Apdu operator()(const cosem::ActionRequestNextPblock& request) {
    auto& transfer = session_.long_answer;
    if (!transfer) return action_refused(request.invoke, ActionResult::no_long_action_in_progress);
    if (request.block_number == transfer->number) return next_pblock();
    transfer.reset();
    return action_refused(request.invoke, ActionResult::long_action_aborted);
  }

  Apdu operator()(const cosem::ActionRequestWithPblock& request) {
    if (!session_.long_action)
      return action_refused(request.invoke, ActionResult::no_long_action_in_progress);
    return action_block(request.invoke, request.block);
  }

  // Answers, notifications and errors are not for a server.
  template <class Other>
  Apdu operator()(const Other&) {
    return service_not_supported();
  }

 private:
  bool negotiated(std::uint32_t bit) const { return (session_.conformance & bit) != 0; }

  bool listed(std::uint32_t service, std::size_t size) const {
    return negotiated(service) && negotiated(conformance::k_multiple_references) &&
           size <= k_longest_list;
  }

  // Octets of an answer in one piece. general-block-transfer carries whole answers: when the client
  // asked in blocks, or when there are no others.
  std::size_t room(std::uint32_t own_blocks = conformance::k_block_transfer_with_get) const {
    const bool whole =
        session_.in_general_blocks ||
        (negotiated(conformance::k_general_block_transfer) && !negotiated(own_blocks));
    return whole ? k_longest_whole_answer : session_.longest_answer;
  }

  cosem::ActionOutcome act(const cosem::MethodDescriptor& method,
                           const std::optional<Data>& parameters) {
    return model_.action(*session_.role, method, parameters, notifications_);
  }

  std::vector<DataAccessResult> set_all(const std::vector<cosem::SelectedAttribute>& attributes,
                                        const std::vector<Data>& values) {
    std::vector<DataAccessResult> results;
    for (std::size_t i = 0; i < attributes.size(); ++i)
      results.push_back(model_.set(*session_.role, attributes[i], values[i]));
    return results;
  }

  Apdu act_on_all(std::uint8_t invoke, const std::vector<cosem::MethodDescriptor>& methods,
                  const std::vector<Data>& parameters) {
    cosem::ActionResponseWithList answer{invoke, {}};
    for (std::size_t i = 0; i < methods.size(); ++i)
      answer.outcomes.push_back(act(methods[i], parameters[i]));
    return in_pblocks_if_long(invoke, answer);
  }

  Apdu action_answer(std::uint8_t invoke, cosem::ActionOutcome outcome) {
    return in_pblocks_if_long(invoke, cosem::ActionResponseNormal{invoke, std::move(outcome)});
  }

  // The blocks carry what follows tag, choice and invoke-id.
  Apdu in_pblocks_if_long(std::uint8_t invoke, Apdu answer) {
    Bytes encoded = cosem::encode_apdu(answer);
    if (encoded.size() <= room(conformance::k_block_transfer_with_action)) return answer;
    if (!negotiated(conformance::k_block_transfer_with_action))
      return action_refused(invoke, ActionResult::other_reason);
    encoded.erase(encoded.begin(), encoded.begin() + 3);
    session_.long_answer = LongGet{invoke, std::move(encoded), 0, 0};
    return next_pblock();
  }

  Apdu next_pblock() {
    LongGet& transfer = *session_.long_answer;
    const std::uint8_t invoke = transfer.invoke;
    const cosem::DataBlock block = cut(transfer);
    if (block.last) session_.long_answer.reset();
    return cosem::ActionResponseWithPblock{invoke, block};
  }

  // The next block of a long answer.
  cosem::DataBlock cut(LongGet& transfer) const {
    const std::size_t most = session_.longest_answer > k_block_overhead
                                 ? session_.longest_answer - k_block_overhead
                                 : std::size_t{1};
    const std::size_t size = std::min(most, transfer.raw.size() - transfer.sent);
    const BytesView block = BytesView(transfer.raw).subspan(transfer.sent, size);
    transfer.sent += size;
    return {transfer.sent == transfer.raw.size(), ++transfer.number,
            Bytes(block.begin(), block.end())};
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
    const std::uint8_t invoke = session_.long_get->invoke;
    cosem::DataBlock block = cut(*session_.long_get);
    if (block.last) session_.long_get.reset();
    return cosem::GetResponseWithBlock{invoke, block.last, block.number, std::move(block.raw)};
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
    if (const auto wrong = take(transfer, block)) {
      session_.long_set.reset();
      return cosem::SetResponseLastBlock{invoke, *wrong, block.number};
    }
    if (!block.last) return cosem::SetResponseBlock{invoke, block.number};
    const LongSet whole = std::move(transfer);
    session_.long_set.reset();
    const auto values = values_of(whole.raw, whole.is_list, whole.attributes.size());
    if (!values)
      return cosem::SetResponseLastBlock{invoke, DataAccessResult::type_unmatched, block.number};
    auto results = set_all(whole.attributes, *values);
    if (whole.is_list)
      return cosem::SetResponseLastBlockWithList{invoke, std::move(results), block.number};
    return cosem::SetResponseLastBlock{invoke, results.front(), block.number};
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
    const auto parameters = values_of(whole.raw, whole.is_list, whole.methods.size());
    if (!parameters) return action_refused(invoke, ActionResult::type_unmatched);
    if (whole.is_list) return act_on_all(invoke, whole.methods, *parameters);
    return action_answer(invoke, act(whole.methods.front(), parameters->front()));
  }

  // One value, or a list of exactly count of them.
  static std::optional<std::vector<Data>> values_of(const Bytes& raw, bool is_list,
                                                    std::size_t count) {
    cosem::Reader reader(raw);
    if (is_list && reader.length() != count) return std::nullopt;
    std::size_t budget = k_value_limits.max_elements;
    std::vector<Data> values;
    for (std::size_t i = 0; i < count; ++i) {
      auto value = cosem::read_data(reader, k_value_limits, budget);
      if (!value) return std::nullopt;
      values.push_back(std::move(*value));
    }
    if (reader.left() > 0) return std::nullopt;
    return values;
  }

  const ObjectModel& model_;
  Session& session_;
  Notifications& notifications_;
};

// Was the service that a request belongs to negotiated?
struct Negotiated {
  std::uint32_t conformance;
  template <class Request>
  bool operator()(const Request&) const {
    return true;
  }
  bool operator()(const cosem::GetRequestNormal&) const { return has(conformance::k_get); }
  bool operator()(const cosem::GetRequestNext&) const { return has(conformance::k_get); }
  bool operator()(const cosem::GetRequestWithList&) const { return has(conformance::k_get); }
  bool operator()(const cosem::SetRequestNormal&) const { return has(conformance::k_set); }
  bool operator()(const cosem::SetRequestWithFirstBlock&) const { return has(conformance::k_set); }
  bool operator()(const cosem::SetRequestWithList&) const { return has(conformance::k_set); }
  bool operator()(const cosem::ActionRequestNormal&) const { return has(conformance::k_action); }
  bool operator()(const cosem::ActionRequestWithList&) const { return has(conformance::k_action); }
  bool operator()(const cosem::ActionRequestWithFirstPblock&) const {
    return has(conformance::k_action);
  }
  bool has(std::uint32_t bit) const { return (conformance & bit) != 0; }
};

}  // namespace

cosem::ExceptionResponse service_not_supported() { return {2, 2, {}}; }
cosem::ExceptionResponse operation_not_possible() { return {1, 1, {}}; }

Apdu Services::answer(Session& session, const Apdu& request, Notifications& notifications) const {
  if (!std::visit(Negotiated{session.conformance}, request)) return service_not_supported();
  return std::visit(Work(model_, session, notifications), request);
}

}  // namespace meterproof::simulated
