// Compact arrays and profile buffers: expansion never makes more elements than allowed, gives what
// the cursor gives, and what comes out can be read as a profile. The first octet is the length of
// the type description, the contents follow it.
#include <algorithm>
#include <cstdlib>

#include "devices/cosem/objects.hpp"
#include "devices/cosem/profile_columns.hpp"

namespace {

using namespace meterproof::cosem;

constexpr std::size_t k_most_elements = 10'000;

std::size_t elements_in(const Data& data) {
  std::size_t count = 1;
  if (const auto* elements = data.elements()) {
    for (const Data& element : *elements) count += elements_in(element);
  }
  return count;
}

// By the octets: a float that is no number is not equal to itself.
bool same(const ProfileCell& cell, const Data& value) {
  return encode_data(cell.data().value()) == encode_data(value);
}

// A row of the cursor against a row of the expansion.
bool same_row(const ProfileCursor& cursor, const Data& row) {
  const auto* cells = row.as<Structure>();
  if (cells == nullptr) return cursor.columns() == 1 && same(cursor[0], row);
  if (cells->elements.size() != cursor.columns()) return false;
  for (std::size_t i = 0; i < cursor.columns(); ++i) {
    const bool filled_in = cells->elements[i].as<Null>() != nullptr;
    if (!filled_in && !same(cursor[i], cells->elements[i])) return false;
  }
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const BytesView input = std::as_bytes(std::span(data, size)).subspan(1);
  const BytesView type = input.first(std::min<std::size_t>(data[0], input.size()));
  const BytesView contents = input.subspan(type.size());
  const CompactArray compact{{type.begin(), type.end()}, {contents.begin(), contents.end()}};
  const auto expanded = expand(compact, {.max_elements = k_most_elements});
  if (!expanded) return 0;
  if (elements_in(*expanded) > k_most_elements + 1) std::abort();
  (void)profile_rows(*expanded);
  for (const Data& row : *expanded->elements()) (void)register_value(std::uint32_t{1}, row);

  const Bytes octets = encode_data(compact);
  const auto decoded = decode_data(octets);
  // Octets after a whole description make another value of it.
  if (!decoded || encode_data(*decoded) != octets || decoded->as<CompactArray>() == nullptr ||
      *decoded->as<CompactArray>() != compact) {
    return 0;
  }
  (void)profile_columns(octets);
  auto cursor = ProfileCursor::over(octets);
  if (!cursor) return 0;
  for (const Data& row : *expanded->elements()) {
    const auto more = cursor->next();
    if (!more) return 0;  // deeper than the cursor goes
    if (!*more || !same_row(*cursor, row)) std::abort();
  }
  return 0;
}
