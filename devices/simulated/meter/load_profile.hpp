// LoadProfile: the rows of the load profile, clock and energy register at each full capture period,
// oldest first, in a ring of 90 days. Survives power cuts; no rows are made while the meter is off.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>

#include "devices/cosem/apdu.hpp"

namespace meterproof::simulated {

inline constexpr std::chrono::seconds k_capture_period{900};
inline constexpr std::size_t k_profile_entries = 8640;

class LoadProfile {
 public:
  using Instant = std::chrono::sys_seconds;
  struct Row {
    Instant at;
    std::uint64_t energy = 0;  // digits of the register
  };

  // Rows of the days before `now`, without consumption: the unit ran on the shelf.
  void fill_shelf_life(Instant now, std::uint64_t energy, std::size_t rows);
  // Called often; adds a row when a period has ended since the last call.
  void tick(Instant now, std::uint64_t energy);
  // After a power cut: the next row is at the next full period.
  void resume(Instant now);

  std::size_t size() const { return rows_.size(); }
  // Buffer (attribute 2), with selective access by range (selector 1, of the clock) or entries
  // (selector 2).
  cosem::DataOrResult read(const std::optional<cosem::SelectiveAccess>& access) const;
  static cosem::Data capture_objects();

 private:
  void add(Instant at, std::uint64_t energy);

  std::deque<Row> rows_;
  Instant next_{};
};

}  // namespace meterproof::simulated
