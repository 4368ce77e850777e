#include "suites/conformance/object_list.hpp"

#include <fmt/format.h>

namespace meterproof::suites {
namespace {

using cosem::Data;

std::optional<ListedObject> listed_object(const Data& element) {
  const auto* parts = element.elements();
  if (parts == nullptr || parts->size() != 4) return std::nullopt;
  const auto* class_id = (*parts)[0].as<std::uint16_t>();
  const auto* version = (*parts)[1].as<std::uint8_t>();
  const auto name = (*parts)[2].octets();
  const auto* rights = (*parts)[3].elements();
  if (class_id == nullptr || version == nullptr || !name || name->size() != 6) return std::nullopt;
  if (rights == nullptr || rights->size() != 2) return std::nullopt;
  ListedObject object{*class_id, *version, {}, {}};
  for (std::size_t i = 0; i < 6; ++i) {
    object.name.groups[i] = std::to_integer<std::uint8_t>((*name)[i]);
  }
  const auto* attributes = (*rights)[0].elements();
  if (attributes == nullptr) return std::nullopt;
  for (const Data& attribute : *attributes) {
    const auto* fields = attribute.elements();
    if (fields == nullptr || fields->size() != 3) return std::nullopt;
    const auto* id = (*fields)[0].as<std::int8_t>();
    const auto* mode = (*fields)[1].as<cosem::Enum>();
    if (id == nullptr || mode == nullptr) return std::nullopt;
    object.attributes.push_back({*id, mode->value});
  }
  return object;
}

}  // namespace

std::string ListedObject::text() const {
  return fmt::format("class {}, {}", class_id, name.to_string());
}

std::string joined(const std::vector<std::string>& problems) {
  std::string text;
  for (std::size_t i = 0; i < problems.size() && i < 10; ++i) {
    text += (text.empty() ? "" : "; ") + problems[i];
  }
  if (problems.size() > 10) text += fmt::format("; and {} more", problems.size() - 10);
  return text;
}

ObjectList read_object_list(ApplProbe& probe) {
  Target& target = probe.target();
  const auto value = probe.session().get({15, cosem::names::k_current_association, 2},
                                         target.deadline(), target.stop());
  target.context().require(value.has_value(), "object_list_read", said(value));
  ObjectList list;
  const auto* elements = value->as<cosem::Array>() == nullptr ? nullptr : value->elements();
  if (elements == nullptr) {
    list.problems.emplace_back("the list is no array");
    return list;
  }
  for (std::size_t i = 0; i < elements->size(); ++i) {
    if (auto object = listed_object((*elements)[i])) {
      list.objects.push_back(std::move(*object));
    } else {
      list.problems.push_back(fmt::format("element {} is no object_list_element", i));
    }
  }
  return list;
}

}  // namespace meterproof::suites
