// xDLMS APDUs with short-name referencing (IEC 62056-5-3, IEC 61334-4-41): Read, Write,
// UnconfirmedWrite and InformationReport. A variable is named by 16 bits: the base name of its
// object plus an offset (short_names.hpp).
//
// They are a variant of their own: an association refers to objects one way or the other. Decoding
// is total and strict, like that of apdu.hpp. There is no invoke id: answers follow requests.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "devices/cosem/apdu.hpp"

namespace meterproof::cosem {

namespace tags {
inline constexpr std::uint8_t k_read_request = 0x05, k_write_request = 0x06, k_read_response = 0x0C,
                              k_write_response = 0x0D, k_unconfirmed_write_request = 0x16,
                              k_information_report = 0x18;
}  // namespace tags

// Variable-Access-Specification
struct VariableName {  // [2]
  std::uint16_t name = 0;
  bool operator==(const VariableName&) const = default;
};
struct ParameterizedAccess {  // [4] selective access, or a method that returns something
  std::uint16_t name = 0;
  std::uint8_t selector = 0;
  Data parameter;
  bool operator==(const ParameterizedAccess&) const = default;
};
struct BlockNumberAccess {  // [5] the block after this one, please
  std::uint16_t number = 0;
  bool operator==(const BlockNumberAccess&) const = default;
};
struct ReadDataBlockAccess {  // [6] part of a long ReadRequest
  bool last = false;
  std::uint16_t number = 0;
  Bytes raw;
  bool operator==(const ReadDataBlockAccess&) const = default;
};
struct WriteDataBlockAccess {  // [7] part of a long WriteRequest; the octets are its data
  bool last = false;
  std::uint16_t number = 0;
  bool operator==(const WriteDataBlockAccess&) const = default;
};
using VariableAccess = std::variant<VariableName, ParameterizedAccess, BlockNumberAccess,
                                    ReadDataBlockAccess, WriteDataBlockAccess>;

struct DataBlockResult {  // part of a long ReadResponse: of all after its tag
  bool last = false;
  std::uint16_t number = 0;
  Bytes raw;
  bool operator==(const DataBlockResult&) const = default;
};
struct BlockNumber {  // of a block received
  std::uint16_t number = 0;
  bool operator==(const BlockNumber&) const = default;
};
using ReadResult = std::variant<Data, DataAccessResult, DataBlockResult, BlockNumber>;
using WriteResult = std::variant<DataAccessResult, BlockNumber>;

struct ReadRequest {
  std::vector<VariableAccess> variables;
  bool operator==(const ReadRequest&) const = default;
};
struct ReadResponse {
  std::vector<ReadResult> results;
  bool operator==(const ReadResponse&) const = default;
};
struct WriteRequest {
  std::vector<VariableAccess> variables;
  std::vector<Data> values;
  bool operator==(const WriteRequest&) const = default;
};
struct WriteResponse {
  std::vector<WriteResult> results;
  bool operator==(const WriteResponse&) const = default;
};
struct UnconfirmedWriteRequest {
  std::vector<VariableAccess> variables;
  std::vector<Data> values;
  bool operator==(const UnconfirmedWriteRequest&) const = default;
};
struct InformationReport {
  std::optional<std::string> current_time;  // GeneralizedTime as it came
  std::vector<VariableAccess> variables;
  std::vector<Data> values;
  bool operator==(const InformationReport&) const = default;
};

using ShortNameApdu = std::variant<ReadRequest, ReadResponse, WriteRequest, WriteResponse,
                                   UnconfirmedWriteRequest, InformationReport>;

Bytes encode_short_name(const ShortNameApdu& apdu);
// bad_tag for APDUs of other services.
Result<ShortNameApdu> decode_short_name(BytesView octets, const DecodeLimits& limits = {});

}  // namespace meterproof::cosem
