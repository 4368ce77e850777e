// One function for each service: the choice octet says which form follows.
#include "devices/cosem/apdu_reader.hpp"

namespace meterproof::cosem {
namespace {

Apdu decode_get_request(ApduReader& in) {
  const std::uint8_t choice = in.u8();
  const std::uint8_t invoke = in.u8();
  switch (choice) {
    case 1: {
      GetRequestNormal a{invoke, in.attribute(), {}};
      a.access = in.selection();
      return a;
    }
    case 2:
      return GetRequestNext{invoke, in.u32()};
    case 3:
      return GetRequestWithList{
          invoke, in.list<SelectedAttribute>([&] { return in.selected_attribute(); })};
    default:
      in.fail(CosemError::bad_tag);
      return GetRequestNormal{};
  }
}

Apdu decode_get_response(ApduReader& in) {
  const std::uint8_t choice = in.u8();
  const std::uint8_t invoke = in.u8();
  switch (choice) {
    case 1:
      return GetResponseNormal{invoke, in.data_or_result()};
    case 2: {
      GetResponseWithBlock a;
      a.invoke = invoke;
      a.last = in.flag();
      a.block_number = in.u32();
      const std::uint8_t kind = in.u8();
      if (kind == 0) a.result = in.octets();
      if (kind == 1) a.result = in.result();
      if (kind > 1) in.fail(CosemError::bad_tag);
      return a;
    }
    case 3:
      return GetResponseWithList{invoke,
                                 in.list<DataOrResult>([&] { return in.data_or_result(); })};
    default:
      in.fail(CosemError::bad_tag);
      return GetResponseNormal{};
  }
}

Apdu decode_set_request(ApduReader& in) {
  const std::uint8_t choice = in.u8();
  const std::uint8_t invoke = in.u8();
  switch (choice) {
    case 1: {
      SetRequestNormal a{invoke, in.attribute(), {}, {}};
      a.access = in.selection();
      a.value = in.data();
      return a;
    }
    case 2: {
      SetRequestWithFirstBlock a{invoke, in.attribute(), {}, {}};
      a.access = in.selection();
      a.block = in.block();
      return a;
    }
    case 3:
      return SetRequestWithBlock{invoke, in.block()};
    case 4: {
      SetRequestWithList a{
          invoke, in.list<SelectedAttribute>([&] { return in.selected_attribute(); }), {}};
      a.values = in.list<Data>([&] { return in.data(); });
      return a;
    }
    case 5: {
      SetRequestWithListAndFirstBlock a{
          invoke, in.list<SelectedAttribute>([&] { return in.selected_attribute(); }), {}};
      a.block = in.block();
      return a;
    }
    default:
      in.fail(CosemError::bad_tag);
      return SetRequestNormal{};
  }
}

Apdu decode_set_response(ApduReader& in) {
  const std::uint8_t choice = in.u8();
  const std::uint8_t invoke = in.u8();
  switch (choice) {
    case 1:
      return SetResponseNormal{invoke, in.result()};
    case 2:
      return SetResponseBlock{invoke, in.u32()};
    case 3: {
      SetResponseLastBlock a{invoke, in.result(), 0};
      a.block_number = in.u32();
      return a;
    }
    case 4: {
      SetResponseLastBlockWithList a{invoke, in.list<DataAccessResult>([&] { return in.result(); }),
                                     0};
      a.block_number = in.u32();
      return a;
    }
    case 5:
      return SetResponseWithList{invoke, in.list<DataAccessResult>([&] { return in.result(); })};
    default:
      in.fail(CosemError::bad_tag);
      return SetResponseNormal{};
  }
}

Apdu decode_action_request(ApduReader& in) {
  const std::uint8_t choice = in.u8();
  const std::uint8_t invoke = in.u8();
  switch (choice) {
    case 1: {
      ActionRequestNormal a{invoke, in.method(), {}};
      if (in.flag()) a.parameters = in.data();
      return a;
    }
    case 2:
      return ActionRequestNextPblock{invoke, in.u32()};
    case 3: {
      ActionRequestWithList a{invoke, in.list<MethodDescriptor>([&] { return in.method(); }), {}};
      a.parameters = in.list<Data>([&] { return in.data(); });
      return a;
    }
    case 4: {
      ActionRequestWithFirstPblock a{invoke, in.method(), {}};
      a.block = in.block();
      return a;
    }
    case 5: {
      ActionRequestWithListAndFirstPblock a{
          invoke, in.list<MethodDescriptor>([&] { return in.method(); }), {}};
      a.block = in.block();
      return a;
    }
    case 6:
      return ActionRequestWithPblock{invoke, in.block()};
    default:
      in.fail(CosemError::bad_tag);
      return ActionRequestNormal{};
  }
}

Apdu decode_action_response(ApduReader& in) {
  const std::uint8_t choice = in.u8();
  const std::uint8_t invoke = in.u8();
  switch (choice) {
    case 1:
      return ActionResponseNormal{invoke, in.outcome()};
    case 2:
      return ActionResponseWithPblock{invoke, in.block()};
    case 3:
      return ActionResponseWithList{invoke, in.list<ActionOutcome>([&] { return in.outcome(); })};
    case 4:
      return ActionResponseNextPblock{invoke, in.u32()};
    default:
      in.fail(CosemError::bad_tag);
      return ActionResponseNormal{};
  }
}

Apdu decode_data_notification(ApduReader& in) {
  DataNotification a;
  a.long_invoke_id = in.u32();
  // An octet-string without a tag: its length is 0 or 12. Meters in the field also write it with
  // the tag of octet-string, which as a length of 9 could not be a date-time.
  const std::uint8_t length = in.u8();
  if (length == 12) a.date_time = in.untagged_date_time();
  if (length == 9) a.date_time = in.date_time();
  if (length != 0 && length != 9 && length != 12) in.fail(CosemError::bad_length);
  a.body = in.data();
  return a;
}

Apdu decode_notification_confirm(ApduReader& in) {
  DataNotificationConfirm a;
  a.long_invoke_id = in.u32();
  const std::uint8_t length = in.u8();
  if (length == 12) a.date_time = in.untagged_date_time();
  if (length != 0 && length != 12) in.fail(CosemError::bad_length);
  return a;
}

Apdu decode_event_notification(ApduReader& in) {
  EventNotification a;
  if (in.flag()) a.date_time = in.date_time();
  a.attribute = in.attribute();
  a.value = in.data();
  return a;
}

Apdu decode_exception(ApduReader& in) {
  ExceptionResponse a;
  a.state_error = in.u8();
  a.service_error = in.u8();
  if (a.service_error == 6 && in.left() > 0) a.invocation_counter = in.u32();
  return a;
}

Apdu decode_service_error(ApduReader& in) {
  ConfirmedServiceError a;
  a.service = in.u8();
  a.kind = in.u8();
  a.value = in.u8();
  return a;
}

Apdu decode_by_tag(ApduReader& in, std::uint8_t tag) {
  switch (tag) {
    case tags::k_get_request:
      return decode_get_request(in);
    case tags::k_get_response:
      return decode_get_response(in);
    case tags::k_set_request:
      return decode_set_request(in);
    case tags::k_set_response:
      return decode_set_response(in);
    case tags::k_action_request:
      return decode_action_request(in);
    case tags::k_action_response:
      return decode_action_response(in);
    case tags::k_data_notification:
      return decode_data_notification(in);
    case tags::k_data_notification_confirm:
      return decode_notification_confirm(in);
    case tags::k_event_notification:
      return decode_event_notification(in);
    case tags::k_exception_response:
      return decode_exception(in);
    case tags::k_confirmed_service_error:
      return decode_service_error(in);
    default:
      in.fail(CosemError::bad_tag);
      return ExceptionResponse{};
  }
}

}  // namespace

Result<Apdu> decode_apdu(BytesView octets, const DecodeLimits& limits) {
  if (octets.empty()) return CosemError::truncated;
  ApduReader in(octets, limits);
  const std::uint8_t tag = in.u8();
  Apdu apdu = decode_by_tag(in, tag);
  return in.finish(std::move(apdu));
}

}  // namespace meterproof::cosem
