// Typed access of the client, derived from the tables: attributes by the standard's name, each
// value held against its type before anybody uses it (CosemError::type_mismatch), registers with
// their scaler and unit, profiles with the names and units of their columns.
//
// These are GETs over an open client, one or two a call, as in objects.hpp; a refusal is an error
// of data_access_category.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "devices/cosem/classes/object_list.hpp"
#include "devices/cosem/classes/scaled_value.hpp"
#include "devices/cosem/client.hpp"

namespace meterproof::cosem::classes {

struct ObjectKey {
  std::uint16_t class_id = 0;
  std::uint8_t version = 0;
  LogicalName name;
};

// attribute: "scaler_unit". CosemError::not_supported when no table has the class or the name.
Result<Data> read_attribute(Client& client, const ObjectKey& object, std::string_view attribute,
                            harness::Deadline deadline, std::stop_token stop);

struct ScaledReading {
  Data raw;
  ScalerUnit scale;
  std::string text;  // "1234.56 Wh": exact
};
// Attribute 2 of classes 3 and 4; the last average of class 5.
Result<ScaledReading> read_scaled(Client& client, const ObjectKey& object,
                                  harness::Deadline deadline, std::stop_token stop);

// The object list of the association that the client has open (LN), coded as its own version says.
Result<std::vector<ListedObject>> read_object_list(Client& client, harness::Deadline deadline,
                                                   std::stop_token stop);

struct ProfileColumn {
  AttributeDescriptor attribute;
  std::uint16_t data_index = 0;  // 0: the whole attribute
  std::string name;              // describe() of the attribute
  std::optional<ScalerUnit> scale;
};
// The capture objects of a profile, in the order of the columns. Scalers that cannot be read are
// left out: the column then shows what the meter sent.
Result<std::vector<ProfileColumn>> read_columns(Client& client, const LogicalName& profile,
                                                harness::Deadline deadline, std::stop_token stop);
std::string column_text(const ProfileColumn& column, const Data& value);

}  // namespace meterproof::cosem::classes
