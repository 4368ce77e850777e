#include "devices/simulated/meter/short_name_services.hpp"

#include <algorithm>
#include <utility>

#include "devices/cosem/initiate.hpp"

namespace meterproof::simulated {
namespace {

namespace base_names = cosem::base_names;
namespace conformance = cosem::conformance;
using cosem::Bytes;
using cosem::BytesView;
using cosem::Data;
using cosem::DataAccessResult;
using cosem::ReadResult;

constexpr std::size_t k_block_header = 16;
constexpr std::size_t k_longest_blocked_request = 8 * 1024;
constexpr std::size_t k_most_variables = 32;
constexpr std::size_t k_longest_general_answer = 4 * 1024 * 1024;
constexpr cosem::DecodeLimits k_short_request_limits{8, 1000};
// confirmedServiceError: service, then kind "service", then service-unsupported or pdu-size.
constexpr std::uint8_t k_read_service = 5, k_write_service = 6;
constexpr std::uint8_t k_kind_service = 3, k_unsupported = 2, k_pdu_size = 1;

// One request at work.
class ShortNameWork {
 public:
  ShortNameWork(const ShortNameServices& services, const ObjectModel& model, Session& session,
                Notifications& notifications)
      : services_(services), model_(model), session_(session), notifications_(notifications) {}

  std::optional<Bytes> operator()(const cosem::ReadRequest& request) {
    if (!negotiated(conformance::k_read)) return refused(k_read_service, k_unsupported);
    if (request.variables.size() == 1) {
      const auto& only = request.variables.front();
      if (const auto* more = std::get_if<cosem::BlockNumberAccess>(&only)) return next(*more);
      if (const auto* part = std::get_if<cosem::ReadDataBlockAccess>(&only))
        return take_read_part(*part);
    }
    if (!listed(request.variables.size())) return refused(k_read_service, k_unsupported);
    cosem::ReadResponse response;
    for (const auto& variable : request.variables) response.results.push_back(read(variable));
    return in_blocks_if_long(cosem::encode_short_name(response));
  }

  std::optional<Bytes> operator()(const cosem::WriteRequest& request) {
    if (!negotiated(conformance::k_write)) return refused(k_write_service, k_unsupported);
    if (request.variables.size() == 1 && request.values.size() == 1) {
      const auto* part = std::get_if<cosem::WriteDataBlockAccess>(&request.variables.front());
      if (part != nullptr) return take_write_part(*part, request.values.front());
    }
    if (!listed(request.variables.size()) || request.values.size() != request.variables.size())
      return refused(k_write_service, k_unsupported);
    cosem::WriteResponse response;
    for (std::size_t i = 0; i < request.variables.size(); ++i)
      response.results.emplace_back(write(request.variables[i], request.values[i]));
    return cosem::encode_short_name(response);
  }

  std::optional<Bytes> operator()(const cosem::UnconfirmedWriteRequest& request) {
    const bool served = negotiated(conformance::k_unconfirmed_write) &&
                        listed(request.variables.size()) &&
                        request.values.size() == request.variables.size();
    for (std::size_t i = 0; served && i < request.variables.size(); ++i)
      write(request.variables[i], request.values[i]);
    return std::nullopt;
  }

  // Answers and reports are not for a server.
  template <class Other>
  std::optional<Bytes> operator()(const Other&) {
    return refused(k_read_service, k_unsupported);
  }

 private:
  bool negotiated(std::uint32_t bit) const { return (session_.conformance & bit) != 0; }
  bool listed(std::size_t variables) const {
    return variables == 1 || (variables > 1 && variables <= k_most_variables &&
                              negotiated(conformance::k_multiple_references));
  }
  static Bytes refused(std::uint8_t service, std::uint8_t value) {
    return cosem::encode_apdu(cosem::ConfirmedServiceError{service, k_kind_service, value});
  }

