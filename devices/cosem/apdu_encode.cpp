#include "devices/cosem/apdu.hpp"

namespace meterproof::cosem {
namespace {

// One operator() for each APDU; the choice octets stand beside the service tag.
class ApduEncoder {
 public:
  explicit ApduEncoder(Bytes& out) : out_(out) {}

  void operator()(const GetRequestNormal& a) {
    head(tags::k_get_request, 1, a.invoke);
    attribute(a.attribute);
    selection(a.access);
  }
  void operator()(const GetRequestNext& a) {
    head(tags::k_get_request, 2, a.invoke);
    append_integer(out_, a.block_number);
  }
  void operator()(const GetRequestWithList& a) {
    head(tags::k_get_request, 3, a.invoke);
    attributes(a.attributes);
  }
  void operator()(const GetResponseNormal& a) {
    head(tags::k_get_response, 1, a.invoke);
    data_or_result(a.result);
  }
  void operator()(const GetResponseWithBlock& a) {
    head(tags::k_get_response, 2, a.invoke);
    append_u8(out_, a.last);
    append_integer(out_, a.block_number);
    if (const auto* raw = std::get_if<Bytes>(&a.result)) {
      append_u8(out_, 0);
      append_octets(out_, *raw);
    } else {
      append_u8(out_, 1);
      result(std::get<DataAccessResult>(a.result));
    }
  }
  void operator()(const GetResponseWithList& a) {
    head(tags::k_get_response, 3, a.invoke);
    append_length(out_, a.results.size());
    for (const DataOrResult& one : a.results) data_or_result(one);
  }
  void operator()(const SetRequestNormal& a) {
    head(tags::k_set_request, 1, a.invoke);
    attribute(a.attribute);
    selection(a.access);
    append_data(out_, a.value);
  }
  void operator()(const SetRequestWithFirstBlock& a) {
    head(tags::k_set_request, 2, a.invoke);
    attribute(a.attribute);
    selection(a.access);
    block(a.block);
  }
  void operator()(const SetRequestWithBlock& a) {
    head(tags::k_set_request, 3, a.invoke);
    block(a.block);
  }
  void operator()(const SetRequestWithList& a) {
    head(tags::k_set_request, 4, a.invoke);
    attributes(a.attributes);
    values(a.values);
  }
  void operator()(const SetRequestWithListAndFirstBlock& a) {
    head(tags::k_set_request, 5, a.invoke);
    attributes(a.attributes);
    block(a.block);
  }
  void operator()(const SetResponseNormal& a) {
    head(tags::k_set_response, 1, a.invoke);
    result(a.result);
  }
  void operator()(const SetResponseBlock& a) {
    head(tags::k_set_response, 2, a.invoke);
    append_integer(out_, a.block_number);
  }
  void operator()(const SetResponseLastBlock& a) {
    head(tags::k_set_response, 3, a.invoke);
    result(a.result);
    append_integer(out_, a.block_number);
  }
  void operator()(const SetResponseLastBlockWithList& a) {
    head(tags::k_set_response, 4, a.invoke);
    append_length(out_, a.results.size());
    for (const DataAccessResult one : a.results) result(one);
    append_integer(out_, a.block_number);
  }
  void operator()(const SetResponseWithList& a) {
    head(tags::k_set_response, 5, a.invoke);
    append_length(out_, a.results.size());
    for (const DataAccessResult one : a.results) result(one);
  }
  void operator()(const ActionRequestNormal& a) {
    head(tags::k_action_request, 1, a.invoke);
    method(a.method);
    append_u8(out_, a.parameters.has_value());
    if (a.parameters) append_data(out_, *a.parameters);
  }
  void operator()(const ActionRequestNextPblock& a) {
    head(tags::k_action_request, 2, a.invoke);
    append_integer(out_, a.block_number);
  }
  void operator()(const ActionRequestWithList& a) {
    head(tags::k_action_request, 3, a.invoke);
    append_length(out_, a.methods.size());
    for (const MethodDescriptor& one : a.methods) method(one);
    values(a.parameters);
  }
  void operator()(const ActionRequestWithFirstPblock& a) {
    head(tags::k_action_request, 4, a.invoke);
    method(a.method);
    block(a.block);
  }
  void operator()(const ActionRequestWithListAndFirstPblock& a) {
    head(tags::k_action_request, 5, a.invoke);
    append_length(out_, a.methods.size());
    for (const MethodDescriptor& one : a.methods) method(one);
    block(a.block);
  }
  void operator()(const ActionRequestWithPblock& a) {
    head(tags::k_action_request, 6, a.invoke);
    block(a.block);
  }
  void operator()(const ActionResponseNormal& a) {
    head(tags::k_action_response, 1, a.invoke);
    outcome(a.outcome);
  }
  void operator()(const ActionResponseWithPblock& a) {
    head(tags::k_action_response, 2, a.invoke);
    block(a.block);
  }
  void operator()(const ActionResponseWithList& a) {
    head(tags::k_action_response, 3, a.invoke);
    append_length(out_, a.outcomes.size());
    for (const ActionOutcome& one : a.outcomes) outcome(one);
  }
  void operator()(const ActionResponseNextPblock& a) {
    head(tags::k_action_response, 4, a.invoke);
    append_integer(out_, a.block_number);
  }
  void operator()(const DataNotification& a) {
    long_head(tags::k_data_notification, a.long_invoke_id, a.date_time);
    append_data(out_, a.body);
  }
  void operator()(const DataNotificationConfirm& a) {
    long_head(tags::k_data_notification_confirm, a.long_invoke_id, a.date_time);
  }
  void operator()(const EventNotification& a) {
    append_u8(out_, tags::k_event_notification);
    append_u8(out_, a.date_time.has_value());
    if (a.date_time) append_octets(out_, octets_of(*a.date_time));
    attribute(a.attribute);
    append_data(out_, a.value);
  }
  void operator()(const ExceptionResponse& a) {
    append_u8(out_, tags::k_exception_response);
    append_u8(out_, a.state_error);
    append_u8(out_, a.service_error);
    if (a.invocation_counter) append_integer(out_, *a.invocation_counter);
  }
  void operator()(const ConfirmedServiceError& a) {
    append_u8(out_, tags::k_confirmed_service_error);
    append_u8(out_, a.service);
    append_u8(out_, a.kind);
    append_u8(out_, a.value);
  }

