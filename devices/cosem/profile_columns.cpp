#include "devices/cosem/profile_columns.hpp"

#include <algorithm>

#include "devices/cosem/value_tags.hpp"

namespace meterproof::cosem {
namespace {

std::optional<ProfileColumn> column_for(std::uint8_t tag, bool clock) {
  switch (tag) {
    case data_tag::k_double_long:
    case data_tag::k_integer:
    case data_tag::k_long:
    case data_tag::k_long64:
      return std::vector<std::int64_t>();
    case data_tag::k_double_long_unsigned:
    case data_tag::k_boolean:
    case data_tag::k_bcd:
    case data_tag::k_unsigned:
    case data_tag::k_enum:
    case data_tag::k_long_unsigned:
    case data_tag::k_long64_unsigned:
      return std::vector<std::uint64_t>();
    case data_tag::k_float32:
    case data_tag::k_float64:
      return std::vector<double>();
    case data_tag::k_date_time:
      return std::vector<DateTime>();
    case data_tag::k_octet_string:
      if (clock) return std::vector<DateTime>();
      return std::vector<BytesView>();
    case data_tag::k_visible_string:
    case data_tag::k_utf8_string:
      return std::vector<BytesView>();
    default:
      return std::nullopt;
  }
}

// Appends the cell to a column of its kind; false when it is of another kind.
struct Append {
  const ProfileCell& cell;

  template <class T>
  static bool add(std::vector<T>& column, const std::optional<T>& value) {
    if (value) column.push_back(*value);
    return value.has_value();
  }
  bool operator()(std::vector<std::int64_t>& column) const { return add(column, cell.integer()); }
  bool operator()(std::vector<std::uint64_t>& column) const {
    return add(column, cell.unsigned_integer());
  }
  bool operator()(std::vector<double>& column) const { return add(column, cell.number()); }
  bool operator()(std::vector<DateTime>& column) const { return add(column, cell.date_time()); }
  bool operator()(std::vector<BytesView>& column) const {
    const bool string = cell.tag == data_tag::k_octet_string ||
                        cell.tag == data_tag::k_visible_string ||
                        cell.tag == data_tag::k_utf8_string;
    if (string) column.push_back(cell.contents);
    return string;
  }
};

}  // namespace

Result<std::vector<ProfileColumn>> profile_columns(BytesView buffer, const ProfileLayout& layout) {
  Result<ProfileCursor> rows = ProfileCursor::over(buffer, layout);
  if (rows.has_error()) return rows.error();
  std::vector<ProfileColumn> columns;
  bool first = true;
  while (true) {
    const Result<bool> more = rows->next();
    if (more.has_error()) return more.error();
    if (!*more) return columns;
    if (first) {
      first = false;
      // A row takes two octets and one for each cell at least. The stated number alone may be a lie
      // that asks for the octets' size once for each of many columns.
      const std::size_t likely_rows =
          std::min(rows->stated_rows().value_or(0), buffer.size() / (2 + rows->columns()));
      for (std::size_t i = 0; i < rows->columns(); ++i) {
        auto column = column_for((*rows)[i].tag, i == layout.clock_column);
        if (!column) return CosemError::bad_value;
        std::visit([&](auto& values) { values.reserve(likely_rows); }, *column);
        columns.push_back(std::move(*column));
      }
    }
    if (rows->columns() != columns.size()) return CosemError::bad_length;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const ProfileCell cell = (*rows)[i];
      if (!std::visit(Append{cell}, columns[i])) return CosemError::bad_value;
    }
  }
}

}  // namespace meterproof::cosem
