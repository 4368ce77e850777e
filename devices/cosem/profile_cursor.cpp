#include "devices/cosem/profile_cursor.hpp"

#include <algorithm>

#include "devices/cosem/skip_value.hpp"
#include "devices/cosem/type_description.hpp"
#include "devices/cosem/value_tags.hpp"

namespace meterproof::cosem {
namespace {

// Levels left for a cell: the array and the row are two.
constexpr std::size_t k_cell_depth = DecodeLimits{}.max_depth - 2;

bool has_length_octets(std::uint8_t tag) {
  return tag == data_tag::k_octet_string || tag == data_tag::k_visible_string ||
         tag == data_tag::k_utf8_string;
}

std::array<std::byte, 12> fields_of(const DateTime& value) {
  const Date& d = value.date;
  const Time& t = value.time;
  const auto deviation = static_cast<std::uint16_t>(value.deviation);
  const std::array<unsigned, 12> octets{
      d.year / 256U, d.year % 256U,    d.month,          d.day,
      d.day_of_week, t.hour,           t.minute,         t.second,
      t.hundredths,  deviation / 256U, deviation % 256U, value.clock_status};
  std::array<std::byte, 12> out{};
  for (std::size_t i = 0; i < octets.size(); ++i) out[i] = static_cast<std::byte>(octets[i]);
  return out;
}

}  // namespace

Result<ProfileCursor> ProfileCursor::over(BytesView buffer, const ProfileLayout& layout) {
  ProfileCursor rows(buffer, layout);
  if (const auto error = rows.begin()) return *error;
  return rows;
}

std::optional<CosemError> ProfileCursor::begin() {
  const auto tag = reader_.u8();
  if (!tag) return CosemError::truncated;
  if (*tag == data_tag::k_compact_array) return begin_compact();
  if (*tag != data_tag::k_array) return CosemError::bad_tag;
  const auto count = reader_.length();
  // A row takes at least two octets.
  if (!count || *count > reader_.left() / 2) return CosemError::truncated;
  stated_ = left_ = *count;
  return std::nullopt;
}

std::optional<CosemError> ProfileCursor::begin_compact() {
  compact_ = true;
  const BytesView described = reader_.rest();
  const Result<void> skipped = skip_type_description(reader_, DecodeLimits{}.max_depth);
  if (skipped.has_error()) return static_cast<CosemError>(skipped.error().value());
  Reader types(described.first(described.size() - reader_.left()));
  std::size_t count = 1;
  if (*types.peek() == data_tag::k_structure) {
    types.u8();
    count = *types.length();
  }
  if (count > k_most_columns) return CosemError::too_large;
  for (std::size_t i = 0; i < count; ++i) {
    compact_tags_[i] = *types.u8();
    if (compact_tags_[i] == data_tag::k_array || compact_tags_[i] == data_tag::k_structure)
      return CosemError::not_supported;
  }
  columns_ = count;
  const auto contents = reader_.octets();
  if (!contents) return CosemError::truncated;
  if (reader_.left() > 0) return CosemError::trailing_octets;
  reader_ = Reader(*contents);
  return std::nullopt;
}

Result<bool> ProfileCursor::next() {
  if (failed_) return *failed_;
  if (compact_ ? reader_.left() == 0 : left_ == 0) {
    if (reader_.left() == 0) return false;
    failed_ = CosemError::trailing_octets;
    return *failed_;
  }
  if (!compact_) --left_;
  if (repeatable_ && read_like_before()) return true;
  failed_ = compact_ ? read_compact_row() : read_row();
  if (failed_) {
    columns_ = 0;
    return *failed_;
  }
  return true;
}

// A row with the same tags and lengths as the one before, null-data excepted, needs no more than to
// be compared with it.
bool ProfileCursor::read_like_before() {
  const BytesView octets = reader_.rest();
  if (octets.size() < row_octets_ || octets[0] != std::byte{data_tag::k_structure} ||
      octets[1] != static_cast<std::byte>(columns_)) {
    return false;
  }
  for (std::size_t i = 0; i < columns_; ++i) {
    const ProfileCell& cell = cells_[i];
    const std::size_t at = offsets_[i];
    if (!has_length_octets(cell.tag)) {
      if (octets[at - 1] != std::byte{cell.tag}) return false;
    } else if (octets[at - 2] != std::byte{cell.tag} ||
               octets[at - 1] != static_cast<std::byte>(cell.contents.size())) {
      return false;
    }
  }
  for (std::size_t i = 0; i < columns_; ++i) {
    cells_[i].contents = {octets.data() + offsets_[i], cells_[i].contents.size()};
  }
  reader_.take(row_octets_);
  return true;
}

std::optional<CosemError> ProfileCursor::read_row() {
  const BytesView row = reader_.rest();
  const auto tag = reader_.u8();
  if (!tag) return CosemError::truncated;
  if (*tag != data_tag::k_structure) return CosemError::bad_tag;
  const auto count = reader_.length();
  if (!count || *count > reader_.left()) return CosemError::truncated;
  if (*count > k_most_columns) return CosemError::too_large;
  const std::optional<std::size_t> clock = layout_.clock_column;
  const ProfileCell clock_before = clock && *clock < columns_ ? (*this)[*clock] : ProfileCell{};
  // Below 128 columns their number is one octet, which read_like_before() expects.
  bool repeatable = *count < 0x80;
  for (std::size_t i = 0; i < *count; ++i) {
    const auto cell_tag = reader_.u8();
    if (!cell_tag) return CosemError::truncated;
    const ProfileCell before = i >= columns_ ? ProfileCell{}
                               : i == clock  ? clock_before
                                             : cells_[i];
    if (*cell_tag == data_tag::k_null) {
      fill_in(i, before);
      repeatable = false;
      continue;
    }
    const BytesView from = reader_.rest();
    const bool with_length = has_length_octets(*cell_tag);
    if (const auto error = skip_contents(reader_, *cell_tag, k_cell_depth)) return error;
    BytesView contents = from.first(from.size() - reader_.left());
    if (with_length) {
      Reader string(contents);
      string.length();
      repeatable = repeatable && contents.size() - string.left() == 1;
      contents = string.rest();
    }
    repeatable = repeatable && (with_length || fixed_octets(*cell_tag).has_value());
    if (i == clock) clock_made_ = false;
    cells_[i] = {*cell_tag, contents};
    offsets_[i] = static_cast<std::uint32_t>(row.size() - reader_.left() - contents.size());
  }
  columns_ = *count;
  row_octets_ = row.size() - reader_.left();
  repeatable_ = repeatable && row_octets_ <= UINT32_MAX;
  return std::nullopt;
}

std::optional<CosemError> ProfileCursor::read_compact_row() {
  const std::size_t before = reader_.left();
  for (std::size_t i = 0; i < columns_; ++i) {
    const std::uint8_t tag = compact_tags_[i];
    const BytesView from = reader_.rest();
    if (const auto error = skip_contents(reader_, tag)) return error;
    BytesView contents = from.first(from.size() - reader_.left());
    if (has_length_octets(tag)) {
      Reader string(contents);
      string.length();
      contents = string.rest();
    }
    cells_[i] = {tag, contents};
  }
  // A type without contents would go on for ever.
  if (reader_.left() == before) return CosemError::bad_value;
  return std::nullopt;
}

void ProfileCursor::fill_in(std::size_t column, const ProfileCell& before) {
  cells_[column] = before;
  if (column != layout_.clock_column) return;
  clock_made_ = before.contents.data() == clock_.data();
  if (layout_.period > std::chrono::seconds(0)) clock_after(before);
}

// Fields stay local: the deviation takes no part, as the meter's own calendar goes on.
void ProfileCursor::clock_after(const ProfileCell& before) {
  const std::size_t column = *layout_.clock_column;
  const auto was = before.date_time();
  if (!was) return;
  DateTime local = *was;
  local.deviation = 0;
  const auto instant = to_utc(local);
  if (!instant) {
    cells_[column] = {};  // nobody can tell
    clock_made_ = false;
    return;
  }
  DateTime now = from_utc(*instant + layout_.period);
  now.deviation = was->deviation;
  now.clock_status = was->clock_status;
  now.time.hundredths = was->time.hundredths;
  if (was->date.day_of_week == k_not_specified) now.date.day_of_week = k_not_specified;
  clock_ = fields_of(now);
  clock_made_ = true;
}

std::optional<BytesView> ProfileCell::octets() const {
  if (tag != data_tag::k_octet_string) return std::nullopt;
  return contents;
}

std::optional<DateTime> ProfileCell::date_time() const {
  if (tag != data_tag::k_octet_string && tag != data_tag::k_date_time) return std::nullopt;
  return date_time_from(contents);
}

Result<Data> ProfileCell::data() const {
  Bytes encoded;
  append_u8(encoded, tag);
  if (has_length_octets(tag)) {
    append_octets(encoded, contents);
  } else {
    append(encoded, contents);
  }
  return decode_data(encoded);
}

}  // namespace meterproof::cosem
