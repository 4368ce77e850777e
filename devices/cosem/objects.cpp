#include "devices/cosem/objects.hpp"

#include <cmath>
#include <utility>

namespace meterproof::cosem {

using harness::Deadline;

double RegisterValue::value() const {
  // Dividing by a power of ten is exact to the last digit where multiplying by 0.1 is not.
  return scaler < 0 ? raw / std::pow(10.0, -scaler) : raw * std::pow(10.0, scaler);
}

double RegisterValue::resolution() const {
  return scaler < 0 ? 1.0 / std::pow(10.0, -scaler) : std::pow(10.0, scaler);
}

Result<RegisterValue> register_value(const Data& value, const Data& scaler_unit) {
  const auto number = value.number();
  const auto* parts = scaler_unit.as<Structure>();
  if (!number || parts == nullptr || parts->elements.size() != 2) return CosemError::type_mismatch;
  const auto scaler = parts->elements[0].integer();
  const auto unit_code = parts->elements[1].integer();
  if (!scaler || *scaler < INT8_MIN || *scaler > INT8_MAX) return CosemError::type_mismatch;
  if (!unit_code || *unit_code < 0 || *unit_code > 255) return CosemError::type_mismatch;
  return RegisterValue{*number, static_cast<int>(*scaler), static_cast<std::uint8_t>(*unit_code)};
}

Result<ProfileRows> profile_rows(const Data& buffer) {
  Data expanded;
  const Data* rows = &buffer;
  if (const auto* compact = buffer.as<CompactArray>()) {
    Result<Data> list = expand(*compact);
    if (list.has_error()) return list.error();
    expanded = std::move(*list);
    rows = &expanded;
  }
  const auto* list = rows->as<Array>();
  if (list == nullptr) return CosemError::type_mismatch;
  ProfileRows result;
  result.reserve(list->elements.size());
  for (const Data& row : list->elements) {
    const auto* columns = row.as<Structure>();
    if (columns == nullptr) return CosemError::type_mismatch;
    result.push_back(columns->elements);
  }
  return result;
}

SelectiveAccess entries(std::uint32_t from, std::uint32_t to, std::uint16_t from_column,
                        std::uint16_t to_column) {
  return {2, structure({from, to, from_column, to_column})};
}

SelectiveAccess range(const DateTime& from, const DateTime& to) {
  const Data clock =
      structure({std::uint16_t{8}, octet_string(names::k_clock), std::int8_t{2}, std::uint16_t{0}});
  return {
      1, structure({clock, octet_string(octets_of(from)), octet_string(octets_of(to)), array({})})};
}

Result<RegisterValue> read_register(Client& client, const LogicalName& name, Deadline deadline,
                                    std::stop_token stop, std::uint16_t class_id) {
  const Result<Data> scaler_unit = client.get({class_id, name, 3}, deadline, stop);
  if (scaler_unit.has_error()) return scaler_unit.error();
  const Result<Data> value = client.get({class_id, name, 2}, deadline, stop);
  if (value.has_error()) return value.error();
  return register_value(*value, *scaler_unit);
}

Result<DateTime> read_clock(Client& client, Deadline deadline, std::stop_token stop) {
  const Result<Data> time = client.get({8, names::k_clock, 2}, deadline, stop);
  if (time.has_error()) return time.error();
  const auto fields = time->date_time();
  if (!fields) return CosemError::type_mismatch;
  return *fields;
}

Result<ProfileRows> read_profile(Client& client, const LogicalName& name,
                                 std::optional<SelectiveAccess> access, Deadline deadline,
                                 std::stop_token stop) {
  const Result<Data> buffer = client.get({7, name, 2}, deadline, stop, std::move(access));
  if (buffer.has_error()) return buffer.error();
  return profile_rows(*buffer);
}

Result<bool> read_relay(Client& client, const LogicalName& name, Deadline deadline,
                        std::stop_token stop) {
  // in_place: an error code is also something that converts to bool.
  using Closed = Result<bool>;
  const Result<Data> state = client.get({70, name, 2}, deadline, stop);
  if (state.has_error()) return Closed(boost::system::in_place_error, state.error());
  const auto* closed = state->as<bool>();
  if (closed == nullptr) {
    return Closed(boost::system::in_place_error, make_error_code(CosemError::type_mismatch));
  }
  return Closed(boost::system::in_place_value, *closed);
}

Result<std::string> read_text(Client& client, const LogicalName& name, Deadline deadline,
                              std::stop_token stop) {
  const Result<Data> value = client.get({1, name, 2}, deadline, stop);
  if (value.has_error()) return value.error();
  auto text = value->text();
  if (!text) return CosemError::type_mismatch;
  return std::move(*text);
}

}  // namespace meterproof::cosem
