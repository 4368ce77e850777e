// render(): a value in words, led by the type that its class gives it: fields by name, logical
// names, dates and times readable, scaler_unit as a power of ten with its unit. Where the value has
// another type it is shown as it is.
#pragma once

#include <optional>
#include <string>

#include "devices/cosem/classes/scaled_value.hpp"
#include "devices/cosem/classes/type.hpp"

namespace meterproof::cosem::classes {

std::string render(const Type& type, const Data& value, std::size_t max_length = 400);
// An attribute of a class. scale: of the object's scaler_unit, applied to the attributes that it
// scales.
std::string render_attribute(std::uint16_t class_id, std::uint8_t version, int index,
                             const Data& value, const std::optional<ScalerUnit>& scale = {},
                             std::size_t max_length = 400);
// The attribute that holds the scaler_unit of a class (3 of registers, 4 of demand registers), and
// whether it scales attribute `index`. 0: the class has none.
int scaler_attribute(std::uint16_t class_id);
bool is_scaled(std::uint16_t class_id, int index);

}  // namespace meterproof::cosem::classes
