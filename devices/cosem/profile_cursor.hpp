// ProfileCursor: reads the buffer of a profile (class 7 attribute 2) row by row straight from its
// octets, without an allocation for each row. Array of structures, or compact array of structures.
//
// A meter may send null-data for what the reader can tell from the row before (IEC 62056-6-2, class
// 7, buffer): the same value again, or in the column of the clock the next capture instant. The
// cursor fills it in, so that every cell of every row has a value, or says that it never had one.
//
// Total: any octets give rows or a CosemError. The octets must outlive the cursor and its cells.
#pragma once

#include <array>
#include <chrono>
#include <optional>

#include "devices/cosem/value.hpp"

namespace meterproof::cosem {

// One value of a row: tag of the CHOICE Data and the octets after it; of octet-, visible- and
// utf8-strings without their length. Valid until the cursor moves on.
struct ProfileCell {
  std::uint8_t tag = 0;
  BytesView contents;

  bool null() const { return tag == 0; }
  // As those of Data: nothing when it is of another type or does not fit.
  std::optional<std::int64_t> integer() const;
  std::optional<std::uint64_t> unsigned_integer() const;
  std::optional<double> number() const;
  std::optional<BytesView> octets() const;
  std::optional<DateTime> date_time() const;
  // Of structured cells too. Allocates.
  Result<Data> data() const;
};

struct ProfileLayout {
  // Column of the clock, counted from 0, and the capture period: then null-data there is the
  // instant one period after that of the row before, in the same local time.
  std::optional<std::size_t> clock_column;
  std::chrono::seconds period{0};
};

class ProfileCursor {
 public:
  static constexpr std::size_t k_most_columns = 128;

  // Errors: bad_tag when it is neither form or a row is no structure; too_large for more columns
  // than k_most_columns; too_deep; truncated. A structured member of a compact row is
  // not_supported: expand() reads it.
  static Result<ProfileCursor> over(BytesView buffer, const ProfileLayout& layout = {});

  // Goes to the next row. False at the end; octets after it are an error. The cursor stays at the
  // end or at its first error.
  Result<bool> next();
  // Of the current row. Rows may differ in their number of columns.
  std::size_t columns() const { return columns_; }
  ProfileCell operator[](std::size_t column) const {
    return clock_made_ && column == layout_.clock_column ? ProfileCell{cells_[column].tag, clock_}
                                                         : cells_[column];
  }
  // That the array states; nothing for compact arrays, which do not say.
  std::optional<std::size_t> stated_rows() const { return stated_; }

 private:
  ProfileCursor(BytesView octets, const ProfileLayout& layout) : reader_(octets), layout_(layout) {}

  std::optional<CosemError> begin();
  std::optional<CosemError> begin_compact();
  bool read_like_before();
  std::optional<CosemError> read_row();
  std::optional<CosemError> read_compact_row();
  void fill_in(std::size_t column, const ProfileCell& before);
  void clock_after(const ProfileCell& before);

  Reader reader_;
  ProfileLayout layout_;
  std::optional<std::size_t> stated_;
  std::size_t left_ = 0;  // rows of an array
  bool compact_ = false;
  std::array<std::uint8_t, k_most_columns> compact_tags_{};
  std::optional<CosemError> failed_;
  std::size_t columns_ = 0;
  std::array<ProfileCell, k_most_columns> cells_{};
  bool clock_made_ = false;  // the clock of this row is in clock_, not in the octets
  std::array<std::byte, 12> clock_{};
  // Where the contents stood in the row before: the next one usually looks the same.
  bool repeatable_ = false;
  std::size_t row_octets_ = 0;
  std::array<std::uint32_t, k_most_columns> offsets_{};
};

}  // namespace meterproof::cosem
