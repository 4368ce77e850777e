#include "devices/cosem/classes/type.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "devices/cosem/classes/shared_types.hpp"
#include "devices/cosem/value_tags.hpp"

namespace meterproof::cosem::classes {
namespace {

constexpr int k_max_type_depth = 24;
constexpr std::size_t k_max_type_parts = 256;

struct TagName {
  std::uint8_t tag;
  std::string_view name;
};
constexpr std::array k_tag_names{TagName{data_tag::k_null, "null-data"},
                                 TagName{data_tag::k_array, "array"},
                                 TagName{data_tag::k_structure, "structure"},
                                 TagName{data_tag::k_boolean, "boolean"},
                                 TagName{data_tag::k_bit_string, "bit-string"},
                                 TagName{data_tag::k_double_long, "double-long"},
                                 TagName{data_tag::k_double_long_unsigned, "double-long-unsigned"},
                                 TagName{data_tag::k_octet_string, "octet-string"},
                                 TagName{data_tag::k_visible_string, "visible-string"},
                                 TagName{data_tag::k_utf8_string, "utf8-string"},
                                 TagName{data_tag::k_bcd, "bcd"},
                                 TagName{data_tag::k_integer, "integer"},
                                 TagName{data_tag::k_long, "long"},
                                 TagName{data_tag::k_unsigned, "unsigned"},
                                 TagName{data_tag::k_long_unsigned, "long-unsigned"},
                                 TagName{data_tag::k_compact_array, "compact-array"},
                                 TagName{data_tag::k_long64, "long64"},
                                 TagName{data_tag::k_long64_unsigned, "long64-unsigned"},
                                 TagName{data_tag::k_enum, "enum"},
                                 TagName{data_tag::k_float32, "float32"},
                                 TagName{data_tag::k_float64, "float64"},
                                 TagName{data_tag::k_date_time, "date-time"},
                                 TagName{data_tag::k_date, "date"},
                                 TagName{data_tag::k_time, "time"},
                                 TagName{data_tag::k_dont_care, "dont-care"}};

struct FormatName {
  OctetFormat format;
  std::string_view name;
};
constexpr std::array k_format_names{FormatName{OctetFormat::logical_name, "logical-name"},
                                    FormatName{OctetFormat::date_time, "octet-date-time"},
                                    FormatName{OctetFormat::date, "octet-date"},
                                    FormatName{OctetFormat::time, "octet-time"}};

bool is_word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_';
}

class TypeParser {
 public:
  TypeParser(std::string_view text, int depth, std::size_t& parts)
      : text_(text), depth_(depth), parts_(parts) {}

  Result<Type> whole() {
    Result<Type> type = alternatives();
    if (type.has_error()) return type;
    skip_blanks();
    if (!text_.empty()) return CosemError::bad_value;
    return type;
  }

 private:
  Result<Type> alternatives() {
    if (++depth_ > k_max_type_depth) return CosemError::bad_value;
    Result<Type> first = one();
    if (first.has_error()) return first;
    Type choice;
    choice.kind = TypeKind::choice;
    while (taken('|')) {
      if (choice.parts.empty()) add_alternative(choice, std::move(*first));
      Result<Type> next = one();
      if (next.has_error() || ++parts_ > k_max_type_parts) return CosemError::bad_value;
      add_alternative(choice, std::move(*next));
    }
    --depth_;
    if (choice.parts.empty()) return first;
    return choice;
  }

  // A choice inside a choice is one choice.
  static void add_alternative(Type& choice, Type type) {
    if (type.kind != TypeKind::choice) {
      choice.parts.push_back({"", std::move(type)});
      return;
    }
    for (TypeField& part : type.parts) choice.parts.push_back(std::move(part));
  }

  Result<Type> one() {
    if (taken('<')) {
      Result<Type> inner = alternatives();
      if (inner.has_error() || !taken('>')) return CosemError::bad_value;
      return inner;
    }
    if (taken('$')) return shared(word());
    const std::string_view name = word();
    Type type;
    if (name == "any") return type;
    const auto format = std::find_if(k_format_names.begin(), k_format_names.end(),
                                     [&](const FormatName& known) { return known.name == name; });
    if (format != k_format_names.end()) {
      type.kind = TypeKind::simple;
      type.tag = data_tag::k_octet_string;
      type.format = format->format;
      return type;
    }
    const auto tag = std::find_if(k_tag_names.begin(), k_tag_names.end(),
                                  [&](const TagName& known) { return known.name == name; });
    if (tag == k_tag_names.end()) return CosemError::bad_value;
    type.tag = tag->tag;
    type.kind = tag->tag == data_tag::k_array       ? TypeKind::array
                : tag->tag == data_tag::k_structure ? TypeKind::structure
                                                    : TypeKind::simple;
    if (taken('(') && !ranges(type)) return CosemError::bad_value;
    if (type.kind == TypeKind::array) return array_of(std::move(type));
    if (type.kind == TypeKind::structure && taken('{')) return fields_of(std::move(type));
    return type;
  }

