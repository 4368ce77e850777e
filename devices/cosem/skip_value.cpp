#include "devices/cosem/skip_value.hpp"

#include "devices/cosem/type_description.hpp"
#include "devices/cosem/value_tags.hpp"

namespace meterproof::cosem {

std::optional<std::size_t> fixed_octets(std::uint8_t tag) {
  switch (tag) {
    case data_tag::k_null:
    case data_tag::k_dont_care:
      return 0;
    case data_tag::k_boolean:
    case data_tag::k_bcd:
    case data_tag::k_integer:
    case data_tag::k_unsigned:
    case data_tag::k_enum:
      return 1;
    case data_tag::k_long:
    case data_tag::k_long_unsigned:
      return 2;
    case data_tag::k_double_long:
    case data_tag::k_double_long_unsigned:
    case data_tag::k_float32:
    case data_tag::k_time:
      return 4;
    case data_tag::k_date:
      return 5;
    case data_tag::k_long64:
    case data_tag::k_long64_unsigned:
    case data_tag::k_float64:
      return 8;
    case data_tag::k_date_time:
      return 12;
    default:
      return std::nullopt;
  }
}

std::optional<CosemError> skip_contents(Reader& reader, std::uint8_t tag, std::size_t max_depth) {
  if (const auto octets = fixed_octets(tag)) {
    return reader.take(*octets) ? std::nullopt : std::optional(CosemError::truncated);
  }
  switch (tag) {
    case data_tag::k_octet_string:
    case data_tag::k_visible_string:
    case data_tag::k_utf8_string:
      return reader.octets() ? std::nullopt : std::optional(CosemError::truncated);
    case data_tag::k_bit_string: {
      const auto bits = reader.length();
      if (!bits || !reader.take((*bits + 7) / 8)) return CosemError::truncated;
      return std::nullopt;
    }
    case data_tag::k_compact_array: {
      const Result<void> type = skip_type_description(reader, DecodeLimits{}.max_depth);
      if (type.has_error()) return static_cast<CosemError>(type.error().value());
      return reader.octets() ? std::nullopt : std::optional(CosemError::truncated);
    }
    case data_tag::k_array:
    case data_tag::k_structure: {
      if (max_depth <= 1) return CosemError::too_deep;
      const auto count = reader.length();
      // Every element takes at least one octet, so the work is bounded by the octets.
      if (!count || *count > reader.left()) return CosemError::truncated;
      for (std::size_t i = 0; i < *count; ++i) {
        const auto element = reader.u8();
        if (!element) return CosemError::truncated;
        if (const auto error = skip_contents(reader, *element, max_depth - 1)) return error;
      }
      return std::nullopt;
    }
    default:
      return CosemError::bad_tag;
  }
}

}  // namespace meterproof::cosem