 private:
  void head(std::uint8_t tag, std::uint8_t choice, std::uint8_t invoke) {
    append_u8(out_, tag);
    append_u8(out_, choice);
    append_u8(out_, invoke);
  }
  void long_head(std::uint8_t tag, std::uint32_t long_invoke_id,
                 const std::optional<DateTime>& date_time) {
    append_u8(out_, tag);
    append_integer(out_, long_invoke_id);
    if (date_time) {
      append_octets(out_, octets_of(*date_time));
    } else {
      append_u8(out_, 0);
    }
  }
  void reference(std::uint16_t class_id, const LogicalName& instance, std::int8_t index) {
    append_integer(out_, class_id);
    append(out_, std::as_bytes(std::span(instance.groups)));
    append_u8(out_, static_cast<std::uint8_t>(index));
  }
  void attribute(const AttributeDescriptor& a) { reference(a.class_id, a.instance, a.attribute); }
  void method(const MethodDescriptor& a) { reference(a.class_id, a.instance, a.method); }
  void selection(const std::optional<SelectiveAccess>& access) {
    append_u8(out_, access.has_value());
    if (!access) return;
    append_u8(out_, access->selector);
    append_data(out_, access->parameters);
  }
  void attributes(const std::vector<SelectedAttribute>& list) {
    append_length(out_, list.size());
    for (const SelectedAttribute& one : list) {
      attribute(one.attribute);
      selection(one.access);
    }
  }
  void values(const std::vector<Data>& list) {
    append_length(out_, list.size());
    for (const Data& one : list) append_data(out_, one);
  }
  void block(const DataBlock& a) {
    append_u8(out_, a.last);
    append_integer(out_, a.number);
    append_octets(out_, a.raw);
  }
  void result(DataAccessResult value) { append_u8(out_, static_cast<std::uint8_t>(value)); }
  void data_or_result(const DataOrResult& value) {
    if (const auto* data = std::get_if<Data>(&value)) {
      append_u8(out_, 0);
      append_data(out_, *data);
    } else {
      append_u8(out_, 1);
      result(std::get<DataAccessResult>(value));
    }
  }
  void outcome(const ActionOutcome& value) {
    append_u8(out_, static_cast<std::uint8_t>(value.result));
    append_u8(out_, value.returned.has_value());
    if (value.returned) data_or_result(*value.returned);
  }

  Bytes& out_;
};

}  // namespace

Bytes encode_apdu(const Apdu& apdu) {
  Bytes out;
  out.reserve(64);  // most APDUs: one allocation instead of one for each doubling
  std::visit(ApduEncoder(out), apdu);
  return out;
}

Error to_error(const ExceptionResponse& exception) {
  return {exception.state_error * 256 + exception.service_error, exception_category()};
}

Error to_error(const ConfirmedServiceError& error) {
  return {(error.service << 16) + (error.kind << 8) + error.value, service_error_category()};
}

}  // namespace meterproof::cosem
