// Meter: what any meter under test can do, whatever its protocol. Drivers are in devices/meters/,
// one file each.
#pragma once

#include <optional>
#include <stop_token>
#include <string>

#include "harness/deadline.hpp"
#include "harness/quantity.hpp"
#include "harness/result.hpp"

namespace meterproof::devices {

struct MeterIdentity {
  std::string manufacturer;
  std::string model;
  std::string serial;
  std::string firmware;
  bool operator==(const MeterIdentity&) const = default;
};

struct RegisterReading {
  harness::Energy energy;      // total active import
  harness::Energy resolution;  // one unit of the last digit
};

class Meter {
 public:
  virtual ~Meter() = default;
  virtual harness::Result<MeterIdentity> identity(harness::Deadline deadline,
                                                  std::stop_token stop) = 0;
  virtual harness::Result<RegisterReading> read_energy(harness::Deadline deadline,
                                                       std::stop_token stop) = 0;
  // A cheap harmless request that a healthy meter answers; the health probe of every position.
  virtual harness::Result<void> probe(harness::Deadline deadline, std::stop_token stop) = 0;
  // State of the supply relay: true = supply connected; nothing when the meter has none.
  virtual harness::Result<std::optional<bool>> relay_closed(harness::Deadline deadline,
                                                            std::stop_token stop) = 0;
};

}  // namespace meterproof::devices
