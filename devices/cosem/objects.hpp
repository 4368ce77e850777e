// Typed access to the few COSEM objects that a bench needs (IEC 62056-6-2): registers with their
// scaler, the clock, profile buffers, the disconnect control. Each is one or two GETs and a check
// that the types are what the class says (CosemError::type_mismatch).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "devices/cosem/client.hpp"

namespace meterproof::cosem {

// Units of IEC 62056-6-2 that the bench meets.
namespace unit {
inline constexpr std::uint8_t k_watt = 27, k_watt_hour = 30, k_ampere = 33, k_volt = 35;
}

struct RegisterValue {
  double raw = 0;  // as the meter has it: value = raw * 10^scaler
  int scaler = 0;
  std::uint8_t unit = 255;
  double value() const;
  double resolution() const;  // 10^scaler
};

// scaler_unit, attribute 3 of classes 3 and 4.
Result<RegisterValue> register_value(const Data& value, const Data& scaler_unit);

using ProfileRows = std::vector<std::vector<Data>>;
// A buffer is an array (or compact array) of structures.
Result<ProfileRows> profile_rows(const Data& buffer);

// Selective access to a profile buffer. Entries count from 1; to 0 means the last.
SelectiveAccess entries(std::uint32_t from, std::uint32_t to, std::uint16_t from_column = 1,
                        std::uint16_t to_column = 0);
// By the clock column; all columns.
SelectiveAccess range(const DateTime& from, const DateTime& to);

// GETs over an open client. Class 3 (or 4) and its scaler.
Result<RegisterValue> read_register(Client& client, const LogicalName& name,
                                    harness::Deadline deadline, std::stop_token stop,
                                    std::uint16_t class_id = 3);
Result<DateTime> read_clock(Client& client, harness::Deadline deadline, std::stop_token stop);
Result<ProfileRows> read_profile(Client& client, const LogicalName& name,
                                 std::optional<SelectiveAccess> access, harness::Deadline deadline,
                                 std::stop_token stop);
// Class 70, attribute 2: true = supply connected.
Result<bool> read_relay(Client& client, const LogicalName& name, harness::Deadline deadline,
                        std::stop_token stop);
// Class 1, attribute 2, as text.
Result<std::string> read_text(Client& client, const LogicalName& name, harness::Deadline deadline,
                              std::stop_token stop);

}  // namespace meterproof::cosem
