// Numbers of a ProfileCell: what their octets say, by tag.
#include <bit>
#include <cstring>
#include <limits>

#include "devices/cosem/profile_cursor.hpp"
#include "devices/cosem/value_tags.hpp"

namespace meterproof::cosem {
namespace {

template <std::unsigned_integral Wire>
Wire wire_integer(BytesView octets) {
  Wire value{};
  if (octets.size() != sizeof value) return value;  // no cell of the cursor
  std::memcpy(&value, octets.data(), sizeof value);
  if constexpr (std::endian::native == std::endian::big) return value;
  if constexpr (sizeof value == 2) value = __builtin_bswap16(value);
  if constexpr (sizeof value == 4) value = __builtin_bswap32(value);
  if constexpr (sizeof value == 8) value = __builtin_bswap64(value);
  return value;
}

}  // namespace

std::optional<std::uint64_t> ProfileCell::unsigned_integer() const {
  switch (tag) {
    case data_tag::k_double_long_unsigned:
      return wire_integer<std::uint32_t>(contents);
    case data_tag::k_boolean:
      return wire_integer<std::uint8_t>(contents) != 0 ? 1 : 0;
    case data_tag::k_bcd:
    case data_tag::k_unsigned:
    case data_tag::k_enum:
      return wire_integer<std::uint8_t>(contents);
    case data_tag::k_long_unsigned:
      return wire_integer<std::uint16_t>(contents);
    case data_tag::k_long64_unsigned:
      return wire_integer<std::uint64_t>(contents);
    default: {
      const auto value = integer();
      if (!value || *value < 0) return std::nullopt;
      return static_cast<std::uint64_t>(*value);
    }
  }
}

std::optional<std::int64_t> ProfileCell::integer() const {
  switch (tag) {
    case data_tag::k_double_long:
      return static_cast<std::int32_t>(wire_integer<std::uint32_t>(contents));
    case data_tag::k_integer:
      return static_cast<std::int8_t>(wire_integer<std::uint8_t>(contents));
    case data_tag::k_long:
      return static_cast<std::int16_t>(wire_integer<std::uint16_t>(contents));
    case data_tag::k_long64:
      return static_cast<std::int64_t>(wire_integer<std::uint64_t>(contents));
    case data_tag::k_double_long_unsigned:
    case data_tag::k_boolean:
    case data_tag::k_bcd:
    case data_tag::k_unsigned:
    case data_tag::k_enum:
    case data_tag::k_long_unsigned:
    case data_tag::k_long64_unsigned: {
      const auto value = unsigned_integer();
      if (*value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
        return std::nullopt;
      return static_cast<std::int64_t>(*value);
    }
    default:
      return std::nullopt;
  }
}

std::optional<double> ProfileCell::number() const {
  if (tag == data_tag::k_float32)
    return std::bit_cast<float>(wire_integer<std::uint32_t>(contents));
  if (tag == data_tag::k_float64)
    return std::bit_cast<double>(wire_integer<std::uint64_t>(contents));
  if (tag == data_tag::k_long64_unsigned) return static_cast<double>(*unsigned_integer());
  const auto value = integer();
  if (!value) return std::nullopt;
  return static_cast<double>(*value);
}

}  // namespace meterproof::cosem
