#include "devices/simulated/meter/event_log.hpp"

#include <utility>
#include <vector>

namespace meterproof::simulated {
namespace {

constexpr const char* k_event_counter = "security_events";

}  // namespace

EventLog::EventLog(Nonvolatile& memory)
    : memory_(&memory), count_(static_cast<std::uint32_t>(memory.get(k_event_counter))) {}

void EventLog::note(SecurityEvent event, harness::WallTime now,
                    std::chrono::system_clock::time_point calendar) {
  if (event != SecurityEvent::power_up && event != SecurityEvent::relay_operated) ++count_;
  const auto [last, first_time] = noted_.try_emplace(event, now);
  if (!first_time) {
    if (now - last->second < std::chrono::seconds(1)) return;
    last->second = now;
  }
  if (entries_.size() == k_entries) entries_.pop_front();
  entries_.push_back({calendar, event});
  memory_->set(k_event_counter, count_);
}

cosem::Data EventLog::rows() const {
  std::vector<cosem::Data> rows;
  for (const auto& entry : entries_) {
    const auto at = std::chrono::floor<std::chrono::milliseconds>(entry.at);
    rows.push_back(cosem::structure(
        {cosem::octet_string(cosem::octets_of(cosem::from_utc(at))), cosem::Data(code(entry))}));
  }
  return cosem::array(std::move(rows));
}

}  // namespace meterproof::simulated
