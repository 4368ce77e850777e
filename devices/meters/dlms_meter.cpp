#include "devices/meters/dlms_meter.hpp"

#include <algorithm>

#include "harness/errors.hpp"
#include "harness/link/link.hpp"

namespace meterproof::devices {

using cosem::Client;
using harness::Deadline;
using harness::Result;

namespace {

const MeterDriver k_dlms_driver{
    "dlms", [](const MeterSetup& setup) { return std::make_shared<DlmsMeter>(setup); }};

// An object that this meter does not have, or keeps from this client, is no failure of the meter.
bool is_absent(const harness::Error& error) {
  using cosem::DataAccessResult;
  return error == DataAccessResult::object_undefined ||
         error == DataAccessResult::object_unavailable ||
         error == DataAccessResult::read_write_denied ||
         error == DataAccessResult::object_class_inconsistent;
}

// Text of an object that need not be there.
Result<std::string> text_if_there(Client& client, const cosem::LogicalName& name, Deadline deadline,
                                  std::stop_token stop) {
  Result<std::string> text = cosem::read_text(client, name, deadline, stop);
  if (text.has_error() && is_absent(text.error())) return std::string();
  return text;
}

}  // namespace

// Opens the home session, uses it and closes it. What matters is what was read; a failing release
// is a matter of conformance procedures.
template <class T, class Use>
Result<T> DlmsMeter::with_session(Deadline deadline, std::stop_token stop, Use use) {
  Result<Client> client = session(home_interface_, home_client_, deadline, stop);
  if (client.has_error()) return Result<T>(boost::system::in_place_error, client.error());
  Result<T> result = use(*client);
  (void)client->close(deadline, stop);
  return result;
}

Result<MeterIdentity> DlmsMeter::identity(Deadline deadline, std::stop_token stop) {
  return with_session<MeterIdentity>(deadline, stop, [&](Client& client) -> Result<MeterIdentity> {
    // Device ids 2 and 3 are the maker's choice; ours and many others put maker and model
    // there.
    const std::pair<cosem::LogicalName, std::string MeterIdentity::*> parts[] = {
        {cosem::names::k_device_id, &MeterIdentity::serial},
        {cosem::names::k_firmware, &MeterIdentity::firmware},
        {{{0, 0, 96, 1, 1, 255}}, &MeterIdentity::manufacturer},
        {{{0, 0, 96, 1, 2, 255}}, &MeterIdentity::model}};
    MeterIdentity identity;
    for (const auto& [name, member] : parts) {
      Result<std::string> text = text_if_there(client, name, deadline, stop);
      if (text.has_error()) return text.error();
      identity.*member = std::move(*text);
    }
    if (!identity.manufacturer.empty() && !identity.serial.empty()) return identity;
    // Three letters of the maker and the serial number (IEC 62056-6-2).
    const auto device = text_if_there(client, cosem::names::k_logical_device_name, deadline, stop);
    if (device.has_error()) return device.error();
    if (identity.manufacturer.empty()) identity.manufacturer = device->substr(0, 3);
    if (identity.serial.empty() && device->size() > 3) identity.serial = device->substr(3);
    return identity;
  });
}

Result<RegisterReading> DlmsMeter::read_energy(Deadline deadline, std::stop_token stop) {
  const auto name = cosem::LogicalName::parse(type().register_energy);
  if (!name) {
    throw harness::ConfigError(harness::Diagnostic{
        type().file, 0, "malformed logical name '" + type().register_energy + "'"});
  }
  return with_session<RegisterReading>(
      deadline, stop, [&](Client& client) -> Result<RegisterReading> {
        const auto value = cosem::read_register(client, *name, deadline, stop);
        if (value.has_error()) return value.error();
        if (value->unit != cosem::unit::k_watt_hour) return cosem::CosemError::type_mismatch;
        constexpr double joule_per_watt_hour = 3600;
        return RegisterReading{{value->value() * joule_per_watt_hour},
                               {value->resolution() * joule_per_watt_hour}};
      });
}

Result<void> DlmsMeter::probe(Deadline deadline, std::stop_token stop) {
  const Result<cosem::DateTime> time = clock(deadline, stop);
  if (time.has_error()) return time.error();
  return {};
}

Result<std::optional<bool>> DlmsMeter::relay_closed(Deadline deadline, std::stop_token stop) {
  if (!type().has_relay) return std::optional<bool>{};
  return with_session<std::optional<bool>>(
      deadline, stop, [&](Client& client) -> Result<std::optional<bool>> {
        const auto closed =
            cosem::read_relay(client, cosem::names::k_disconnect_control, deadline, stop);
        using Relay = Result<std::optional<bool>>;
        if (closed.has_error()) return Relay(boost::system::in_place_error, closed.error());
        return Relay(boost::system::in_place_value, *closed);
      });
}

Result<cosem::DateTime> DlmsMeter::clock(Deadline deadline, std::stop_token stop) {
  return with_session<cosem::DateTime>(
      deadline, stop, [&](Client& client) { return cosem::read_clock(client, deadline, stop); });
}

Result<cosem::ProfileRows> DlmsMeter::load_profile(std::uint32_t from, std::uint32_t to,
                                                   Deadline deadline, std::stop_token stop) {
  return with_session<cosem::ProfileRows>(deadline, stop, [&](Client& client) {
    return cosem::read_profile(client, cosem::names::k_load_profile, cosem::entries(from, to),
                               deadline, stop);
  });
}

}  // namespace meterproof::devices
