#include "devices/cosem/apdu_reader.hpp"

namespace meterproof::cosem {

Bytes ApduReader::octets() {
  const BytesView view = part(reader_.octets());
  return Bytes(view.begin(), view.end());
}

std::size_t ApduReader::count() {
  const std::size_t size = part(reader_.length());
  if (size <= reader_.left()) return size;
  fail(CosemError::truncated);
  return 0;
}

Data ApduReader::data() {
  if (failed()) return {};
  Result<Data> read = read_data(reader_, limits_, budget_);
  if (read.has_value()) return std::move(*read);
  fail(static_cast<CosemError>(read.error().value()));
  return {};
}

DataOrResult ApduReader::data_or_result() {
  switch (u8()) {
    case 0:
      return data();
    case 1:
      return result();
    default:
      fail(CosemError::bad_tag);
      return Data{};
  }
}

LogicalName ApduReader::logical_name() {
  return LogicalName::from(part(reader_.take(6))).value_or(LogicalName{});
}

AttributeDescriptor ApduReader::attribute() {
  AttributeDescriptor descriptor;
  descriptor.class_id = u16();
  descriptor.instance = logical_name();
  descriptor.attribute = static_cast<std::int8_t>(u8());
  return descriptor;
}

MethodDescriptor ApduReader::method() {
  MethodDescriptor descriptor;
  descriptor.class_id = u16();
  descriptor.instance = logical_name();
  descriptor.method = static_cast<std::int8_t>(u8());
  return descriptor;
}

std::optional<SelectiveAccess> ApduReader::selection() {
  if (!flag()) return std::nullopt;
  SelectiveAccess access;
  access.selector = u8();
  access.parameters = data();
  return access;
}

SelectedAttribute ApduReader::selected_attribute() {
  SelectedAttribute selected;
  selected.attribute = attribute();
  selected.access = selection();
  return selected;
}

DataBlock ApduReader::block() {
  DataBlock part_of_value;
  part_of_value.last = flag();
  part_of_value.number = u32();
  part_of_value.raw = octets();
  return part_of_value;
}

ActionOutcome ApduReader::outcome() {
  ActionOutcome outcome;
  outcome.result = static_cast<ActionResult>(u8());
  if (flag()) outcome.returned = data_or_result();
  return outcome;
}

DateTime ApduReader::date_time() {
  const auto value = date_time_from(part(reader_.octets()));
  if (!value) fail(CosemError::bad_length);
  return value.value_or(DateTime{});
}

DateTime ApduReader::untagged_date_time() {
  return date_time_from(part(reader_.take(12))).value_or(DateTime{});
}

}  // namespace meterproof::cosem
