// Any octets as a profile buffer: the cursor agrees with the generic decoder about what is a
// profile and about every value in it that is not null-data.
#include <cstdlib>

#include "devices/cosem/profile_columns.hpp"

namespace {

using namespace meterproof::cosem;

bool is_profile(const Data& data) {
  const auto* rows = data.as<Array>();
  if (rows == nullptr) return false;
  for (const Data& row : rows->elements) {
    const auto* cells = row.as<Structure>();
    if (cells == nullptr || cells->elements.size() > ProfileCursor::k_most_columns) return false;
  }
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const BytesView octets = std::as_bytes(std::span(data, size));
  const auto generic = decode_data(octets);
  const ProfileLayout layout{.clock_column = 0, .period = std::chrono::minutes(15)};
  (void)profile_columns(octets, layout);
  auto rows = ProfileCursor::over(octets, layout);
  const bool profile = generic && is_profile(*generic);
  if (!rows && profile) std::abort();
  if (!rows) return 0;
  for (std::size_t number = 0;; ++number) {
    const auto more = rows->next();
    if (more.has_error() && profile) std::abort();
    if (more.has_error() || !*more) return 0;
    for (std::size_t i = 0; i < rows->columns(); ++i) {
      const ProfileCell cell = (*rows)[i];
      (void)cell.number();
      (void)cell.date_time();
      if (!profile) continue;
      const Data& expected = (*(*generic->elements())[number].elements())[i];
      if (expected.as<Null>() != nullptr) continue;
      // By the octets: a float that is no number is not equal to itself.
      if (encode_data(cell.data().value()) != encode_data(expected)) std::abort();
    }
  }
}