  Result<Type> array_of(Type type) {
    skip_blanks();
    if (!text_.starts_with("of ")) return type;
    text_.remove_prefix(3);
    if (++depth_ > k_max_type_depth || ++parts_ > k_max_type_parts) return CosemError::bad_value;
    Result<Type> element = one();
    --depth_;
    if (element.has_error()) return element;
    type.parts.push_back({"", std::move(*element)});
    return type;
  }

  Result<Type> fields_of(Type type) {
    do {
      TypeField field;
      field.name = std::string(word());
      if (field.name.empty() || !taken(':') || ++parts_ > k_max_type_parts) {
        return CosemError::bad_value;
      }
      Result<Type> of_field = alternatives();
      if (of_field.has_error()) return of_field;
      field.type = std::move(*of_field);
      type.parts.push_back(std::move(field));
    } while (taken(','));
    if (!taken('}')) return CosemError::bad_value;
    return type;
  }

  Result<Type> shared(std::string_view name) {
    for (const SharedType& known : shared_types()) {
      if (known.name == name) {
        if (depth_ + 1 > k_max_type_depth) return CosemError::bad_value;
        return TypeParser(known.text, depth_ + 1, parts_).whole();
      }
    }
    return CosemError::bad_value;
  }

  bool ranges(Type& type) {
    do {
      const auto lowest = number();
      if (!lowest) return false;
      Range range{*lowest, *lowest};
      if (text_.starts_with("..")) {
        text_.remove_prefix(2);
        const auto highest = number();
        if (!highest || *highest < *lowest) return false;
        range.highest = *highest;
      }
      type.ranges.push_back(range);
      if (type.ranges.size() > k_max_type_parts) return false;
    } while (taken(','));
    return taken(')');
  }

  std::optional<std::int64_t> number() {
    skip_blanks();
    std::int64_t value = 0;
    const auto [end, failure] = std::from_chars(text_.data(), text_.data() + text_.size(), value);
    if (failure != std::errc()) return std::nullopt;
    text_.remove_prefix(static_cast<std::size_t>(end - text_.data()));
    return value;
  }

  std::string_view word() {
    skip_blanks();
    std::size_t length = 0;
    while (length < text_.size() && is_word_character(text_[length])) ++length;
    const std::string_view found = text_.substr(0, length);
    text_.remove_prefix(length);
    return found;
  }

  bool taken(char wanted) {
    skip_blanks();
    if (text_.empty() || text_.front() != wanted) return false;
    text_.remove_prefix(1);
    return true;
  }

  void skip_blanks() {
    while (!text_.empty() && text_.front() == ' ') text_.remove_prefix(1);
  }

  std::string_view text_;
  int depth_;
  std::size_t& parts_;
};

void append_ranges(std::string& text, const std::vector<Range>& ranges) {
  if (ranges.empty()) return;
  char before = '(';
  for (const Range& range : ranges) {
    text += before;
    text += std::to_string(range.lowest);
    if (range.highest != range.lowest) {
      text += "..";
      text += std::to_string(range.highest);
    }
    before = ',';
  }
  text += ')';
}

void append_parts(std::string& text, const Type& type, const char* between) {
  const char* before = "";
  for (const TypeField& part : type.parts) {
    text += before;
    if (!part.name.empty()) {
      text += part.name;
      text += ": ";
    }
    text += to_string(part.type);
    before = between;
  }
}

}  // namespace

Result<Type> parse_type(std::string_view text) {
  std::size_t parts = 0;
  return TypeParser(text, 0, parts).whole();
}

std::string tag_name(std::uint8_t tag) {
  for (const TagName& known : k_tag_names) {
    if (known.tag == tag) return std::string(known.name);
  }
  std::string text = "tag ";
  text += std::to_string(tag);
  return text;
}

std::uint8_t tag_of(const Data& data) {
  // The alternatives stand in the order of the standard's tags, and so does the table of names.
  static_assert(std::variant_size_v<DataAlternatives> == k_tag_names.size());
  return k_tag_names[data.value.index()].tag;
}

std::string to_string(const Type& type) {
  if (type.kind == TypeKind::any) return "any";
  std::string text;
  if (type.kind == TypeKind::choice) {
    append_parts(text, type, " | ");
    return text;
  }
  if (type.format != OctetFormat::free) {
    for (const FormatName& known : k_format_names) {
      if (known.format == type.format) text = known.name;
    }
    return text;
  }
  text = tag_name(type.tag);
  append_ranges(text, type.ranges);
  if (type.kind == TypeKind::array && !type.parts.empty()) {
    const Type& element = type.parts.front().type;
    const bool choice = element.kind == TypeKind::choice;
    text += choice ? " of <" : " of ";
    text += to_string(element);
    if (choice) text += '>';
  }
  if (type.kind == TypeKind::structure && !type.parts.empty()) {
    text += '{';
    append_parts(text, type, ", ");
    text += '}';
  }
  return text;
}

}  // namespace meterproof::cosem::classes
