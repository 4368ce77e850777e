#include "devices/simulated/meter/access_service.hpp"

#include <tuple>
#include <utility>

#include "devices/cosem/initiate.hpp"
#include "devices/simulated/meter/services.hpp"

namespace meterproof::simulated {
namespace {

using cosem::AccessResult;
using cosem::Data;
using cosem::DataAccessResult;

constexpr std::size_t k_longest_access_list = 64;
constexpr cosem::DecodeLimits k_access_limits{8, 2000};

struct AccessWork {
  const ObjectModel& model;
  const Role& role;
  Notifications& notifications;
  const Data& value;

  std::pair<Data, AccessResult> operator()(const cosem::AccessGet& get) const {
    auto result = model.get(role, get.what);
    if (auto* data = std::get_if<Data>(&result))
      return {std::move(*data), {AccessResult::Kind::get, 0}};
    return {Data{}, refusal(AccessResult::Kind::get, std::get<DataAccessResult>(result))};
  }
  std::pair<Data, AccessResult> operator()(const cosem::AccessSet& set) const {
    return {Data{}, refusal(AccessResult::Kind::set, model.set(role, set.what, value))};
  }
  std::pair<Data, AccessResult> operator()(const cosem::AccessAction& action) const {
    auto outcome = model.action(role, action.method, value, notifications);
    Data returned;
    if (outcome.returned) {
      if (auto* data = std::get_if<Data>(&*outcome.returned)) returned = std::move(*data);
    }
    return {std::move(returned),
            {AccessResult::Kind::action, static_cast<std::uint8_t>(outcome.result)}};
  }

  static AccessResult refusal(AccessResult::Kind kind, DataAccessResult result) {
    return {kind, static_cast<std::uint8_t>(result)};
  }
};

AccessResult::Kind kind_of(const cosem::AccessSpecification& specification) {
  return static_cast<AccessResult::Kind>(specification.index() + 1);
}

}  // namespace

std::optional<cosem::Bytes> answer_access(const ObjectModel& model, const Session& session,
                                          cosem::BytesView octets, Notifications& notifications) {
  if ((session.conformance & cosem::conformance::k_access) == 0)
    return cosem::encode_apdu(service_not_supported());
  const auto request = cosem::decode_access_request(octets, k_access_limits);
  if (!request || request->specifications.size() > k_longest_access_list)
    return cosem::encode_apdu(operation_not_possible());
  cosem::AccessResponse response;
  response.long_invoke_id = request->long_invoke_id;
  if ((request->long_invoke_id & cosem::long_invoke::k_self_descriptive) != 0)
    response.specifications = request->specifications;
  bool broken = false;
  for (std::size_t i = 0; i < request->specifications.size(); ++i) {
    const auto& specification = request->specifications[i];
    AccessResult result{kind_of(specification),
                        static_cast<std::uint8_t>(DataAccessResult::other_reason)};
    Data data;
    if (!broken) {
      std::tie(data, result) = std::visit(
          AccessWork{model, *session.role, notifications, request->values[i]}, specification);
    }
    // What comes after an error is not done when the client said so.
    broken = broken || (result.result != 0 &&
                        (request->long_invoke_id & cosem::long_invoke::k_break_on_error) != 0);
    response.values.push_back(std::move(data));
    response.results.push_back(result);
  }
  if ((request->long_invoke_id & cosem::long_invoke::k_confirmed) == 0) return std::nullopt;
  return cosem::encode_access(response);
}

}  // namespace meterproof::simulated
