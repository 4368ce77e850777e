#include "devices/simulated/meter/load_profile.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace meterproof::simulated {
namespace {

using cosem::Data;
using cosem::DataAccessResult;
using cosem::DataOrResult;

constexpr std::size_t k_columns = 2;
using Columns = std::array<bool, k_columns>;

LoadProfile::Instant period_after(LoadProfile::Instant now) {
  const auto since = now.time_since_epoch();
  return LoadProfile::Instant(since - since % k_capture_period + k_capture_period);
}

Data capture_object(std::uint16_t class_id, const cosem::LogicalName& name) {
  return cosem::structure(
      {Data(class_id), cosem::octet_string(name), Data(std::int8_t{2}), Data(std::uint16_t{0})});
}

std::optional<LoadProfile::Instant> instant_of(const Data& data) {
  const auto date_time = data.date_time();
  if (!date_time) return std::nullopt;
  const auto utc = cosem::to_utc(*date_time);
  if (!utc) return std::nullopt;
  return std::chrono::floor<std::chrono::seconds>(*utc);
}

Data row_data(const LoadProfile::Row& row, const Columns& columns) {
  std::vector<Data> cells;
  if (columns[0]) cells.push_back(cosem::octet_string(cosem::octets_of(cosem::from_utc(row.at))));
  if (columns[1]) cells.emplace_back(static_cast<std::uint32_t>(row.energy));
  return cosem::structure(std::move(cells));
}

// Columns asked for by their capture object definitions; all when none is named.
std::optional<Columns> named_columns(const Data& selected) {
  const auto* definitions = selected.elements();
  if (definitions == nullptr) return std::nullopt;
  if (definitions->empty()) return Columns{true, true};
  Columns columns{};
  const std::vector<Data> known = {capture_object(8, cosem::names::k_clock),
                                   capture_object(3, cosem::names::k_active_import)};
  for (const auto& definition : *definitions) {
    const auto found = std::find(known.begin(), known.end(), definition);
    if (found == known.end()) return std::nullopt;
    columns[static_cast<std::size_t>(found - known.begin())] = true;
  }
  return columns;
}

}  // namespace

void LoadProfile::add(Instant at, std::uint64_t energy) {
  if (rows_.size() == k_profile_entries) rows_.pop_front();
  rows_.push_back({at, energy});
}

void LoadProfile::fill_shelf_life(Instant now, std::uint64_t energy, std::size_t rows) {
  next_ = period_after(now);
  for (std::size_t back = rows; back > 0; --back)
    add(next_ - static_cast<int>(back) * k_capture_period, energy);
}

void LoadProfile::resume(Instant now) { next_ = period_after(now); }

void LoadProfile::tick(Instant now, std::uint64_t energy) {
  // Bounded: a jump of the calendar may not cost more than the ring holds.
  for (std::size_t made = 0; next_ <= now && made < k_profile_entries; ++made) {
    add(next_, energy);
    next_ += k_capture_period;
  }
  if (next_ <= now) next_ = period_after(now);
}

Data LoadProfile::capture_objects() {
  return cosem::array(
      {capture_object(8, cosem::names::k_clock), capture_object(3, cosem::names::k_active_import)});
}

DataOrResult LoadProfile::read(const std::optional<cosem::SelectiveAccess>& access) const {
  std::size_t first = 0;
  std::size_t last = rows_.size();  // one past
  Columns columns{true, true};
  const auto before = [](const Row& row, Instant at) { return row.at < at; };
  if (access) {
    const auto* parts = access->parameters.elements();
    if (parts == nullptr || parts->size() != 4) return DataAccessResult::type_unmatched;
    if (access->selector == 1) {
      const auto from = instant_of((*parts)[1]);
      const auto to = instant_of((*parts)[2]);
      const auto named = named_columns((*parts)[3]);
      if ((*parts)[0] != capture_object(8, cosem::names::k_clock) || !from || !to || !named)
        return DataAccessResult::scope_of_access_violated;
      first = static_cast<std::size_t>(std::lower_bound(rows_.begin(), rows_.end(), *from, before) -
                                       rows_.begin());
      last = static_cast<std::size_t>(
          std::lower_bound(rows_.begin(), rows_.end(), *to + std::chrono::seconds(1), before) -
          rows_.begin());
      columns = *named;
    } else {
      std::array<std::uint64_t, 4> numbers{};
      for (std::size_t i = 0; i < numbers.size(); ++i) {
        const auto number = (*parts)[i].unsigned_integer();
        if (!number) return DataAccessResult::type_unmatched;
        numbers[i] = *number;
      }
      const auto [from, to, from_column, to_column] = numbers;
      if (from == 0 || from_column == 0 || from_column > k_columns ||
          (to_column != 0 && (to_column < from_column || to_column > k_columns)))
        return DataAccessResult::scope_of_access_violated;
      first = static_cast<std::size_t>(std::min<std::uint64_t>(from - 1, rows_.size()));
      if (to != 0) last = static_cast<std::size_t>(std::min<std::uint64_t>(to, rows_.size()));
      for (std::size_t i = 0; i < k_columns; ++i)
        columns[i] = i + 1 >= from_column && (to_column == 0 || i + 1 <= to_column);
    }
  }
  std::vector<Data> rows;
  for (std::size_t i = first; i < last; ++i) rows.push_back(row_data(rows_[i], columns));
  return cosem::array(std::move(rows));
}

}  // namespace meterproof::simulated
