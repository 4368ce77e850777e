#include "devices/cosem/classes/render.hpp"

#include <algorithm>

#include "devices/cosem/classes/check_type.hpp"
#include "devices/cosem/classes/lookup.hpp"

namespace meterproof::cosem::classes {
namespace {

std::string format_text(OctetFormat format, BytesView octets) {
  switch (format) {
    case OctetFormat::logical_name:
      if (const auto name = LogicalName::from(octets)) return name->to_string();
      break;
    case OctetFormat::date_time:
      if (const auto value = date_time_from(octets)) return cosem::to_string(*value);
      break;
    case OctetFormat::date:
      if (const auto value = date_from(octets)) return cosem::to_string(*value);
      break;
    case OctetFormat::time:
      if (const auto value = time_from(octets)) return cosem::to_string(*value);
      break;
    case OctetFormat::free:
      break;
  }
  return cosem::to_string(Data(OctetString{Bytes(octets.begin(), octets.end())}));
}

class Renderer {
 public:
  explicit Renderer(std::size_t max_length) : max_length_(max_length) {}

  void render(const Type& type, const Data& value) {
    if (text_.size() > max_length_) return;
    if (type.kind == TypeKind::choice) {
      const auto fits = std::find_if(type.parts.begin(), type.parts.end(), [&](const auto& part) {
        return check_type(part.type, value, 1).empty();
      });
      if (fits != type.parts.end()) return render(fits->type, value);
    }
    if (const auto* fields = value.as<Structure>()) {
      const bool known =
          type.kind == TypeKind::structure && type.parts.size() == fields->elements.size();
      return render_list('{', '}', fields->elements, [&](std::size_t i) {
        if (!known) return render(Type{}, fields->elements[i]);
        text_ += type.parts[i].name;
        text_ += ": ";
        render(type.parts[i].type, fields->elements[i]);
      });
    }
    if (const auto* list = value.as<Array>()) {
      const bool known = type.kind == TypeKind::array && type.parts.size() == 1;
      return render_list('[', ']', list->elements, [&](std::size_t i) {
        render(known ? type.parts.front().type : Type{}, list->elements[i]);
      });
    }
    const auto octets = value.octets();
    text_ += octets && type.kind == TypeKind::simple ? format_text(type.format, *octets)
                                                     : cosem::to_string(value, max_length_);
  }

  std::string text() && {
    if (text_.size() > max_length_) {
      text_.resize(max_length_);
      text_ += "...";
    }
    return std::move(text_);
  }

 private:
  template <class One>
  void render_list(char open, char close, const std::vector<Data>& elements, One one) {
    text_ += open;
    for (std::size_t i = 0; i < elements.size() && text_.size() <= max_length_; ++i) {
      if (i > 0) text_ += ", ";
      one(i);
    }
    text_ += close;
  }

  std::size_t max_length_;
  std::string text_;
};

}  // namespace

std::string render(const Type& type, const Data& value, std::size_t max_length) {
  Renderer renderer(max_length);
  renderer.render(type, value);
  return std::move(renderer).text();
}

int scaler_attribute(std::uint16_t class_id) {
  const InterfaceClass* known = newest_class(class_id);
  if (known == nullptr) return 0;
  const AttributeEntry* attribute = find_attribute(*known, "scaler_unit");
  return attribute == nullptr ? 0 : attribute->index;
}

bool is_scaled(std::uint16_t class_id, int index) {
  const int scaler = scaler_attribute(class_id);
  if (scaler == 0) return false;
  const AttributeEntry* attribute = find_attribute(*newest_class(class_id), index);
  // What the scaler_unit of a class scales is what has the type of a register's value.
  return attribute != nullptr && attribute->type == "$register_value";
}

std::string render_attribute(std::uint16_t class_id, std::uint8_t version, int index,
                             const Data& value, const std::optional<ScalerUnit>& scale,
                             std::size_t max_length) {
  if (scale && is_scaled(class_id, index)) {
    if (auto text = scaled_text(value, *scale)) return std::move(*text);
  }
  if (index == scaler_attribute(class_id)) {
    if (const auto own = scaler_unit_from(value)) {
      std::string text = "10^";
      text += std::to_string(own->scaler);
      text += ' ';
      text += unit_name(own->unit);
      return text;
    }
  }
  const InterfaceClass* known = find_class(class_id, version);
  const AttributeEntry* attribute = known == nullptr ? nullptr : find_attribute(*known, index);
  return render(attribute == nullptr ? Type{} : type_of(*attribute), value, max_length);
}

}  // namespace meterproof::cosem::classes