  ReadResult read(const cosem::VariableAccess& variable) {
    if (const auto* name = std::get_if<cosem::VariableName>(&variable))
      return read_name(name->name, std::nullopt);
    const auto* with_parameter = std::get_if<cosem::ParameterizedAccess>(&variable);
    if (with_parameter == nullptr) return DataAccessResult::scope_of_access_violated;
    const auto meaning = services_.meaning_of(with_parameter->name);
    if (meaning && meaning->attribute == 0) return call(*meaning, with_parameter->parameter);
    if (!negotiated(conformance::k_parameterized_access))
      return DataAccessResult::scope_of_access_violated;
    return read_name(with_parameter->name,
                     cosem::SelectiveAccess{with_parameter->selector, with_parameter->parameter});
  }

  ReadResult read_name(std::uint16_t name, std::optional<cosem::SelectiveAccess> access) {
    if (name >= base_names::k_association && name < base_names::k_association + 0x20 && !access)
      return read_association(name - base_names::k_association);
    const auto meaning = services_.meaning_of(name);
    if (!meaning || meaning->attribute == 0) return DataAccessResult::object_undefined;
    auto result =
        model_.get(*session_.role,
                   {{meaning->class_id, meaning->name, meaning->attribute}, std::move(access)});
    if (auto* data = std::get_if<Data>(&result)) return std::move(*data);
    return std::get<DataAccessResult>(result);
  }

  ReadResult read_association(int offset) const {
    switch (offset) {
      case 0x00:
        return cosem::octet_string(cosem::names::k_current_association);
      case 0x08:
        return services_.object_list(*session_.role);
      case 0x10:
        return services_.access_rights_list(*session_.role);
      default:
        return DataAccessResult::object_undefined;
    }
  }

  ReadResult call(const ShortNameServices::Meaning& meaning, const Data& parameter) {
    auto outcome = model_.action(*session_.role, {meaning.class_id, meaning.name, meaning.method},
                                 parameter, notifications_);
    if (outcome.result != cosem::ActionResult::success)
      return static_cast<DataAccessResult>(outcome.result);
    if (!outcome.returned) return Data{};
    if (auto* data = std::get_if<Data>(&*outcome.returned)) return std::move(*data);
    return std::get<DataAccessResult>(*outcome.returned);
  }

  DataAccessResult write(const cosem::VariableAccess& variable, const Data& value) {
    const auto* name = std::get_if<cosem::VariableName>(&variable);
    if (name == nullptr) return DataAccessResult::scope_of_access_violated;
    const auto meaning = services_.meaning_of(name->name);
    if (!meaning) return DataAccessResult::object_undefined;
    if (meaning->attribute != 0)
      return model_.set(*session_.role,
                        {{meaning->class_id, meaning->name, meaning->attribute}, std::nullopt},
                        value);
    const ReadResult result = call(*meaning, value);
    const auto* refusal = std::get_if<DataAccessResult>(&result);
    return refusal != nullptr ? *refusal : DataAccessResult::success;
  }

  std::size_t room() const {
    const bool whole =
        session_.in_general_blocks || (negotiated(conformance::k_general_block_transfer) &&
                                       !negotiated(conformance::k_block_transfer_with_get));
    return whole ? k_longest_general_answer : session_.longest_answer;
  }

  Bytes in_blocks_if_long(Bytes response) {
    if (response.size() <= room()) return response;
    if (!negotiated(conformance::k_block_transfer_with_get))
      return refused(k_read_service, k_pdu_size);
    response.erase(response.begin());  // the blocks carry what follows the tag
    session_.long_get = LongGet{0, std::move(response), 0, 0};
    return block();
  }

  Bytes block() {
    LongGet& transfer = *session_.long_get;
    const std::size_t most = session_.longest_answer > k_block_header
                                 ? session_.longest_answer - k_block_header
                                 : std::size_t{1};
    const std::size_t size = std::min(most, transfer.raw.size() - transfer.sent);
    const BytesView part = BytesView(transfer.raw).subspan(transfer.sent, size);
    transfer.sent += size;
    ++transfer.number;
    const cosem::DataBlockResult result{transfer.sent == transfer.raw.size(),
                                        static_cast<std::uint16_t>(transfer.number),
                                        Bytes(part.begin(), part.end())};
    if (result.last) session_.long_get.reset();
    return cosem::encode_short_name(cosem::ReadResponse{{result}});
  }

