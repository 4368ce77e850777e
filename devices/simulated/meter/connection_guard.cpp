#include "devices/simulated/meter/connection_guard.hpp"

#include <algorithm>

namespace meterproof::simulated {

harness::WallTime ConnectionGuard::deadline(const Place& place) const {
  if (place.standing != Standing::stranger) return place.heard + limits_.associated_silence;
  return std::min(place.heard + limits_.stranger_silence, place.since + limits_.stranger_total);
}

std::optional<ConnectionGuard::Id> ConnectionGuard::victim() const {
  std::map<std::string, std::size_t> held;
  for (const auto& [id, place] : places_)
    if (place.standing != Standing::proven) ++held[place.source];
  std::size_t most = 0;
  for (const auto& [source, count] : held) most = std::max(most, count);

  std::optional<Id> chosen;
  for (const auto& [id, place] : places_) {
    if (place.standing == Standing::proven || held[place.source] != most) continue;
    if (!chosen) {
      chosen = id;
      continue;
    }
    const Place& best = places_.at(*chosen);
    const bool stranger = place.standing == Standing::stranger;
    const bool best_stranger = best.standing == Standing::stranger;
    if (stranger != best_stranger ? stranger : place.since < best.since) chosen = id;
  }
  return chosen;
}

ConnectionGuard::Admission ConnectionGuard::admit(const std::string& source,
                                                  harness::WallTime now) {
  const auto unproven =
      static_cast<std::size_t>(std::count_if(places_.begin(), places_.end(), [](const auto& entry) {
        return entry.second.standing != Standing::proven;
      }));
  Admission admission;
  if (unproven >= limits_.unproven_places) {
    if (!limits_.defend) {
      admission.retry_at = harness::WallTime::max();
      return admission;
    }
    const auto oldest = victim();
    const harness::WallTime free_at = places_.at(*oldest).since + limits_.grace;
    if (now < free_at) {
      admission.retry_at = free_at;
      return admission;
    }
    places_.erase(*oldest);
    admission.displaced = oldest;
  }
  admission.admitted = next_++;
  places_[*admission.admitted] = {source, Standing::stranger, now, now};
  return admission;
}

std::optional<ConnectionGuard::Id> ConnectionGuard::heard(Id id, Standing standing,
                                                          harness::WallTime now) {
  const auto found = places_.find(id);
  if (found == places_.end()) return std::nullopt;
  found->second.heard = now;
  if (!limits_.defend) return std::nullopt;
  const bool newly_proven =
      standing == Standing::proven && found->second.standing != Standing::proven;
  found->second.standing = standing;
  if (!newly_proven) return std::nullopt;

  std::optional<Id> quietest;
  std::size_t proven = 0;
  for (const auto& [other, place] : places_) {
    if (place.standing != Standing::proven) continue;
    ++proven;
    if (other != id && (!quietest || place.heard < places_.at(*quietest).heard)) quietest = other;
  }
  if (proven <= limits_.proven_places) return std::nullopt;
  places_.erase(*quietest);
  return quietest;
}

std::vector<ConnectionGuard::Id> ConnectionGuard::overdue(harness::WallTime now) const {
  std::vector<Id> late;
  if (!limits_.defend) return late;
  for (const auto& [id, place] : places_)
    if (deadline(place) <= now) late.push_back(id);
  return late;
}

std::optional<harness::WallTime> ConnectionGuard::next_deadline() const {
  std::optional<harness::WallTime> next;
  if (!limits_.defend) return next;
  for (const auto& [id, place] : places_)
    if (!next || deadline(place) < *next) next = deadline(place);
  return next;
}

}  // namespace meterproof::simulated
