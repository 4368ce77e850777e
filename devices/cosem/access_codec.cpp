#include "devices/cosem/access.hpp"
#include "devices/cosem/apdu_reader.hpp"

namespace meterproof::cosem {
namespace {

constexpr std::uint8_t k_get_choice = 1, k_set_choice = 2, k_action_choice = 3,
                       k_get_selected_choice = 4, k_set_selected_choice = 5;

void append_reference(Bytes& out, std::uint16_t class_id, const LogicalName& instance,
                      std::int8_t index) {
  append_integer(out, class_id);
  append(out, std::as_bytes(std::span(instance.groups)));
  append_u8(out, static_cast<std::uint8_t>(index));
}

void append_selected(Bytes& out, const SelectedAttribute& what, std::uint8_t plain,
                     std::uint8_t selected) {
  append_u8(out, what.access ? selected : plain);
  append_reference(out, what.attribute.class_id, what.attribute.instance, what.attribute.attribute);
  if (!what.access) return;
  append_u8(out, what.access->selector);
  append_data(out, what.access->parameters);
}

void append_specifications(Bytes& out, const std::vector<AccessSpecification>& list) {
  append_length(out, list.size());
  for (const AccessSpecification& one : list) {
    if (const auto* get = std::get_if<AccessGet>(&one)) {
      append_selected(out, get->what, k_get_choice, k_get_selected_choice);
    } else if (const auto* set = std::get_if<AccessSet>(&one)) {
      append_selected(out, set->what, k_set_choice, k_set_selected_choice);
    } else {
      const MethodDescriptor& method = std::get<AccessAction>(one).method;
      append_u8(out, k_action_choice);
      append_reference(out, method.class_id, method.instance, method.method);
    }
  }
}

void append_values(Bytes& out, const std::vector<Data>& values) {
  append_length(out, values.size());
  for (const Data& value : values) append_data(out, value);
}

void append_head(Bytes& out, std::uint8_t tag, std::uint32_t long_invoke_id,
                 const std::optional<DateTime>& date_time) {
  append_u8(out, tag);
  append_integer(out, long_invoke_id);
  if (date_time) {
    append_octets(out, octets_of(*date_time));
  } else {
    append_u8(out, 0);
  }
}

std::optional<DateTime> read_date_time(ApduReader& in) {
  const std::uint8_t length = in.u8();
  if (length == 0) return std::nullopt;
  if (length != 12) in.fail(CosemError::bad_length);
  return in.untagged_date_time();
}

AccessSpecification read_specification(ApduReader& in) {
  const std::uint8_t choice = in.u8();
  if (choice == k_action_choice) return AccessAction{in.method()};
  SelectedAttribute what;
  what.attribute = in.attribute();
  if (choice == k_get_selected_choice || choice == k_set_selected_choice) {
    SelectiveAccess access;
    access.selector = in.u8();
    access.parameters = in.data();
    what.access = std::move(access);
  } else if (choice != k_get_choice && choice != k_set_choice) {
    in.fail(CosemError::bad_tag);
  }
  if (choice == k_set_choice || choice == k_set_selected_choice) return AccessSet{std::move(what)};
  return AccessGet{std::move(what)};
}

std::vector<AccessSpecification> read_specifications(ApduReader& in) {
  return in.list<AccessSpecification>([&] { return read_specification(in); });
}
std::vector<Data> read_access_values(ApduReader& in) {
  return in.list<Data>([&] { return in.data(); });
}

AccessResult read_access_result(ApduReader& in) {
  AccessResult result;
  const std::uint8_t kind = in.u8();
  if (kind < 1 || kind > 3) in.fail(CosemError::bad_tag);
  result.kind = static_cast<AccessResult::Kind>(kind);
  result.result = in.u8();
  return result;
}

}  // namespace

Bytes encode_access(const AccessRequest& request) {
  Bytes out;
  append_head(out, tags::k_access_request, request.long_invoke_id, request.date_time);
  append_specifications(out, request.specifications);
  append_values(out, request.values);
  return out;
}

Bytes encode_access(const AccessResponse& response) {
  Bytes out;
  append_head(out, tags::k_access_response, response.long_invoke_id, response.date_time);
  append_u8(out, response.specifications.has_value());
  if (response.specifications) append_specifications(out, *response.specifications);
  append_values(out, response.values);
  append_length(out, response.results.size());
  for (const AccessResult& one : response.results) {
    append_u8(out, static_cast<std::uint8_t>(one.kind));
    append_u8(out, one.result);
  }
  return out;
}

Result<AccessRequest> decode_access_request(BytesView octets, const DecodeLimits& limits) {
  if (octets.empty()) return CosemError::truncated;
  ApduReader in(octets, limits);
  if (in.u8() != tags::k_access_request) return CosemError::bad_tag;
  AccessRequest request;
  request.long_invoke_id = in.u32();
  request.date_time = read_date_time(in);
  request.specifications = read_specifications(in);
  request.values = read_access_values(in);
  if (!in.failed() && request.values.size() != request.specifications.size()) {
    in.fail(CosemError::bad_length);
  }
  return in.finish(std::move(request));
}

Result<AccessResponse> decode_access_response(BytesView octets, const DecodeLimits& limits) {
  if (octets.empty()) return CosemError::truncated;
  ApduReader in(octets, limits);
  if (in.u8() != tags::k_access_response) return CosemError::bad_tag;
  AccessResponse response;
  response.long_invoke_id = in.u32();
  response.date_time = read_date_time(in);
  if (in.flag()) response.specifications = read_specifications(in);
  response.values = read_access_values(in);
  response.results = in.list<AccessResult>([&] { return read_access_result(in); });
  return in.finish(std::move(response));
}

}  // namespace meterproof::cosem
