// xDLMS APDUs with logical-name referencing (IEC 62056-5-3): GET, SET and ACTION with their block
// transfers and lists, data-notification, event-notification, exception-response and
// confirmedServiceError. One struct each, coded both ways, so that client and server share them.
//
// Decoding is total and strict: any octets give an Apdu or a CosemError, and trailing octets are an
// error. invoke is the Invoke-Id-And-Priority octet: bits 0..3 id, bit 6 confirmed, bit 7 high
// priority.
#pragma once

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "devices/cosem/errors.hpp"
#include "devices/cosem/value.hpp"

namespace meterproof::cosem {

// First octets of plain APDUs.
namespace tags {
inline constexpr std::uint8_t k_initiate_request = 0x01, k_initiate_response = 0x08,
                              k_confirmed_service_error = 0x0E, k_data_notification = 0x0F,
                              k_data_notification_confirm = 0x10, k_aarq = 0x60, k_aare = 0x61,
                              k_rlrq = 0x62, k_rlre = 0x63, k_get_request = 0xC0,
                              k_set_request = 0xC1, k_event_notification = 0xC2,
                              k_action_request = 0xC3, k_get_response = 0xC4, k_set_response = 0xC5,
                              k_action_response = 0xC7, k_exception_response = 0xD8;
}  // namespace tags

struct AttributeDescriptor {
  std::uint16_t class_id = 0;
  LogicalName instance;
  std::int8_t attribute = 0;  // 1.. ; 0: all attributes
  auto operator<=>(const AttributeDescriptor&) const = default;
};

struct MethodDescriptor {
  std::uint16_t class_id = 0;
  LogicalName instance;
  std::int8_t method = 0;
  auto operator<=>(const MethodDescriptor&) const = default;
};

struct SelectiveAccess {
  std::uint8_t selector = 0;  // profile generic: 1 range, 2 entries
  Data parameters;
  bool operator==(const SelectiveAccess&) const = default;
};

struct SelectedAttribute {
  AttributeDescriptor attribute;
  std::optional<SelectiveAccess> access;
  bool operator==(const SelectedAttribute&) const = default;
};

using DataOrResult = std::variant<Data, DataAccessResult>;

// Part of a long value: SET requests and ACTION both ways. number counts from 1.
struct DataBlock {
  bool last = false;
  std::uint32_t number = 0;
  Bytes raw;
  bool operator==(const DataBlock&) const = default;
};

struct GetRequestNormal {
  std::uint8_t invoke = 0xC1;
  AttributeDescriptor attribute;
  std::optional<SelectiveAccess> access;
  bool operator==(const GetRequestNormal&) const = default;
};
struct GetRequestNext {
  std::uint8_t invoke = 0xC1;
  std::uint32_t block_number = 0;  // of the block received last
  bool operator==(const GetRequestNext&) const = default;
};
struct GetRequestWithList {
  std::uint8_t invoke = 0xC1;
  std::vector<SelectedAttribute> attributes;
  bool operator==(const GetRequestWithList&) const = default;
};
struct GetResponseNormal {
  std::uint8_t invoke = 0xC1;
  DataOrResult result;
  bool operator==(const GetResponseNormal&) const = default;
};
struct GetResponseWithBlock {
  std::uint8_t invoke = 0xC1;
  bool last = false;
  std::uint32_t block_number = 0;  // from 1
  std::variant<Bytes, DataAccessResult> result;
  bool operator==(const GetResponseWithBlock&) const = default;
};
struct GetResponseWithList {
  std::uint8_t invoke = 0xC1;
  std::vector<DataOrResult> results;
  bool operator==(const GetResponseWithList&) const = default;
};

struct SetRequestNormal {
  std::uint8_t invoke = 0xC1;
  AttributeDescriptor attribute;
  std::optional<SelectiveAccess> access;
  Data value;
  bool operator==(const SetRequestNormal&) const = default;
};
struct SetRequestWithFirstBlock {
  std::uint8_t invoke = 0xC1;
  AttributeDescriptor attribute;
  std::optional<SelectiveAccess> access;
  DataBlock block;
  bool operator==(const SetRequestWithFirstBlock&) const = default;
};
struct SetRequestWithBlock {
  std::uint8_t invoke = 0xC1;
  DataBlock block;
  bool operator==(const SetRequestWithBlock&) const = default;
};
struct SetRequestWithList {
  std::uint8_t invoke = 0xC1;
  std::vector<SelectedAttribute> attributes;
  std::vector<Data> values;
  bool operator==(const SetRequestWithList&) const = default;
};
struct SetRequestWithListAndFirstBlock {
  std::uint8_t invoke = 0xC1;
  std::vector<SelectedAttribute> attributes;
  DataBlock block;  // of the list of values
  bool operator==(const SetRequestWithListAndFirstBlock&) const = default;
};
struct SetResponseNormal {
  std::uint8_t invoke = 0xC1;
  DataAccessResult result = DataAccessResult::success;
  bool operator==(const SetResponseNormal&) const = default;
};
struct SetResponseBlock {
  std::uint8_t invoke = 0xC1;
  std::uint32_t block_number = 0;
  bool operator==(const SetResponseBlock&) const = default;
};
struct SetResponseLastBlock {
  std::uint8_t invoke = 0xC1;
  DataAccessResult result = DataAccessResult::success;
  std::uint32_t block_number = 0;
  bool operator==(const SetResponseLastBlock&) const = default;
};
struct SetResponseLastBlockWithList {
  std::uint8_t invoke = 0xC1;
  std::vector<DataAccessResult> results;
  std::uint32_t block_number = 0;
  bool operator==(const SetResponseLastBlockWithList&) const = default;
};
struct SetResponseWithList {
  std::uint8_t invoke = 0xC1;
  std::vector<DataAccessResult> results;
  bool operator==(const SetResponseWithList&) const = default;
};

struct ActionRequestNormal {
  std::uint8_t invoke = 0xC1;
  MethodDescriptor method;
  std::optional<Data> parameters;
  bool operator==(const ActionRequestNormal&) const = default;
};
struct ActionRequestNextPblock {
  std::uint8_t invoke = 0xC1;
  std::uint32_t block_number = 0;
  bool operator==(const ActionRequestNextPblock&) const = default;
};
struct ActionRequestWithList {
  std::uint8_t invoke = 0xC1;
  std::vector<MethodDescriptor> methods;
  std::vector<Data> parameters;
  bool operator==(const ActionRequestWithList&) const = default;
};
struct ActionRequestWithFirstPblock {
  std::uint8_t invoke = 0xC1;
  MethodDescriptor method;
  DataBlock block;
  bool operator==(const ActionRequestWithFirstPblock&) const = default;
};
struct ActionRequestWithListAndFirstPblock {
  std::uint8_t invoke = 0xC1;
  std::vector<MethodDescriptor> methods;
  DataBlock block;  // of the list of parameters
  bool operator==(const ActionRequestWithListAndFirstPblock&) const = default;
};
struct ActionRequestWithPblock {
  std::uint8_t invoke = 0xC1;
  DataBlock block;
  bool operator==(const ActionRequestWithPblock&) const = default;
};
struct ActionOutcome {
  ActionResult result = ActionResult::success;
  std::optional<DataOrResult> returned;
  bool operator==(const ActionOutcome&) const = default;
};
struct ActionResponseNormal {
  std::uint8_t invoke = 0xC1;
  ActionOutcome outcome;
  bool operator==(const ActionResponseNormal&) const = default;
};
struct ActionResponseWithPblock {
  std::uint8_t invoke = 0xC1;
  DataBlock block;
  bool operator==(const ActionResponseWithPblock&) const = default;
};
struct ActionResponseWithList {
  std::uint8_t invoke = 0xC1;
  std::vector<ActionOutcome> outcomes;
  bool operator==(const ActionResponseWithList&) const = default;
};
struct ActionResponseNextPblock {
  std::uint8_t invoke = 0xC1;
  std::uint32_t block_number = 0;
  bool operator==(const ActionResponseNextPblock&) const = default;
};

struct DataNotification {
  std::uint32_t long_invoke_id = 0;  // long-invoke-id-and-priority
  std::optional<DateTime> date_time;
  Data body;
  bool operator==(const DataNotification&) const = default;
};
// Of a confirmed data-notification.
struct DataNotificationConfirm {
  std::uint32_t long_invoke_id = 0;
  std::optional<DateTime> date_time;
  bool operator==(const DataNotificationConfirm&) const = default;
};
struct EventNotification {
  std::optional<DateTime> date_time;
  AttributeDescriptor attribute;
  Data value;
  bool operator==(const EventNotification&) const = default;
};
struct ExceptionResponse {
  std::uint8_t state_error = 1;    // 1 service-not-allowed, 2 service-unknown
  std::uint8_t service_error = 1;  // 1 operation-not-possible, 2 service-not-supported, 3 other,
                                   // 4 pdu-too-long, 5 deciphering-error, 6 invocation-counter
  std::optional<std::uint32_t> invocation_counter;  // with service_error 6
  bool operator==(const ExceptionResponse&) const = default;
};
struct ConfirmedServiceError {
  std::uint8_t service = 1;  // 1 initiateError, 5 read, 6 write ...
  std::uint8_t kind = 6;     // 0 application-reference .. 6 initiate
  std::uint8_t value = 0;    // initiate: 1 dlms-version-too-low, 2 incompatible-conformance ...
  bool operator==(const ConfirmedServiceError&) const = default;
};

using Apdu = std::variant<
    GetRequestNormal, GetRequestNext, GetRequestWithList, GetResponseNormal, GetResponseWithBlock,
    GetResponseWithList, SetRequestNormal, SetRequestWithFirstBlock, SetRequestWithBlock,
    SetRequestWithList, SetResponseNormal, SetResponseBlock, SetResponseLastBlock,
    SetResponseWithList, ActionRequestNormal, ActionRequestNextPblock, ActionRequestWithList,
    ActionRequestWithFirstPblock, ActionRequestWithPblock, ActionResponseNormal,
    ActionResponseWithPblock, ActionResponseWithList, ActionResponseNextPblock, DataNotification,
    EventNotification, ExceptionResponse, ConfirmedServiceError, SetRequestWithListAndFirstBlock,
    SetResponseLastBlockWithList, ActionRequestWithListAndFirstPblock, DataNotificationConfirm>;

Bytes encode_apdu(const Apdu& apdu);
Result<Apdu> decode_apdu(BytesView octets, const DecodeLimits& limits = {});

// As errors of exception_category() and service_error_category().
Error to_error(const ExceptionResponse& exception);
Error to_error(const ConfirmedServiceError& error);

}  // namespace meterproof::cosem
