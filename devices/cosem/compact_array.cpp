// Compact arrays: skipping a type description and expanding the contents by it.
#include "devices/cosem/type_description.hpp"
#include "devices/cosem/value_tags.hpp"

namespace meterproof::cosem {
namespace {

// A description as a tree, so that reading an element costs no more than its own size.
struct ElementType {
  std::uint8_t tag = 0;
  std::size_t repeats = 0;           // arrays
  std::vector<ElementType> members;  // structures; one for arrays
};

// The octets were checked by skip_type_description before.
ElementType parse_checked_type(Reader& reader) {
  ElementType type;
  type.tag = reader.u8().value_or(data_tag::k_null);
  std::size_t count = 0;
  if (type.tag == data_tag::k_array) {
    type.repeats = reader.u16().value_or(0);
    count = 1;
  } else if (type.tag == data_tag::k_structure) {
    count = reader.length().value_or(0);
  }
  for (std::size_t i = 0; i < count; ++i) type.members.push_back(parse_checked_type(reader));
  return type;
}

Result<Data> read_element(const ElementType& type, Reader& contents, const DecodeLimits& limits,
                          std::size_t& budget) {
  if (type.tag != data_tag::k_array && type.tag != data_tag::k_structure) {
    return read_untagged_data(contents, type.tag, limits, budget);
  }
  // Counted also when it is empty: a short description must not ask for endless elements.
  if (budget == 0) return CosemError::too_large;
  --budget;
  const bool is_array = type.tag == data_tag::k_array;
  const std::size_t count = is_array ? type.repeats : type.members.size();
  std::vector<Data> elements;
  for (std::size_t i = 0; i < count; ++i) {
    Result<Data> element = read_element(type.members[is_array ? 0 : i], contents, limits, budget);
    if (element.has_error()) return element.error();
    elements.push_back(std::move(*element));
  }
  return is_array ? array(std::move(elements)) : structure(std::move(elements));
}

}  // namespace

Result<void> skip_type_description(Reader& reader, std::size_t max_depth) {
  if (max_depth == 0) return CosemError::too_deep;
  const auto tag = reader.u8();
  if (!tag) return CosemError::truncated;
  if (*tag == data_tag::k_array) {
    if (!reader.u16()) return CosemError::truncated;
    return skip_type_description(reader, max_depth - 1);
  }
  if (*tag == data_tag::k_structure) {
    const auto count = reader.length();
    if (!count || *count > reader.left()) return CosemError::truncated;
    for (std::size_t i = 0; i < *count; ++i) {
      const Result<void> element = skip_type_description(reader, max_depth - 1);
      if (element.has_error()) return element;
    }
    return {};
  }
  const bool simple = *tag <= data_tag::k_time || *tag == data_tag::k_dont_care;
  if (!simple || *tag == data_tag::k_compact_array) return CosemError::bad_tag;
  return {};
}

Result<Data> expand(const CompactArray& compact, const DecodeLimits& limits) {
  Reader description(compact.type_description);
  const Result<void> checked = skip_type_description(description, limits.max_depth);
  if (checked.has_error()) return checked.error();
  description = Reader(compact.type_description);
  const ElementType type = parse_checked_type(description);

  std::vector<Data> elements;
  Reader contents(compact.contents);
  std::size_t budget = limits.max_elements;
  while (contents.left() > 0) {
    const std::size_t before = contents.left();
    Result<Data> element = read_element(type, contents, limits, budget);
    if (element.has_error()) return element.error();
    // A type without contents (null, an empty array) would go on for ever.
    if (contents.left() == before) return CosemError::bad_value;
    elements.push_back(std::move(*element));
  }
  return array(std::move(elements));
}

}  // namespace meterproof::cosem
