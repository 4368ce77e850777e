#include "devices/cosem/classes/check_type.hpp"

#include <algorithm>
#include <utility>

#include "devices/cosem/value_tags.hpp"

namespace meterproof::cosem::classes {
namespace {

// What a range bounds: the number, the length of a string or the count of elements.
std::optional<std::int64_t> measure_of(const Data& value) {
  if (const auto* bits = value.as<BitString>()) return static_cast<std::int64_t>(bits->count);
  if (const auto octets = value.octets()) return static_cast<std::int64_t>(octets->size());
  if (const auto text = value.text()) return static_cast<std::int64_t>(text->size());
  if (const auto* elements = value.elements()) return static_cast<std::int64_t>(elements->size());
  return value.integer();
}

bool in_ranges(const std::vector<Range>& ranges, const Data& value) {
  if (ranges.empty()) return true;
  const auto measure = measure_of(value);
  return measure && std::any_of(ranges.begin(), ranges.end(), [&](const Range& range) {
           return *measure >= range.lowest && *measure <= range.highest;
         });
}

bool format_holds(OctetFormat format, BytesView octets) {
  switch (format) {
    case OctetFormat::free:
      return true;
    case OctetFormat::logical_name:
      return octets.size() == 6;
    case OctetFormat::date_time: {
      const auto value = date_time_from(octets);
      return value && value->valid();
    }
    case OctetFormat::date: {
      const auto value = date_from(octets);
      return value && value->valid();
    }
    case OctetFormat::time: {
      const auto value = time_from(octets);
      return value && value->valid();
    }
  }
  return false;
}

class TypeCheck {
 public:
  explicit TypeCheck(std::size_t limit) : limit_(limit) {}

  void check(const Type& type, const Data& value, const std::string& path) {
    if (found_.size() >= limit_) return;
    switch (type.kind) {
      case TypeKind::any:
        return;
      case TypeKind::choice:
        return check_choice(type, value, path);
      default:
        break;
    }
    if (type.kind == TypeKind::array) {
      if (const auto* compact = value.as<CompactArray>()) {
        const Result<Data> expanded = expand(*compact);
        if (expanded.has_error()) return add(path, "is a compact-array that does not expand");
        return check(type, *expanded, path);
      }
    }
    if (tag_of(value) != type.tag) {
      std::string message = "is ";
      message += tag_name(tag_of(value));
      message += ", not ";
      message += to_string(type);
      return add(path, std::move(message));
    }
    if (!in_ranges(type.ranges, value)) {
      return add(path,
                 "is " + cosem::to_string(value, 60) + ", out of the range of " + to_string(type));
    }
    if (type.format != OctetFormat::free && !format_holds(type.format, *value.octets())) {
      return add(path, "is " + cosem::to_string(value, 60) + ", which is no " + to_string(type));
    }
    if (type.kind == TypeKind::array && !type.parts.empty()) check_elements(type, value, path);
    if (type.kind == TypeKind::structure && !type.parts.empty()) check_fields(type, value, path);
  }

  std::vector<Deviation> found() && { return std::move(found_); }

 private:
  void add(const std::string& path, std::string message) {
    found_.push_back({path, std::move(message)});
  }

  void check_elements(const Type& type, const Data& value, const std::string& path) {
    std::size_t index = 0;
    for (const Data& element : *value.elements()) {
      if (found_.size() >= limit_) return;
      ++index;
      check(type.parts.front().type, element, path + "[" + std::to_string(index) + "]");
    }
  }

  void check_fields(const Type& type, const Data& value, const std::string& path) {
    const std::vector<Data>& elements = *value.elements();
    if (elements.size() != type.parts.size()) {
      return add(path, "has " + std::to_string(elements.size()) + " elements, not " +
                           std::to_string(type.parts.size()));
    }
    for (std::size_t i = 0; i < elements.size(); ++i) {
      std::string field = path;
      if (!field.empty()) field += '.';
      field += type.parts[i].name;
      check(type.parts[i].type, elements[i], field);
    }
  }

  // Right when one alternative is; else what is wrong with the alternative that comes nearest: the
  // one with the fewest deviations among those of the value's own tag.
  void check_choice(const Type& type, const Data& value, const std::string& path) {
    std::optional<std::vector<Deviation>> nearest;
    for (const TypeField& alternative : type.parts) {
      TypeCheck attempt(limit_);
      attempt.check(alternative.type, value, path);
      if (attempt.found_.empty()) return;
      const bool same_tag = alternative.type.tag == tag_of(value);
      if (same_tag && (!nearest || attempt.found_.size() < nearest->size())) {
        nearest = std::move(attempt.found_);
      }
    }
    if (!nearest) {
      return add(path, "is " + tag_name(tag_of(value)) + ", not " + to_string(type));
    }
    for (Deviation& deviation : *nearest) {
      if (found_.size() < limit_) found_.push_back(std::move(deviation));
    }
  }

  std::size_t limit_;
  std::vector<Deviation> found_;
};

}  // namespace

std::vector<Deviation> check_type(const Type& type, const Data& value, std::size_t limit) {
  TypeCheck check(limit);
  check.check(type, value, {});
  return std::move(check).found();
}

std::string to_string(const Deviation& deviation) {
  if (deviation.path.empty()) return deviation.message;
  return deviation.path + " " + deviation.message;
}

std::string to_string(const std::vector<Deviation>& deviations) {
  std::string text;
  for (const Deviation& deviation : deviations) {
    if (!text.empty()) text += "; ";
    text += to_string(deviation);
  }
  return text;
}

}  // namespace meterproof::cosem::classes
