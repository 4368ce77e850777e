// ApduReader: reads the parts that APDUs are made of and remembers the first error, so that a
// decoder reads like the syntax it decodes. After an error every further part is empty; callers
// check failed() before they loop. Room-internal.
#pragma once

#include "devices/cosem/apdu.hpp"

namespace meterproof::cosem {

class ApduReader {
 public:
  ApduReader(BytesView octets, const DecodeLimits& limits)
      : reader_(octets), limits_(limits), budget_(limits.max_elements) {}

  bool failed() const { return error_.has_value(); }
  std::size_t left() const { return reader_.left(); }
  void fail(CosemError error) {
    if (!error_) error_ = error;
  }
  // The value, or the first error, or trailing_octets.
  template <class Value>
  Result<Value> finish(Value apdu) {
    if (!error_ && reader_.left() > 0) error_ = CosemError::trailing_octets;
    if (error_) return *error_;
    return apdu;
  }

  std::uint8_t u8() { return part(reader_.u8()); }
  std::uint16_t u16() { return part(reader_.u16()); }
  std::uint32_t u32() { return part(reader_.u32()); }
  // A-XDR boolean and presence octets: 0 false, else true.
  bool flag() { return u8() != 0; }
  Bytes octets();
  // Number of elements; each is at least one octet, so more than are left is a lie.
  std::size_t count();
  Data data();
  DataOrResult data_or_result();
  AttributeDescriptor attribute();
  MethodDescriptor method();
  std::optional<SelectiveAccess> selection();
  SelectedAttribute selected_attribute();
  DataBlock block();
  DataAccessResult result() { return static_cast<DataAccessResult>(u8()); }
  ActionOutcome outcome();
  // With its length of 12 before it, and without.
  DateTime date_time();
  DateTime untagged_date_time();
  template <class T, class Read>
  std::vector<T> list(Read read) {
    std::vector<T> elements;
    const std::size_t size = count();
    for (std::size_t i = 0; i < size && !failed(); ++i) elements.push_back(read());
    return elements;
  }

 private:
  template <class T>
  T part(std::optional<T> value) {
    if (value && !error_) return *value;
    fail(CosemError::truncated);
    return T{};
  }
  LogicalName logical_name();

  Reader reader_;
  DecodeLimits limits_;
  std::size_t budget_;
  std::optional<CosemError> error_;
};

}  // namespace meterproof::cosem
