#include "devices/cosem/short_names.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace meterproof::cosem {
namespace {

struct MethodOffset {
  std::uint16_t class_id, offset;
};
// The first method's offset, class by class.
constexpr std::array k_method_offsets = {
    MethodOffset{3, 0x28},  MethodOffset{4, 0x38},  MethodOffset{5, 0x48},  MethodOffset{6, 0x30},
    MethodOffset{7, 0x58},  MethodOffset{8, 0x60},  MethodOffset{9, 0x20},  MethodOffset{10, 0x20},
    MethodOffset{11, 0x10}, MethodOffset{12, 0x20}, MethodOffset{17, 0x20}, MethodOffset{18, 0x40},
    MethodOffset{20, 0x50}, MethodOffset{40, 0x38}, MethodOffset{64, 0x30}, MethodOffset{70, 0x20},
    MethodOffset{72, 0x60}};

}  // namespace

std::optional<std::uint16_t> attribute_short_name(std::uint16_t base, std::int8_t attribute) {
  const int sum = base + 8 * (attribute - 1);
  if (attribute < 1 || sum > 0xFFFF) return std::nullopt;
  return static_cast<std::uint16_t>(sum);
}

std::optional<std::uint16_t> first_method_offset(std::uint16_t class_id) {
  const auto* found =
      std::find_if(k_method_offsets.begin(), k_method_offsets.end(),
                   [class_id](const MethodOffset& one) { return one.class_id == class_id; });
  if (found == k_method_offsets.end()) return std::nullopt;
  return found->offset;
}

std::optional<std::uint16_t> method_short_name(std::uint16_t base, std::uint16_t class_id,
                                               std::int8_t method) {
  const auto first = first_method_offset(class_id);
  if (!first) return std::nullopt;
  const int start = base + *first;
  if (start > 0xFFFF) return std::nullopt;
  return attribute_short_name(static_cast<std::uint16_t>(start), method);
}

bool method_returns(std::uint16_t class_id, std::int8_t method) {
  constexpr std::array<std::pair<int, int>, 9> k_returning = {
      {{12, 1}, {12, 2}, {12, 3}, {12, 4}, {12, 7}, {12, 8}, {64, 3}, {64, 5}, {64, 7}}};
  return std::find(k_returning.begin(), k_returning.end(), std::pair<int, int>(class_id, method)) !=
         k_returning.end();
}

Result<ShortNames> ShortNames::from_object_list(const Data& object_list) {
  const Array* list = object_list.as<Array>();
  if (list == nullptr) return CosemError::type_mismatch;
  ShortNames names;
  for (const Data& element : list->elements) {
    const auto* parts = element.elements();
    if (parts == nullptr || parts->size() != 4) return CosemError::type_mismatch;
    // The base name is a long; meters also send it as long-unsigned.
    const auto base = (*parts)[0].integer();
    const auto class_id = (*parts)[1].unsigned_integer();
    const auto version = (*parts)[2].unsigned_integer();
    const auto octets = (*parts)[3].octets();
    const auto name = octets ? LogicalName::from(*octets) : std::nullopt;
    if (!base || *base < INT16_MIN || *base > UINT16_MAX || !class_id || *class_id > UINT16_MAX ||
        !version || *version > UINT8_MAX || !name) {
      return CosemError::type_mismatch;
    }
    names.add({static_cast<std::uint16_t>(*base), static_cast<std::uint16_t>(*class_id),
               static_cast<std::uint8_t>(*version), *name});
  }
  return names;
}

Data ShortNames::object_list() const {
  std::vector<Data> list;
  for (const ShortNameObject& object : objects_) {
    list.push_back(structure({Data(static_cast<std::int16_t>(object.base)), Data(object.class_id),
                              Data(object.version), octet_string(object.name)}));
  }
  return array(std::move(list));
}

const ShortNameObject* ShortNames::find(std::uint16_t class_id, const LogicalName& name) const {
  const auto found =
      std::find_if(objects_.begin(), objects_.end(), [&](const ShortNameObject& object) {
        return object.class_id == class_id && object.name == name;
      });
  return found == objects_.end() ? nullptr : &*found;
}

}  // namespace meterproof::cosem
