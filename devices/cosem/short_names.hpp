// The mapping of short names (IEC 62056-6-2, annex on base names): an object has a base name; its
// attribute n is at base + 8 * (n - 1), its methods follow at offsets that the class fixes. The
// object list of the Association SN object (class 12, base name FA00) tells every object's base.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "devices/cosem/short_name.hpp"

namespace meterproof::cosem {

namespace base_names {
inline constexpr std::uint16_t k_association = 0xFA00, k_script_table = 0xFB00,
                               k_sap_assignment = 0xFC00, k_logical_device_name = 0xFD00;
}
inline constexpr std::uint16_t k_class_association_sn = 12;
// reply_to_HLS_authentication, method 8 of class 12.
inline constexpr std::uint16_t k_reply_to_hls_name = base_names::k_association + 0x58;

struct ShortNameObject {
  std::uint16_t base = 0;
  std::uint16_t class_id = 0;
  std::uint8_t version = 0;
  LogicalName name;
  bool operator==(const ShortNameObject&) const = default;
};

// attribute counts from 1; nothing when it is below or the sum is no short name.
std::optional<std::uint16_t> attribute_short_name(std::uint16_t base, std::int8_t attribute);
// Offset of the first method of a class from the base name, the others follow in steps of 8;
// nothing for classes without methods here.
std::optional<std::uint16_t> first_method_offset(std::uint16_t class_id);
std::optional<std::uint16_t> method_short_name(std::uint16_t base, std::uint16_t class_id,
                                               std::int8_t method);
// Methods with return parameters are read, the others written.
bool method_returns(std::uint16_t class_id, std::int8_t method);

class ShortNames {
 public:
  void add(const ShortNameObject& object) { objects_.push_back(object); }
  // Array of structures {base-name, class-id, version, logical-name}; type_mismatch otherwise.
  static Result<ShortNames> from_object_list(const Data& object_list);
  Data object_list() const;

  const ShortNameObject* find(std::uint16_t class_id, const LogicalName& name) const;
  const std::vector<ShortNameObject>& objects() const { return objects_; }

 private:
  std::vector<ShortNameObject> objects_;
};

}  // namespace meterproof::cosem