  static Bytes read_refusal(DataAccessResult why) {
    return cosem::encode_short_name(cosem::ReadResponse{{why}});
  }
  static Bytes write_refusal(DataAccessResult why) {
    return cosem::encode_short_name(cosem::WriteResponse{{why}});
  }

  Bytes next(const cosem::BlockNumberAccess& asked) {
    if (!session_.long_get) return read_refusal(DataAccessResult::no_long_get_in_progress);
    if (asked.number != session_.long_get->number) {
      session_.long_get.reset();
      return read_refusal(DataAccessResult::data_block_number_invalid);
    }
    return block();
  }

  // Collects a request that comes in blocks: what is wrong with this one, or nothing.
  std::optional<DataAccessResult> take(std::uint16_t number, BytesView raw) {
    if (number == 1) session_.long_set = LongSet{};
    if (!session_.long_set) return DataAccessResult::no_long_set_in_progress;
    LongSet& transfer = *session_.long_set;
    const bool fits = transfer.raw.size() + raw.size() <= k_longest_blocked_request;
    if (number == transfer.number + 1 && fits) {
      transfer.number = number;
      cosem::append(transfer.raw, raw);
      return std::nullopt;
    }
    session_.long_set.reset();
    return fits ? DataAccessResult::data_block_number_invalid : DataAccessResult::long_set_aborted;
  }

  // The request that the blocks made, unless it is a block again.
  template <class Request>
  std::optional<Request> whole(std::uint8_t tag) {
    Bytes octets{std::byte{tag}};
    cosem::append(octets, session_.long_set->raw);
    session_.long_set.reset();
    auto decoded = cosem::decode_short_name(octets, k_short_request_limits);
    auto* request = decoded ? std::get_if<Request>(&*decoded) : nullptr;
    if (request == nullptr) return std::nullopt;
    for (const auto& variable : request->variables) {
      if (std::holds_alternative<cosem::ReadDataBlockAccess>(variable) ||
          std::holds_alternative<cosem::WriteDataBlockAccess>(variable))
        return std::nullopt;
    }
    return std::move(*request);
  }

  std::optional<Bytes> take_read_part(const cosem::ReadDataBlockAccess& part) {
    if (!negotiated(conformance::k_block_transfer_with_get))
      return refused(k_read_service, k_unsupported);
    if (const auto wrong = take(part.number, part.raw)) return read_refusal(*wrong);
    if (!part.last)
      return cosem::encode_short_name(cosem::ReadResponse{{cosem::BlockNumber{part.number}}});
    const auto request = whole<cosem::ReadRequest>(cosem::tags::k_read_request);
    if (!request) return read_refusal(DataAccessResult::type_unmatched);
    return (*this)(*request);
  }

  std::optional<Bytes> take_write_part(const cosem::WriteDataBlockAccess& part, const Data& data) {
    if (!negotiated(conformance::k_block_transfer_with_set))
      return refused(k_write_service, k_unsupported);
    const auto raw = data.octets();
    if (!raw) return write_refusal(DataAccessResult::type_unmatched);
    if (const auto wrong = take(part.number, *raw)) return write_refusal(*wrong);
    if (!part.last)
      return cosem::encode_short_name(cosem::WriteResponse{{cosem::BlockNumber{part.number}}});
    const auto request = whole<cosem::WriteRequest>(cosem::tags::k_write_request);
    if (!request) return write_refusal(DataAccessResult::type_unmatched);
    return (*this)(*request);
  }

  const ShortNameServices& services_;
  const ObjectModel& model_;
  Session& session_;
  Notifications& notifications_;
};

}  // namespace

std::optional<Bytes> ShortNameServices::answer(Session& session,
                                               const cosem::ShortNameApdu& request,
                                               Notifications& notifications) const {
  return std::visit(ShortNameWork(*this, model_, session, notifications), request);
}

}  // namespace meterproof::simulated
